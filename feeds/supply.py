"""The forecast of reading, learnt from the hourly roll-ups and kept as 168 rows."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Sum

from .models import NoteHour, SupplyHour
from .remembered import Remembered
from .supply_rules import NOTHING_KNOWN, WEEK, Forecast, forecast, forecast_of

# Older weeks would weigh next to nothing.
LOOK_BACK = timedelta(weeks=6)

_known: Remembered[Forecast] = Remembered(most=1, seconds=600)


def expected_supply() -> Forecast:
    """The forecast in force, looked up every ten minutes."""
    found = _known.get("supply")
    return found if found is not None else _known.put("supply", _look_up())


def _look_up() -> Forecast:
    rows = list(SupplyHour.objects.order_by("hour").values_list("expected", "weeks"))
    if len(rows) < WEEK:
        return NOTHING_KNOWN
    return forecast_of([expected for expected, _weeks in rows], sum(weeks for _, weeks in rows))


def learn_supply(*, now: datetime) -> int:
    """Forecast anew from the roll-ups of full hours; returns the hours of history."""
    until = now.replace(minute=0, second=0, microsecond=0)
    past = NoteHour.objects.filter(hour__gte=until - LOOK_BACK, hour__lt=until)
    first = past.order_by("hour").values_list("hour", flat=True).first()
    if first is None:
        return 0
    seen = dict(past.values_list("hour").annotate(Sum("impressions")))
    learnt = forecast(seen, since=first, until=until)
    rows = [
        SupplyHour(hour=hour, expected=value, weeks=learnt.hours // WEEK)
        for hour, value in enumerate(learnt.expected)
    ]
    with transaction.atomic():
        SupplyHour.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["hour"], update_fields=["expected", "weeks"]
        )
    return learnt.hours
