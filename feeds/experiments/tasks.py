"""Exposures are noted apart from the reading, so that no page waits for them."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.outbox.schedule import periodic

from .services import note_exposures


@periodic("experiments.note_exposures", slot=timedelta(seconds=60))
def note_exposures_now() -> int:
    return note_exposures(now=timezone.now())


@periodic("experiments.look_after", slot=timedelta(minutes=5))
def look_after() -> int:
    """What guardrails took back."""
    from . import watching  # its statistics are heavy; only workers need them

    return watching.look(now=timezone.now())
