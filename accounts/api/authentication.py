"""Who asks, by which token, and what that token opens."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from accounts.models import User
from accounts.programs.reading import live_access_token
from accounts.scopes import Scope
from accounts.tokens import note_use

from .operations import SCOPES, WITHOUT_TOKEN


class ScopedToken(TokenAuthentication):
    """A token that a person made; `request.scopes` is what it opens."""

    def authenticate(self, request: Request) -> tuple[User, Any] | None:
        found = super().authenticate(request)
        if found is not None:
            request.scopes = note_use(found[1], now=timezone.now()).scopes  # type: ignore[attr-defined]
        return found


class ProgramToken(BaseAuthentication):
    """A program's token, allowed by a person (RFC 6750). Only the header counts: the body is not
    looked at before it is known who asks."""

    def authenticate(self, request: Request) -> tuple[User, Any] | None:
        kind, _blank, secret = get_authorization_header(request).partition(b" ")
        if kind.lower() != b"bearer":
            return None
        token = live_access_token(secret.decode("utf-8").strip(), now=timezone.now())
        if token is None:
            raise AuthenticationFailed(_("The token is wrong, has expired or was ended."))
        request.scopes = token.scope  # type: ignore[attr-defined]
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class ScopeMissing(PermissionDenied):
    """RFC 6750: says which scope would open it."""

    def __init__(self, scope: str) -> None:
        said = _("This token may not do that: it lacks the scope `%(scope)s`.")
        super().__init__(said % {"scope": scope}, code="scope_missing")
        self.auth_header = f'Bearer error="insufficient_scope", scope="{scope}"'


def opens(request: Request, scope: Scope | None) -> bool:
    """Whether who asks may do what this scope is for. A session opens all."""
    scopes = getattr(request, "scopes", None)
    return scopes is None or (scope is not None and scope.value in scopes.split())


def check_scope(request: Request, operation: str) -> None:
    """Raise ScopeMissing where the token does not open the operation."""
    wanted = SCOPES.get(operation)
    if operation not in WITHOUT_TOKEN and not opens(request, wanted):
        raise ScopeMissing(wanted.value if wanted else "-")
