"""Payment providers: what one must do so that people can pay at its gateway.

A provider is a class without arguments, named by ROCKPOOL_PAYMENT_PROVIDER. It makes the address
at which a person pays, and reads what the gateway tells us. Whom to credit, how much and how often
is none of its business: payments.py compares what it read with what was asked for.
`fake_gateway.py` is a complete example.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from .models import Payment


@dataclass(frozen=True, slots=True)
class Notice:
    """What a gateway says of a payment, after its signature was found right."""

    payment: str
    paid: bool
    amount: int
    currency: str
    reference: str


class Forged(Exception):
    """Not from the gateway, not fresh, or not readable; says why, for the log."""


class Provider(Protocol):
    # Kept with each payment, so never changed.
    name: str
    # What people call it.
    title: str | Promise

    def address_for(self, payment: Payment, *, callback: str, back: str) -> str:
        """Where the person pays. The gateway tells `callback`, and sends the person to `back`."""

    def read(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
        """What a callback says. Raises Forged unless it is from the gateway and fresh."""


def provider() -> Provider | None:
    """The configured provider; None where people cannot pay online."""
    path = settings.PAYMENT_PROVIDER
    return import_string(path)() if path else None


def title_of(name: str) -> str:
    """What people call the provider of an earlier payment; its name where it is gone."""
    gateway = provider()
    return str(gateway.title) if gateway is not None and gateway.name == name else name
