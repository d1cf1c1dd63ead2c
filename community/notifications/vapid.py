"""Who sends a push message: a key pair of this community's own (VAPID, RFC 8292).

Made once and kept beside the data; browsers accept messages only from the key they were
subscribed with, so that another key means subscribing everybody again.
"""

from __future__ import annotations

import base64
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02

from community.secret_key import read_or_create
from community.webhooks.addresses import Address

# At most a day by the specification; some services are stricter.
GOOD_FOR = 12 * 3600


def public_key() -> str:
    """What a browser subscribes with: the uncompressed point, base64url."""
    point = _pair().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return _text(point)


def headers_for(address: Address, *, at: int) -> dict[str, str]:
    """The proof for one push service; `at` is seconds since the epoch."""
    port = "" if address.port in (80, 443) else f":{address.port}"
    origin = f"{'https' if address.secure else 'http'}://{address.host}{port}"
    claims = {"aud": origin, "exp": at + GOOD_FOR, "sub": contact()}
    signed: dict[str, str] = _pair().sign(claims)
    return signed


def contact() -> str:
    """Whom a push service may write to about us."""
    if settings.PUSH_CONTACT:
        return str(settings.PUSH_CONTACT)
    return f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"


def make() -> str:
    """A new private key: 32 bytes, base64url."""
    pair = Vapid02()
    pair.generate_keys()
    return _text(pair.private_key.private_numbers().private_value.to_bytes(32, "big"))


def _pair() -> Any:
    return _read(settings.VAPID_KEY, Path(settings.DATA_DIR))


@cache
def _read(given: str, folder: Path) -> Any:
    private = given or read_or_create(folder, "vapid_key", make)
    return Vapid02.from_raw(private.encode())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
