"""Which rows that only grow are deleted when, and by which setting.

Raw events go by the policy (`insights.keep_event_days`), searches and notices by their own rules;
docs/operations.md lists all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from community.bounded import delete_bounded

from .models import EventBatch, Impression, NoteHour, PoolDelivery

# Nobody sends a batch again after so long, and a reserved place that nobody saw is free by then.
FORGOTTEN_AFTER = timedelta(days=2)


def old_rows(now: datetime) -> Iterator[QuerySet[Any]]:
    """What may go now, table by table."""
    past = now - FORGOTTEN_AFTER
    yield EventBatch.objects.filter(received_at__lt=past)
    yield PoolDelivery.objects.filter(seen_at=None, reserved_at__lt=past)
    yield Session.objects.filter(expire_date__lt=now)
    if days := settings.IMPRESSION_DAYS:
        # The ledger of what somebody has seen: without its row a note so old may come back.
        yield Impression.objects.filter(at__lt=now - timedelta(days=days))
    if days := settings.NOTE_HOUR_DAYS:
        yield NoteHour.objects.filter(hour__lt=now - timedelta(days=days))


def forget(*, now: datetime) -> int:
    """Delete what is past its time, in bounded batches; what is left goes in the next round."""
    return sum(delete_bounded(rows) for rows in old_rows(now))
