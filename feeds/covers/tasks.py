"""Doorbell of cover tests."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.outbox.schedule import periodic

from . import services


@periodic("covers.look", slot=timedelta(seconds=30))
def look() -> int:
    return services.look(now=timezone.now())
