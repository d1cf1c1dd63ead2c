"""Which programs a person allowed, and whose token it is that a program sends."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from oauth2_provider.models import AccessToken, Application

from accounts.models import User
from accounts.scopes import Scope, parse_scopes


@dataclass(frozen=True, slots=True)
class Allowed:
    """A program that acts for a person, and what it may do."""

    program: Application
    scopes: list[Scope]
    since: datetime


def allowed_by(person: User, *, now: datetime) -> list[Allowed]:
    """Programs whose tokens still open something or can be renewed, newest first."""
    live = Q(expires__gt=now) | Q(refresh_token__revoked=None, refresh_token__isnull=False)
    tokens = AccessToken.objects.filter(live, user=person, application__isnull=False)
    found: dict[int, Allowed] = {}
    for token in tokens.select_related("application__user").order_by("-pk"):
        scopes = [Scope(name) for name in parse_scopes(token.scope)]
        former = found.get(token.application_id)
        both = [scope for scope in Scope if scope in scopes or (former and scope in former.scopes)]
        found[token.application_id] = Allowed(token.application, both, token.created)
    return list(found.values())


def own_programs(owner: User) -> QuerySet[Application]:
    return Application.objects.filter(user=owner).order_by("-pk")


def live_access_token(secret: str, *, now: datetime) -> AccessToken | None:
    """The token of this secret, if it opens anything: not expired, and both the person and whoever
    registered the program are present."""
    if not secret or len(secret) > 255:
        return None
    digest = hashlib.sha256(secret.encode()).hexdigest()
    tokens = AccessToken.objects.select_related("user", "application__user")
    token = tokens.filter(token_checksum=digest, expires__gt=now).first()
    return token if token is not None and may_act(token.user, token.application) else None


def may_act(person: User | None, program: Application | None) -> bool:
    if person is None or program is None or not person.is_active:
        return False
    return program.user is None or program.user.is_active
