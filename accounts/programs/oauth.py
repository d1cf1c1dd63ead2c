"""The toolkit's rules, narrowed: exact addresses, our scopes, nobody who is suspended."""

from __future__ import annotations

import hashlib
from typing import Any

from oauth2_provider.models import AccessToken, Grant, RefreshToken
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes

from accounts.scopes import Scope

from . import redirects
from .reading import may_act


class OurScopes(BaseScopes):
    """Those of tokens that people make themselves."""

    def get_all_scopes(self) -> dict[str, str]:
        return {scope.value: str(scope.label) for scope in Scope}

    def get_available_scopes(self, *args: Any, **kwargs: Any) -> list[str]:
        return list(Scope.values)

    def get_default_scopes(self, *args: Any, **kwargs: Any) -> list[str]:
        """A program that names none may read."""
        return [Scope.READ.value]


class StrictValidator(OAuth2Validator):
    def validate_redirect_uri(
        self, client_id: str, redirect_uri: str, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        return redirects.allows(request.client.redirect_uris.split(), redirect_uri)

    def validate_code(
        self, client_id: str, code: str, client: Any, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        good = super().validate_code(client_id, code, client, request, *args, **kwargs)
        return bool(good) and may_act(request.user, client)

    def validate_refresh_token(
        self, refresh_token: str, client: Any, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        good = super().validate_refresh_token(refresh_token, client, request, *args, **kwargs)
        return bool(good) and may_act(request.user, client)

    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, client: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Of a code that went meanwhile nothing is confirmed; the toolkit would fail."""
        grant = Grant.objects.filter(code=code, application=client).first()
        return grant is not None and grant.redirect_uri == redirect_uri

    def revoke_token(
        self, token: str, token_type_hint: str | None, request: Any, *args: Any, **kwargs: Any
    ) -> None:
        """Only what was given to the same program (RFC 7009, 2.1); the toolkit takes back any."""
        digest = hashlib.sha256(token.encode()).hexdigest()
        for kind in (AccessToken, RefreshToken):
            if kind.objects.filter(token_checksum=digest, application=request.client).exists():
                super().revoke_token(token, token_type_hint, request, *args, **kwargs)
                return
