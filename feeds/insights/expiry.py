"""Raw events go when the policy says so; roll-ups stay. On PostgreSQL they go by whole months."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Min

from accounts.prepared import these
from community.turns import breathe
from feeds.attribution import IMPORTED
from feeds.models import Event
from feeds.partitions import keeping
from feeds.partitions.layout import is_divided
from feeds.policies import current

from .models import StaleAudience, Uncounted

AT_ONCE = 5_000


def expire_events(*, now: datetime) -> int:
    """Delete events that are older than the policy keeps them; returns how many.

    Events stand about in the order of time, so the oldest rows are looked at until there is nothing
    to delete among them. What waits to be digested or counted stays, and what an import brought:
    its times are those of another place.
    """
    days = current()[1].insights.keep_event_days
    oldest, gone, after = now - timedelta(days=days), 0, 0
    # Looked up first: what is digested from here on lies behind it.
    settled = _digested_until()
    if not days or _waiting(oldest):
        return 0
    if is_divided():
        return keeping.expire(oldest=oldest, settled=settled)
    while True:
        rows = list(
            Event.objects.filter(pk__gt=after, pk__lte=settled)
            .order_by("pk")
            .values_list("pk", "at", "feed")[:AT_ONCE]
        )
        old = [pk for pk, at, feed in rows if at < oldest and feed != IMPORTED]
        with transaction.atomic():
            Event.objects.filter(pk__in=these(old)).delete()
        gone += len(old)
        if len(rows) < AT_ONCE or all(at >= oldest for _pk, at, _feed in rows):
            return gone
        after = rows[-1][0]
        breathe()


def _digested_until() -> int:
    """Everything up to this event is digested."""
    waiting = Event.objects.filter(digested=False).aggregate(first=Min("pk"))["first"]
    return waiting - 1 if waiting else Event.objects.aggregate(last=Max("pk"))["last"] or 0


def _waiting(oldest: datetime) -> bool:
    """Whether digested events are not yet in hours and days, or in audiences of so old a day."""
    stale = StaleAudience.objects.filter(day__lte=oldest.date())
    return Uncounted.objects.exists() or stale.exists()
