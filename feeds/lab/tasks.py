"""Doorbells of the clock."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.outbox.schedule import periodic

from .services import run_next


@periodic("lab.run_replays", slot=timedelta(seconds=20))
def run_replays() -> str:
    """Run one replay that waits; the next one is the next slot's."""
    found = run_next(now=timezone.now())
    return "" if found is None else f"{found}: {found.state}"
