"""Browsers switch push messages on and off, and get the program that shows them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.asking import PersonRequest, people_only, see_other, shows_refusals

from . import subscribing

# First match wins: Edge and Opera call themselves Chrome, too, and Chrome Safari.
BROWSERS = {
    "Edg/": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


@require_POST
@people_only
@shows_refusals
def subscribe(request: PersonRequest) -> HttpResponse:
    subscribing.subscribe(
        person=request.user,
        endpoint=request.POST.get("endpoint", ""),
        p256dh=request.POST.get("p256dh", ""),
        auth=request.POST.get("auth", ""),
        device=device_of(request),
        session=request.session.session_key or "",
        now=timezone.now(),
    )
    return HttpResponse(status=204)


@require_POST
@people_only
@shows_refusals
def unsubscribe(request: PersonRequest, subscription_id: int) -> HttpResponse:
    subscribing.unsubscribe(person=request.user, pk=subscription_id)
    messages.success(request, _("This browser gets no push messages any more."))
    return see_other(request, "notice-settings")


def device_of(request: HttpRequest) -> str:
    """ "Firefox, Linux": enough for its owner to know it again."""
    agent = request.headers.get("User-Agent", "")
    known = (
        next((name for mark, name in names.items() if mark in agent), "")
        for names in (BROWSERS, SYSTEMS)
    )
    return ", ".join(filter(None, known))
