"""Secrets that must be read again (of authenticator apps), sealed with the installation's key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import ClassVar

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.encoding import force_bytes
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed. A key that is gone opens nothing: then a secret that nobody has, so that
    no code fits, and the person goes on with a passkey or through the staff."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return base64.b32encode(secrets.token_bytes(20)).decode()


def _box() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_derived(force_bytes(key))) for key in keys])


def _derived(key: bytes) -> bytes:
    digest = hmac.new(key, b"rockpool.second-factor", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest)


class RockpoolMFAAdapter(DefaultMFAAdapter):
    """Secrets lie sealed in the database; the community's name stands in the authenticator app."""

    error_messages: ClassVar = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("That code does not fit. Look at the newest one and try again."),
        "unverified_email": _(
            "Confirm your email address first: otherwise its owner could be locked out."
        ),
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user=user.pk, type=type).count()
        return gettext("Passkey") if not count else f"{gettext('Passkey')} {count + 1}"

    def get_totp_issuer(self) -> str:
        return settings.SITE_NAME

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": settings.SITE_NAME}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict:
        entity = super().get_public_key_credential_user_entity(user)
        return entity | {"name": user.get_username()}
