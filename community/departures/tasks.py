"""Doorbells of departures."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.outbox.jobs import handler
from community.outbox.schedule import periodic

from . import work


@handler("departures.leave", queue="archives", atomic=False)
def leave(*, departure: int) -> None:
    """Minutes for a large account. Gone or undone: nothing to do."""
    work.leave(departure, now=timezone.now())


@periodic("departures.look", slot=timedelta(minutes=1))
def look() -> int:
    return work.begin_what_is_due(now=timezone.now())
