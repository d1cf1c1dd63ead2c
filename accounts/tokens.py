"""Tokens for programs: a long random string, kept as a digest, that expires.

The password is hashed only after the rates have been asked, so that guessing costs us little.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken
from knox.settings import knox_settings

from .backends import PersonBackend
from .errors import Conflict, DomainError, NotFound
from .limits import TooOften, take
from .models import TokenName, User
from .names import name_key
from .rates import Rate
from .scopes import USUAL, check_scopes

LOGIN_RATE = Rate.parse("10/5m")
# A token's last use is known to so much.
USE_NOTED_EVERY = timedelta(minutes=10)


class WrongLogin(DomainError):
    status, code = 401, "wrong_login"
    message = _("Name or password is wrong.")


class SecondStepNeeded(DomainError):
    """The password was right; this account also asks for a code of the app or a recovery code."""

    status, code = 401, "second_step_needed"
    message = _(
        "This account asks for a second step: send a code of your app, or make the token in"
        " your settings."
    )


class TooManyTokens(Conflict):
    code = "too_many_tokens"
    message = _("You have as many tokens as one person can have. Delete one first.")


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """`secret` is told once and kept nowhere."""

    secret: str
    row: AuthToken
    named: TokenName


def issue_token(
    *,
    login: str,
    password: str,
    name: str,
    address: str,
    code: str = "",
    scopes: Iterable[str] = (),
    now: datetime | None = None,
) -> IssuedToken:
    """Log in for a program; without `scopes` it gets the usual ones. `code`: of the authenticator
    app or a recovery code, of whoever has a second step.

    Raises TooOften, WrongLogin, SecondStepNeeded, Invalid, TooManyTokens.
    """
    now = now or timezone.now()
    known = _person_of(login)
    account = f"person {known.pk}" if known else f"nobody {name_key(login)}"
    _check_rate("address", address)
    _check_rate("account", account)
    person = PersonBackend().authenticate(
        None, username=known.username if known else login, password=password
    )
    if person is None:
        raise WrongLogin
    _check_second_step(person, code)
    return create_token(person=person, name=name, scopes=scopes or USUAL.split(), now=now)


def create_token(*, person: User, name: str, scopes: Iterable[str], now: datetime) -> IssuedToken:
    """A token of these scopes. Raises Invalid, TooManyTokens."""
    granted = check_scopes(person, scopes)
    with transaction.atomic():
        # Two at once count one another.
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        if live_tokens(person, now=now).count() >= knox_settings.TOKEN_LIMIT_PER_USER:
            raise TooManyTokens
        row, secret = AuthToken.objects.create(person)
        named = TokenName.objects.create(token=row, name=name, scopes=granted)
    return IssuedToken(secret, row, named)


def note_use(token: AuthToken, *, now: datetime) -> TokenName:
    """The token's name and scopes; writes down that it is in use, now and then."""
    named = TokenName.objects.filter(token=token).first()
    if named is None:
        named, _made = TokenName.objects.get_or_create(token=token)
    if named.last_used_at is None or named.last_used_at < now - USE_NOTED_EVERY:
        TokenName.objects.filter(token=token).update(last_used_at=now)
    return named


def _check_second_step(person: User, code: str) -> None:
    """A password alone opens no account that asks for more, by no door."""
    steps = Authenticator.objects.filter(user=person)
    if not steps.exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
        return
    if not code:
        raise SecondStepNeeded
    typed = steps.exclude(type=Authenticator.Type.WEBAUTHN)
    if not any(step.wrap().validate_code(code) for step in typed):
        raise WrongLogin


def live_tokens(person: User, *, now: datetime | None = None) -> QuerySet[AuthToken]:
    """The person's tokens that have not expired, newest first."""
    unexpired = Q(expiry=None) | Q(expiry__gt=now or timezone.now())
    tokens = AuthToken.objects.filter(unexpired, user=person).select_related("named")
    return tokens.order_by("-created", "digest")


def delete_token(*, person: User, prefix: str) -> None:
    """End one of one's own tokens, named by its first characters. Raises NotFound."""
    if not AuthToken.objects.filter(user=person, token_key=prefix).delete()[0]:
        raise NotFound


def _person_of(login: str) -> User | None:
    """By name in any spelling, or by address."""
    if "@" in login:
        return User.objects.filter(email__iexact=login).first()
    return User.objects.filter(username_key=name_key(login)).first()


def _check_rate(scope: str, who: str) -> None:
    allowance = take(scope=f"login-{scope}", who=who, rate=LOGIN_RATE)
    if not allowance.allowed:
        raise TooOften(allowance.retry_in)
