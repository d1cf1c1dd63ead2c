"""Signatures as the Standard Webhooks specification has them, so that any library can check them.

    webhook-id, webhook-timestamp, webhook-signature: v1,base64(hmac-sha256(secret, id.time.body))

Source: standardwebhooks.com, specification 1.0. An address's secret is derived from the site's key
and the address's salt: a copy of the database alone signs nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings
from django.utils.crypto import salted_hmac

from .models import Endpoint


def secret_of(endpoint: Endpoint) -> str:
    """What the owner gives to the receiving program: "whsec_" and 32 bytes in base64."""
    return "whsec_" + base64.b64encode(_bytes_of(endpoint)).decode()


def headers_for(endpoint: Endpoint, *, event: str, at: int, body: bytes) -> dict[str, str]:
    """The three headers of one try; `at` is seconds since the epoch."""
    signed = f"{event}.{at}.".encode() + body
    mark = base64.b64encode(hmac.digest(_bytes_of(endpoint), signed, hashlib.sha256)).decode()
    return {
        "webhook-id": event,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{mark}",
    }


def _bytes_of(endpoint: Endpoint) -> bytes:
    salt = f"rockpool.webhooks.{endpoint.salt}"
    return salted_hmac(
        salt, str(endpoint.pk), secret=settings.SECRET_KEY, algorithm="sha256"
    ).digest()
