"""Doorbells: send what is due, ring again for what was lost, forget the old log."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.outbox.jobs import handler
from community.outbox.schedule import periodic

from . import delivering
from .announcing import SEND


# Not atomic: a write transaction must not wait for the network.
@handler(SEND, queue="webhooks", atomic=False)
def send() -> None:
    delivering.send_due(now=timezone.now())


@periodic("webhooks.ring", slot=timedelta(seconds=10))
def ring_if_due() -> bool:
    return delivering.ring_if_due(now=timezone.now())


@periodic("webhooks.forget", slot=timedelta(hours=1))
def forget() -> int:
    return delivering.forget(now=timezone.now())
