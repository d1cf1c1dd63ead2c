"""Scheduled events in force, as hot and its reasons ask for them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import datetime

from django.db import transaction

from accounts.models import User

from .models import ScheduledEvent, ScheduledEventVersion

Lift = tuple[int, float, frozenset[Hashable]]


def lifts_at(now: datetime) -> list[Lift]:
    """(event, factor, topics) of the events whose window holds `now`; three queries."""
    events = ScheduledEvent.objects.filter(starts_at__lte=now, ends_at__gt=now)
    return [
        (
            event.pk,
            event.lift,
            frozenset(
                [("tag", tag.pk) for tag in event.tags.all()]
                + [("channel", channel.pk) for channel in event.channels.all()]
            ),
        )
        for event in events.prefetch_related("tags", "channels").order_by("pk")
    ]


def names_of(events: Iterable[int], *, now: datetime) -> dict[int, str]:
    """Names of those of the events that are on, in the language of the page."""
    wanted = set(events)
    if not wanted:
        return {}
    on = ScheduledEvent.objects.filter(pk__in=wanted, starts_at__lte=now, ends_at__gt=now)
    return {event.pk: event.name for event in on}


@transaction.atomic
def log_version(event: ScheduledEvent, *, by: User, now: datetime) -> ScheduledEventVersion:
    """Keep what the event says now."""
    return ScheduledEventVersion.objects.create(
        event_id=event.pk,
        values={
            "name_zh": event.name_zh,
            "name_en": event.name_en,
            "starts_at": event.starts_at.isoformat(),
            "ends_at": event.ends_at.isoformat(),
            "lift": event.lift,
            "tags": sorted(event.tags.values_list("key", flat=True)),
            "channels": sorted(event.channels.values_list("slug", flat=True)),
        },
        by=by,
        at=now,
    )
