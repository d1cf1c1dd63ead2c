"""A provider against the gateway that `manage.py fake_gateway` opens: for trying out, and as the
example from which another provider is written.

Both sides sign with HMAC-SHA256 and one secret. A callback's signature covers its time and its
body to the letter, so that neither can be changed nor an old one be sent again later.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from .models import Payment
from .providers import Forged, Notice

TIME, SIGNATURE = "Gateway-Time", "Gateway-Signature"
FRESH = timedelta(minutes=5)


class FakeGateway:
    name, title = "fake", _("Practice gateway")

    def __init__(self) -> None:
        if settings.PRODUCTION:
            raise ImproperlyConfigured("The practice gateway gives money to everybody.")
        if not (settings.PAYMENT_SECRET and settings.PAYMENT_ADDRESS):
            raise ImproperlyConfigured("Set ROCKPOOL_PAYMENT_SECRET and ROCKPOOL_PAYMENT_ADDRESS.")

    def address_for(self, payment: Payment, *, callback: str, back: str) -> str:
        order = urlencode(
            {
                "payment": payment.key,
                "amount": payment.amount,
                "currency": payment.currency,
                "callback": callback,
                "back": back,
            }
        )
        signature = sign(settings.PAYMENT_SECRET, order.encode())
        return f"{settings.PAYMENT_ADDRESS.rstrip('/')}/pay?{order}&signature={signature}"

    def read(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
        told = headers.get(TIME, "")
        if not is_signed(settings.PAYMENT_SECRET, told, body, headers.get(SIGNATURE, "")):
            raise Forged("wrong signature")
        if not _is_fresh(told, now):
            raise Forged("not fresh")
        try:
            return _notice(json.loads(body))
        except (ValueError, KeyError, TypeError, RecursionError):
            raise Forged("not readable") from None


def _notice(said: dict[str, Any]) -> Notice:
    """The fields of a callback, of the types they should have."""
    amount, paid = said["amount"], said["paid"]
    words = [said[name] for name in ("payment", "currency", "reference")]
    if type(amount) is not int or type(paid) is not bool or {type(word) for word in words} != {str}:
        raise TypeError
    if not all(word.isprintable() for word in words):  # half a character, a NUL: nothing to keep
        raise ValueError
    payment, currency, reference = words
    return Notice(payment, paid, amount, currency, reference)


def _is_fresh(told: str, now: datetime) -> bool:
    try:
        return abs(now - datetime.fromtimestamp(int(told), UTC)) <= FRESH
    except (ValueError, OverflowError, OSError):
        return False


# ---------------------------------------------------------------- both sides
def sign(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, sha256).hexdigest()


def is_signed(secret: str, told: str, body: bytes, signature: str) -> bool:
    """Compared in constant time: how long it takes tells nothing of the right one."""
    right = sign(secret, told.encode() + b"." + body)
    return hmac.compare_digest(right.encode(), signature.encode())


def callback(
    secret: str, said: Mapping[str, Any], *, now: datetime
) -> tuple[bytes, dict[str, str]]:
    """Body and headers with which the gateway tells of a payment."""
    body = json.dumps(said).encode()
    told = str(int(now.timestamp()))
    return body, {TIME: told, SIGNATURE: sign(secret, told.encode() + b"." + body)}
