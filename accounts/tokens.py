"""Tokens for programs: a long random string, kept as a digest, that expires.

The password is hashed only after the rates have been asked, so that guessing costs us little.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken
from knox.settings import knox_settings

from .backends import PersonBackend
from .errors import Conflict, DomainError, NotFound
from .limits import Rate, TooOften, take
from .models import TokenName, User
from .names import name_key

LOGIN_RATE = Rate.parse("10/5m")


class WrongLogin(DomainError):
    status, code = 401, "wrong_login"
    message = _("Name or password is wrong.")


class TooManyTokens(Conflict):
    code = "too_many_tokens"
    message = _("You have as many tokens as one person can have. Delete one first.")


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """`secret` is told once and kept nowhere."""

    secret: str
    row: AuthToken
    name: str


def issue_token(
    *, login: str, password: str, name: str, address: str, now: datetime | None = None
) -> IssuedToken:
    """Log in for a program. Raises TooOften, WrongLogin, TooManyTokens."""
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
    return _create(person, name, now)


def live_tokens(person: User, *, now: datetime | None = None) -> QuerySet[AuthToken]:
    """The person's tokens that have not expired, newest first."""
    unexpired = Q(expiry=None) | Q(expiry__gt=now or timezone.now())
    return AuthToken.objects.filter(unexpired, user=person).order_by("-created", "digest")


def delete_token(*, person: User, prefix: str) -> None:
    """End one of one's own tokens, named by its first characters. Raises NotFound."""
    if not AuthToken.objects.filter(user=person, token_key=prefix).delete()[0]:
        raise NotFound


def _create(person: User, name: str, now: datetime) -> IssuedToken:
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)  # two at once count one another
        if live_tokens(person, now=now).count() >= knox_settings.TOKEN_LIMIT_PER_USER:
            raise TooManyTokens
        row, secret = AuthToken.objects.create(person)
        TokenName.objects.create(token=row, name=name)
    return IssuedToken(secret, row, name)


def _person_of(login: str) -> User | None:
    """By name in any spelling, or by address."""
    if "@" in login:
        return User.objects.filter(email__iexact=login).first()
    return User.objects.filter(username_key=name_key(login)).first()


def _check_rate(scope: str, who: str) -> None:
    allowance = take(scope=f"login-{scope}", who=who, rate=LOGIN_RATE)
    if not allowance.allowed:
        raise TooOften(allowance.retry_in)
