"""Doorbells of insights."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.outbox.schedule import periodic
from feeds.partitions import keeping
from feeds.partitions.layout import is_divided

from . import audience, expiry, rolling


@periodic("insights.count_audiences", slot=timedelta(minutes=1))
def count_audiences() -> int:
    # What a worker that died in between left uncounted.
    rolling.roll_up()
    return audience.count_audiences(now=timezone.now())


@periodic("insights.expire_events", slot=timedelta(minutes=30))
def expire_events() -> int:
    return expiry.expire_events(now=timezone.now())


@periodic("insights.make_months", slot=timedelta(minutes=30))
def make_months() -> str:
    """Partitions of events for the months to come; says which were made."""
    return ", ".join(keeping.make_ahead(now=timezone.now())) if is_divided() else ""
