"""Doorbells: look at the clock, and publish what it found."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.outbox.jobs import handler
from community.outbox.schedule import periodic

from . import services


@periodic("schedules.look", slot=timedelta(seconds=15))
def look() -> int:
    return services.note_what_is_due(now=timezone.now())


@handler("schedules.publish")
def publish(*, note: int) -> None:
    services.publish_scheduled(note_id=note, now=timezone.now())
