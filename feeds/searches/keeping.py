"""How long searches are kept: by day without names where many asked the same, else not at all."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from django.db.models import Count, Max, Q

from community.bounded import delete_bounded

from .models import SearchDay, SearchLog

KEEP_LOG, KEEP_DAYS = timedelta(days=90), timedelta(days=400)
# Words of fewer people than this on a day are nobody else's business.
ENOUGH_PEOPLE = 3
DAYS_BACK = 3


def roll_up(*, now: datetime) -> int:
    """Write the last complete days as `SearchDay` rows; days written. Repeating changes nothing."""
    today = now.astimezone(UTC).date()
    for back in range(1, DAYS_BACK + 1):
        day = today - timedelta(days=back)
        start = datetime.combine(day, time.min, UTC)
        rows = (
            SearchLog.objects.filter(at__gte=start, at__lt=start + timedelta(days=1))
            .values("key")
            .annotate(
                text=Max("text"),
                people=Count("person", distinct=True),
                in_vain=Count("person", distinct=True, filter=Q(results=0)),
            )
            .filter(people__gte=ENOUGH_PEOPLE)
        )
        SearchDay.objects.bulk_create(
            [SearchDay(day=day, **row) for row in rows],
            update_conflicts=True,
            unique_fields=["day", "key"],
            update_fields=["text", "people", "in_vain"],
            batch_size=500,
        )
    return DAYS_BACK


def forget_old(*, now: datetime) -> int:
    """Rows past their time, removed."""
    logs = delete_bounded(SearchLog.objects.filter(at__lt=now - KEEP_LOG))
    return logs + delete_bounded(SearchDay.objects.filter(day__lt=(now - KEEP_DAYS).date()))
