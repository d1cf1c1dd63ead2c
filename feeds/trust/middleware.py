"""Notes once a day where a person comes from; between days it costs a look at a cookie."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.limits import address_of
from accounts.models import User

from .marks import note_marks

COOKIE = "device"
SALT = "rockpool.device"
KEPT = 400 * 24 * 60 * 60


class KnowDevices:
    """A signed cookie `id.day`: somebody logged in whose cookie is of another day is noted, and
    the cookie gets today's. Browsers without it get one at log-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "public" in response.headers.get("Cache-Control", ""):
            return response  # a cache would hand one person's cookie to others
        cookie = request.COOKIES.get(COOKIE)
        logs_in = getattr(request, "logs_in", None)
        # Never asks for a person whom no page asked for.
        person = logs_in or getattr(request, "_cached_user", None)
        if not isinstance(person, User) or not (logs_in or cookie):
            return response
        now = timezone.now()
        today = now.date().isoformat()
        if not logs_in and str(cookie).partition(".")[2].startswith(f"{today}:"):
            return response
        device = _device_in(cookie) or secrets.token_hex(16)
        note_marks(person_id=person.pk, address=address_of(request), device=device, now=now)
        response.set_cookie(
            COOKIE,
            signing.Signer(salt=SALT).sign(f"{device}.{today}"),
            max_age=KEPT,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
        return response


def _device_in(cookie: str | None) -> str | None:
    """The number in a cookie of ours; None for none and for what we did not sign."""
    try:
        return signing.Signer(salt=SALT).unsign(cookie or "").partition(".")[0] or None
    except signing.BadSignature:
        return None


def remember_log_in(sender: Any, request: HttpRequest | None, user: User, **_: Any) -> None:
    if request is not None:
        request.logs_in = user  # type: ignore[attr-defined]


user_logged_in.connect(remember_log_in, dispatch_uid="trust.log_in")
