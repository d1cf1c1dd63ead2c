"""Where a person is signed in, and with what they prove who they are. Secrets are not told."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_lazy as _

from accounts.own_data import WHEN
from accounts.owndata.sections import Column, tell

from .models import KnownDevice, SignIn

tell(
    "sign_ins",
    _("Where you are signed in."),
    models=["safety.SignIn"],
    source=lambda person: SignIn.objects.filter(person=person),
    columns={
        "browser": Column("browser", "as it called itself"),
        "system": Column("system", "as it called itself"),
        "network": Column("network", "the first part of the address"),
        "at": Column("created_at", WHEN),
        "seen_at": Column("seen_at", "when a page was last asked for from there"),
    },
)
tell(
    "known_devices",
    _("Browsers that are known as yours; a new one is told to you."),
    models=["safety.KnownDevice"],
    source=lambda person: KnownDevice.objects.filter(person=person),
    columns={"seen_at": Column("seen_at", WHEN)},
)
tell(
    "second_steps",
    _("Passkeys, authenticator apps and recovery codes, without their secrets."),
    models=["mfa.Authenticator"],
    source=lambda person: Authenticator.objects.filter(user=person),
    columns={
        "kind": Column("type", "webauthn, totp or recovery_codes"),
        "at": Column("created_at", WHEN),
        "used_at": Column("last_used_at", WHEN),
    },
)
