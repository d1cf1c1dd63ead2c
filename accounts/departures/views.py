"""Close one's account after the password, and open it again at the next log-in."""

from __future__ import annotations

import time

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.asking import PersonRequest, Request, people_only, see_other, shows_refusals
from accounts.models import User
from accounts.owndata.leaving import hindrances_of

from . import services

# Under this key a session knows who typed the password of a closed account, and when.
WHO_MAY_COME_BACK = "comes_back"
MAY_COME_BACK_SECONDS = 15 * 60


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@reauthentication_required
@shows_refusals
def leave(request: PersonRequest) -> HttpResponse:
    """What goes, what stays, and the button; afterwards nobody is logged in here."""
    if request.method == "POST":
        if request.POST.get("sure") != "yes":
            context = _matters(request.user) | {"unsure": True}
            return render(request, "departures/leave.html", context, status=400)
        departure = services.ask_to_leave(person=request.user, now=timezone.now())
        logout(request)
        return render(request, "departures/left.html", {"departure": departure})
    return render(request, "departures/leave.html", _matters(request.user))


def _matters(person: User) -> dict[str, object]:
    return {"hindrances": hindrances_of(person), "days": settings.DEPARTURE_DAYS, "here": "data"}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@shows_refusals
def come_back(request: Request) -> HttpResponse:
    """For who has just typed the password of an account that they closed."""
    person = _who_may(request)
    departure = services.departure_of(person) if person else None
    if person is None or departure is None:
        return see_other(request, "account_login")
    if request.method == "POST":
        services.come_back(person=person, now=timezone.now())
        request.session.pop(WHO_MAY_COME_BACK, None)
        messages.success(request, _("Your account is open again. Log in."))
        return see_other(request, "account_login")
    return render(request, "departures/come_back.html", {"departure": departure, "person": person})


def may_come_back(request: HttpRequest, person: User) -> None:
    """Remember in this session that the password was right."""
    request.session[WHO_MAY_COME_BACK] = [person.pk, time.time()]


def _who_may(request: Request) -> User | None:
    kept = request.session.get(WHO_MAY_COME_BACK)
    if not kept or time.time() - kept[1] > MAY_COME_BACK_SECONDS:
        return None
    return User.objects.filter(pk=kept[0]).first()
