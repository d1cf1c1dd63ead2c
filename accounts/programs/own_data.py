"""Programs that a person registered, and those that may act for them. Secrets are not told."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AccessToken, Application, RefreshToken

from accounts.own_data import WHEN
from accounts.owndata.sections import Column, tell

tell(
    "programs",
    _("Programs that you registered."),
    models=["oauth2_provider.Application"],
    source=lambda person: Application.objects.filter(user=person),
    columns={
        "name": Column("name", "as people read it when they are asked"),
        "client": Column("client_id", "by which it is known"),
        "addresses": Column("redirect_uris", "where people are sent back to, between blanks"),
        "at": Column("created", WHEN),
    },
)
tell(
    "programs_allowed",
    _("Programs of others that you let act for you."),
    models=["oauth2_provider.AccessToken"],
    source=lambda person: AccessToken.objects.filter(user=person),
    columns={
        "program": Column("application__name", "its name"),
        "scopes": Column("scope", "what it may do, between blanks"),
        "at": Column("created", WHEN),
        "expires_at": Column("expires", WHEN),
    },
)
tell(
    "programs_renewing",
    _("Programs of others that may go on without asking you again."),
    models=["oauth2_provider.RefreshToken"],
    source=lambda person: RefreshToken.objects.filter(user=person),
    columns={
        "program": Column("application__name", "its name"),
        "at": Column("created", WHEN),
        "ended_at": Column("revoked", WHEN),
    },
)
