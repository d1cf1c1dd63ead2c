"""Doorbell of the clock."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.outbox.schedule import periodic

from . import registry


@periodic("artefacts.tidy", slot=timedelta(minutes=30))
def tidy() -> int:
    return registry.tidy(now=timezone.now())
