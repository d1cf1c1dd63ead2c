"""One's own invitations: made, copied, taken back."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.asking import PersonRequest, people_only, see_other, shows_refusals

from . import inviting

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def invitations(request: PersonRequest) -> HttpResponse:
    """POST: one more."""
    now = timezone.now()
    if request.method == "POST":
        inviting.make_invitation(by=request.user, now=now)
        messages.success(request, _("Send the link to one person. It lets in nobody else."))
        return see_other(request, "invitations")
    mine = inviting.invitations_of(request.user)
    context = {
        "rows": list(mine[:SHOWN]),
        "good": set(mine.good(now).values_list("pk", flat=True)),
        "join": settings.SITE_URL + reverse("account_signup"),
        "silence": inviting.why_no_invitation(request.user, now),
        "left": inviting.left_this_week(request.user, now),
        "is_counted": not request.user.is_staff,
        "here": "invitations",
    }
    return render(request, "entry/invitations.html", context)


@require_POST
@people_only
@shows_refusals
def withdraw(request: PersonRequest, own_invitation_id: int) -> HttpResponse:
    inviting.withdraw_invitation(
        by=request.user, invitation_id=own_invitation_id, now=timezone.now()
    )
    messages.success(request, _("It lets nobody in any more."))
    return see_other(request, "invitations")
