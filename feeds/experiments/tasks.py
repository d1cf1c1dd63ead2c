"""Exposures are noted apart from the reading, so that no page waits for them."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.outbox.schedule import periodic

from .services import note_exposures


@periodic("experiments.note_exposures", slot=timedelta(seconds=60))
def note_exposures_now() -> int:
    return note_exposures(now=timezone.now())
