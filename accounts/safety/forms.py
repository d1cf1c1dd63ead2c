"""allauth's forms for passkeys: names keep to a line, what is no passkey is refused in words."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import PlainLine

NAME_LENGTH = 40
# What reading a forged credential raises below allauth, which foresees some of it only.
FORGED = (KeyError, TypeError, ValueError, AttributeError, IndexError)


class AddPasskeyForm(AddWebAuthnForm):
    name = PlainLine(label=_("What you call it"), max_length=NAME_LENGTH, required=False)
    passwordless = forms.BooleanField(
        label=_("Log in with it alone, without the password"), required=False, initial=True
    )

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except FORGED:
            raise get_adapter().validation_error("incorrect_code") from None


class NamePasskeyForm(EditWebAuthnForm):
    name = PlainLine(label=_("What you call it"), max_length=NAME_LENGTH)


class RefusesForged(forms.Form):
    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except FORGED:
            raise get_adapter().validation_error("incorrect_code") from None


class LoginPasskeyForm(RefusesForged, LoginWebAuthnForm):
    pass


class SecondStepPasskeyForm(RefusesForged, AuthenticateWebAuthnForm):
    pass


class AgainPasskeyForm(RefusesForged, ReauthenticateWebAuthnForm):
    pass
