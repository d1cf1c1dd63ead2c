"""What django and allauth tell of an account: kept, and announced to whoever tells the person."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts import signals
from accounts.models import User

from . import services


@receiver(user_logged_in, dispatch_uid="safety.signed_in")
def remember_sign_in(request: HttpRequest | None, user: User, **_: Any) -> None:
    """The middleware notes it with the answer: only then has the browser its cookie."""
    if request is not None:
        request.signs_in = user  # type: ignore[attr-defined]


@receiver(user_logged_out, dispatch_uid="safety.signed_out")
def forget_sign_in(request: HttpRequest | None, **_: Any) -> None:
    key = getattr(getattr(request, "session", None), "session_key", None)
    if key:
        services.forget_sign_in(key)


@receiver([account_signals.password_changed, account_signals.password_set])
def end_others(request: HttpRequest, user: User, **_: Any) -> None:
    """This session goes on under another key, all others are over."""
    services.end_other_sign_ins(person=user, session_key=request.session.session_key)
    request.signs_in = user  # type: ignore[attr-defined]
    _announce(user, "password")


@receiver(account_signals.password_reset)
def end_all(user: User, **_: Any) -> None:
    services.end_other_sign_ins(person=user, session_key=None)
    _announce(user, "password")


@receiver(mfa_signals.authenticator_added)
def tell_of_added(user: User, authenticator: Authenticator, **_: Any) -> None:
    _announce(user, f"added-{authenticator.type}")


@receiver(mfa_signals.authenticator_removed)
def tell_of_removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    _announce(user, f"removed-{authenticator.type}")


@receiver(mfa_signals.authenticator_reset)
def tell_of_new_codes(user: User, authenticator: Authenticator, **_: Any) -> None:
    _announce(user, f"reset-{authenticator.type}")


def _announce(person: User, what: str) -> None:
    signals.account_changed.send(sender=User, person=person, what=what, now=timezone.now())
