"""Notes where people are signed in; between hours it costs a look into a dictionary."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.limits import address_of
from accounts.models import User

from .services import SEEN_EVERY, note_seen, note_sign_in

COOKIE, SALT = "browser", "rockpool.browser"
KEPT = 400 * 24 * 60 * 60


class KeepSignIns:
    """Browsers get a signed random number when somebody signs in: by it the next sign-in there is
    known to be no new one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        person = getattr(request, "signs_in", None)
        if isinstance(person, User):
            self._keep(request, response, person)
        # Never asks for a person whom no page asked for.
        elif isinstance(person := getattr(request, "_cached_user", None), User):
            key = request.session.session_key
            if key and not _signed_in_lately(person):
                note_seen(session_key=key, now=timezone.now())
        return response

    def _keep(self, request: HttpRequest, response: HttpResponse, person: User) -> None:
        if not request.session.session_key:
            request.session.save()
        device = _device_in(request.COOKIES.get(COOKIE)) or secrets.token_hex(16)
        note_sign_in(
            person=person,
            session_key=request.session.session_key or "",
            agent=request.headers.get("User-Agent", "")[:400],
            address=address_of(request),
            device=device,
            now=timezone.now(),
        )
        response.set_cookie(
            COOKIE,
            signing.Signer(salt=SALT).sign(device),
            max_age=KEPT,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )


def _signed_in_lately(person: User) -> bool:
    return person.last_login is not None and timezone.now() - person.last_login < SEEN_EVERY


def _device_in(cookie: str | None) -> str | None:
    """The number in a cookie of ours; None for none and for what we did not sign."""
    try:
        return signing.Signer(salt=SALT).unsign(cookie or "") or None
    except signing.BadSignature:
        return None
