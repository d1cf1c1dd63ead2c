"""Which day it was where an author lives, told by the database for many events at once.

Databases know little of time zones and each something else, so they are told by how many seconds a
clock was ahead of UTC, and until when.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from django.db.models import Case, DateField, DateTimeField, Func, Value, When
from django.db.models.sql.compiler import SQLCompiler

from accounts.zones import zone_of

Compiled = tuple[str, Any]
# No clock is changed twice within this.
STEP = timedelta(days=1)
# (until when, seconds ahead of UTC), the last without an end.
Shifts = tuple[tuple[datetime | None, int], ...]


class HourOf(Func):
    """The hour (UTC) in which a moment lies. SQLite keeps moments as text in UTC."""

    output_field = DateTimeField()

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **more: Any) -> Compiled:
        cut = "SUBSTR(%(expressions)s, 1, 13) || ':00:00'"
        return self.as_sql(compiler, connection, template=cut, **more)

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **more: Any) -> Compiled:
        cut = "DATE_TRUNC('hour', %(expressions)s, 'UTC')"
        return self.as_sql(compiler, connection, template=cut, **more)


class DayOf(Func):
    """The day on a clock that is so many seconds ahead of UTC."""

    output_field = DateField()

    def __init__(self, at: str, seconds: int = 0) -> None:
        super().__init__(at, seconds=int(seconds))

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **more: Any) -> Compiled:
        # Fractions are cut off: they would be rounded, to the next day at the last moment of one.
        cut = "DATE(SUBSTR(%(expressions)s, 1, 19), '%(seconds)+d seconds')"
        return self.as_sql(compiler, connection, template=cut, **more)

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **more: Any) -> Compiled:
        cut = "CAST(%(expressions)s AT TIME ZONE 'UTC' + INTERVAL '%(seconds)s seconds' AS date)"
        return self.as_sql(compiler, connection, template=cut, **more)


def local_day(
    at: str, zone_name: str, *, names: Iterable[str], since: datetime, until: datetime
) -> Case | DayOf:
    """The day of the moment `at` in the zone that the column `zone_name` names: one of `names`.
    All moments lie between `since` and `until`."""
    alike: dict[Shifts, list[str]] = defaultdict(list)
    for name in sorted(names):
        alike[shifts(zone_of(name), since, until)].append(name)
    if set(alike) <= {((None, 0),)}:
        return DayOf(at)
    whens = [
        When(
            **{f"{zone_name}__in": among},
            **({f"{at}__lt": Value(end, DateTimeField())} if end else {}),
            then=DayOf(at, seconds),
        )
        for periods, among in alike.items()
        for end, seconds in periods
    ]
    return Case(*whens, default=DayOf(at))


def day_in(zone: tzinfo, at: str, *, since: datetime, until: datetime) -> Case | DayOf:
    """The day of the moment `at` in one zone."""
    *earlier, (_end, seconds) = shifts(zone, since, until)
    if not earlier:
        return DayOf(at, seconds)
    whens = [
        When(**{f"{at}__lt": Value(end, DateTimeField())}, then=DayOf(at, ahead))
        for end, ahead in earlier
    ]
    return Case(*whens, default=DayOf(at, seconds))


def shifts(zone: tzinfo, since: datetime, until: datetime) -> Shifts:
    """By how much a zone is ahead of UTC between two moments, to the second."""
    found: list[tuple[datetime | None, int]] = []
    at, ahead = since, _ahead(zone, since)
    while at < until:
        after = min(at + STEP, until)
        if (then := _ahead(zone, after)) != ahead:
            found.append((_changed(zone, at, after), ahead))
        at, ahead = after, then
    return (*found, (None, ahead))


def _ahead(zone: tzinfo, at: datetime) -> int:
    offset = at.astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _changed(zone: tzinfo, before: datetime, after: datetime) -> datetime:
    """The first whole second on which the clock was another one."""
    low, high = int(before.timestamp()), int(-(-after.timestamp() // 1))
    old = _ahead(zone, before)
    while high - low > 1:
        middle = (low + high) // 2
        if _ahead(zone, datetime.fromtimestamp(middle, UTC)) == old:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)
