"""What happens is noted for whoever listens, in the transaction in which it happens."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson
from django.db import transaction

from accounts.errors import NotFound
from accounts.limits import TooOften, take
from accounts.rates import Rate
from community.outbox.jobs import enqueue

from .kinds import PING
from .models import Delivery, Endpoint

State = Delivery.State
PING_RATE = Rate.parse("20/10m")
SEND = "webhooks.send"


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to what is a person's own. `key` names it for ever: told once."""

    person_id: int
    kind: str
    key: str
    facts: Mapping[str, Any]


def announce(happenings: Iterable[Happening], *, now: datetime) -> int:
    """Note events for the addresses that want them; how many deliveries. The same event again
    changes nothing. One statement where nobody concerned listens."""
    happenings = list(happenings)
    wanting: dict[int, list[Endpoint]] = {}
    people = {one.person_id for one in happenings}
    for endpoint in Endpoint.objects.filter(is_active=True, person__in=people):
        wanting.setdefault(endpoint.person_id, []).append(endpoint)
    return _note(
        _delivery(endpoint, one, now)
        for one in happenings
        for endpoint in wanting.get(one.person_id, ())
        if one.kind in endpoint.kinds
    )


def anybody_listens() -> bool:
    """For callers with many events: nearly always nobody does."""
    return Endpoint.objects.filter(is_active=True).exists()


def ping(endpoint: Endpoint, *, now: datetime) -> None:
    """Send a test, whatever the address listens to. Raises TooOften."""
    who = f"person {endpoint.person_id}"
    allowance = take(scope="ping", who=who, rate=PING_RATE)
    if not allowance.allowed:
        raise TooOften(allowance.retry_in)
    key = f"{endpoint.pk}/{secrets.token_hex(8)}"
    happening = Happening(endpoint.person_id, PING, key, {"message": "It works."})
    with transaction.atomic():
        _note([_delivery(endpoint, happening, now)])


def resend(endpoint: Endpoint, *, delivery_id: int, now: datetime) -> None:
    """Try what was given up from the start; anything else stays as it is. Raises NotFound."""
    with transaction.atomic():
        row = endpoint.deliveries.filter(pk=delivery_id)
        if row.filter(state=State.FAILED).update(state=State.WAITING, tries=0, due_at=now):
            ring()
        elif not row.exists():
            raise NotFound


def ring() -> None:
    """Have what is due sent soon."""
    enqueue(SEND, key="due")


def _delivery(endpoint: Endpoint, one: Happening, now: datetime) -> Delivery:
    event = uuid5(NAMESPACE_URL, f"rockpool:{one.kind}:{one.key}")
    body = orjson.dumps({"type": one.kind, "timestamp": now, "data": dict(one.facts)}).decode()
    return Delivery(
        endpoint=endpoint, event=event, kind=one.kind, body=body, created_at=now, due_at=now
    )


def _note(deliveries: Iterable[Delivery]) -> int:
    rows = list(deliveries)
    if rows:
        Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
        ring()
    return len(rows)
