"""People who read their mail, and what happens to them."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import http_ece
import pytest
from allauth.account.models import EmailAddress
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from django.utils import timezone

from community.notifications.subscribing import subscribe
from tests.webhooks.conftest import Receiver, receiver

__all__ = ["receiver"]


@pytest.fixture
def as_person() -> Callable[[Any], Client]:
    """A browser in which this person is logged in; None is a visitor."""

    def browse(person: Any) -> Client:
        client = Client()
        if person is not None:
            client.force_login(person, backend="accounts.backends.PersonBackend")
        return client

    return browse


@pytest.fixture
def confirmed() -> Callable[[Any], Any]:
    """Make a person's address theirs for sure."""

    def confirm(person: Any) -> Any:
        EmailAddress.objects.update_or_create(
            user=person, email=person.email, defaults={"verified": True, "primary": True}
        )
        return person

    return confirm


@dataclass
class Browser:
    """What a browser keeps to itself, and what its maker's push service got for it."""

    row: Any
    key: Any
    secret: bytes
    service: Receiver

    def got(self) -> list[dict[str, str]]:
        """The messages, decrypted as the browser does."""
        return [
            json.loads(
                http_ece.decrypt(
                    body, private_key=self.key, auth_secret=self.secret, version="aes128gcm"
                )
            )
            for _headers, body in self.service.got
        ]


def keys_of(key: Any, secret: bytes) -> dict[str, str]:
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {"p256dh": base64url(point), "auth": base64url(secret)}


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.fixture
def browser_of(receiver: Receiver) -> Callable[..., Browser]:
    """A browser of this person's, subscribed at a push service on this machine."""

    def make(person: Any, path: str = "/push/1", **fields: Any) -> Browser:
        key, secret = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        row = subscribe(
            person=person,
            endpoint=f"{receiver.address}{path}",
            now=timezone.now(),
            **keys_of(key, secret),
            **fields,
        )
        return Browser(row, key, secret, receiver)

    return make


@pytest.fixture(autouse=True)
def keys_of_their_own(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
