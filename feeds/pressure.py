"""What the first pool owes, and when the community can have read it: said openly, to authors and on
the desk, because more may be written than anybody can read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet, Sum

from .boosts.delivery import SOURCE as PAID
from .models import Impression, NoteHour, PoolEntry
from .policies import current
from .remembered import Remembered
from .supply import expected_supply
from .supply_rules import Forecast, forecast_of

DAY = timedelta(days=1)
# Sights, the latest ones, that tell which share of all reading is discover's.
LATEST = 5_000
_share: Remembered[float] = Remembered(most=1, seconds=600)


@dataclass(frozen=True, slots=True)
class Pressure:
    """Views owed to running notes of the first pool, those that come before one note and its own
    among them, places for them in the next 24 hours, and when the last of them will be given."""

    owed: int
    places: int
    # None: not within two weeks, or nobody reads.
    until: datetime | None

    @property
    def is_high(self) -> bool:
        return self.owed > self.places


def pressure(*, now: datetime) -> Pressure:
    """Of the whole first pool."""
    return _against(_owed(_running()), now)


def pressure_before(entry: PoolEntry, *, now: datetime) -> Pressure:
    """Of this note and those that came before it. What it is still owed is delivered by then."""
    earlier = Q(started_at=entry.started_at, pk__lte=entry.pk)
    return _against(_owed(_running().filter(Q(started_at__lt=entry.started_at) | earlier)), now)


def _running() -> QuerySet[PoolEntry]:
    return PoolEntry.objects.filter(state=PoolEntry.State.RUNNING, tier=0)


def _owed(entries: QuerySet[PoolEntry]) -> int:
    short = entries.filter(delivered__lt=F("promised"))
    return short.aggregate(owed=Sum(F("promised") - F("delivered")))["owed"] or 0


def _against(owed: int, now: datetime) -> Pressure:
    places = places_ahead(now)
    return Pressure(owed, round(places.between(now, now + DAY)), places.when(now, owed))


def places_ahead(now: datetime) -> Forecast:
    """Places of discover that fall to the first pool, by hour of the week: by what was read at that
    hour; with less than a week behind us, as the last day was."""
    part = _share_of_discover() / current()[1].pools.slot_every
    known = expected_supply()
    if known.is_known:
        return forecast_of([part * cards for cards in known.expected], known.hours)
    lately = NoteHour.objects.filter(hour__gt=now - DAY, hour__lte=now)
    hourly = (lately.aggregate(seen=Sum("impressions"))["seen"] or 0) / 24
    return forecast_of([part * hourly] * len(known.expected), 24)


def _share_of_discover() -> float:
    """Of the latest sights, those that the first pool could have had."""
    found = _share.get("now")
    if found is None:
        rows = Impression.objects.order_by("-pk").values_list("feed", "source")[:LATEST]
        found = _share.put("now", share_of(rows))
    return found


def share_of(sights: Iterable[tuple[str, str]]) -> float:
    """Of (feed, source), the share on discover that nobody paid for; 0 of nothing."""
    known = list(sights)
    ours = sum(feed == "discover" and source != PAID for feed, source in known)
    return ours / len(known) if known else 0.0
