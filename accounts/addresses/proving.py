"""Whether somebody has just shown again that it is they, as strongly as they log in.

allauth refuses a second address to whoever has a second step: an address that nobody confirmed
would stand beside it, and keep its owner from an account of their own. Here nothing stands anywhere
until the new mailbox answered; what is asked for instead is the second step itself, because a
password that was found out must not be enough to take the way back into an account.
"""

from __future__ import annotations

import time

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import (
    did_recently_reauthenticate,
    suspend_request,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpResponse
from django.urls import reverse

from accounts.asking import PersonRequest


def ask_to_prove(request: PersonRequest) -> HttpResponse | None:
    """The page on which they do, from which the form goes on by itself; None: they just did."""
    if not is_mfa_enabled(request.user):
        if did_recently_reauthenticate(request):
            return None
        return suspend_request(request, reverse("account_reauthenticate"))
    if _second_step_taken(request):
        return None
    has_app = is_mfa_enabled(request.user, types=[Authenticator.Type.TOTP])
    page = "mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn"
    return suspend_request(request, reverse(page))


def _second_step_taken(request: PersonRequest) -> bool:
    since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    return any(
        record.get("method") == "mfa" and record.get("reauthenticated") and record["at"] > since
        for record in get_authentication_records(request, request.user)
    )
