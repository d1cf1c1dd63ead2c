"""The page on which a person sees what protects their account and where they are signed in."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.asking import PersonRequest, people_only, see_other, shows_refusals
from accounts.tokens import live_tokens

from . import services


@require_safe
@people_only
def safety(request: PersonRequest) -> HttpResponse:
    """Password, second step, address, and every place they are signed in."""
    kinds = list(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    context = {
        "sign_ins": services.living_sign_ins(request.user),
        "session_key": request.session.session_key,
        "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
        "app": Authenticator.Type.TOTP in kinds,
        "codes": Authenticator.Type.RECOVERY_CODES in kinds,
        "here": "safety",
    }
    return render(request, "safety/safety.html", context)


@require_POST
@people_only
@shows_refusals
def end_sign_in(request: PersonRequest, sign_in_id: int) -> HttpResponse:
    services.end_sign_in(person=request.user, sign_in_id=sign_in_id)
    messages.success(request, _("Signed out there."))
    return see_other(request, "safety")


@require_POST
@people_only
def end_others(request: PersonRequest) -> HttpResponse:
    count = services.end_other_sign_ins(
        person=request.user, session_key=request.session.session_key
    )
    said = ngettext(
        "Signed out at %(count)d other place.", "Signed out at %(count)d other places.", count
    )
    messages.success(request, said % {"count": count})
    return see_other(request, "safety")


@require_safe
@people_only
def password_changed(request: PersonRequest) -> HttpResponse:
    """After a new password: the other sessions are over, and programs may be ended, too."""
    context = {"tokens": live_tokens(request.user).count(), "here": "safety"}
    return render(request, "safety/password_changed.html", context)


@require_POST
@people_only
def end_tokens(request: PersonRequest) -> HttpResponse:
    services.end_tokens(person=request.user)
    messages.success(request, _("No program acts for you any more."))
    return see_other(request, "safety")
