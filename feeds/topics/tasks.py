"""Doorbell: look for bursts."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.outbox.schedule import periodic

from . import finding


@periodic("feeds.find_topics", slot=timedelta(minutes=15))
def find_topics() -> int:
    return finding.find_topics(now=timezone.now())
