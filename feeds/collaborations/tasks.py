"""Doorbells of collaborations."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.outbox.schedule import periodic

from . import directory, services


@periodic("collaborations.advance", slot=timedelta(seconds=30))
def advance() -> int:
    return services.advance(now=timezone.now())


@periodic("collaborations.measure_creators", slot=timedelta(minutes=10))
def measure_creators() -> int:
    return directory.measure(now=timezone.now())
