"""From raw events to hours and days, by note and feed: many thousand at once, in the database.

An event is put down here in the transaction that digests it and counted in the one that strikes it
off again. So it is counted once, however late it comes and however often a worker begins anew.
`rebuild` counts everything again from what is left of the raw events.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.db.models import F, Max, Min

from accounts.prepared import these
from community.turns import breathe
from feeds.models import Event
from feeds.policies import current

from .local_days import DayOf, HourOf, local_day
from .models import FeedDay, FeedHour, StaleAudience, Uncounted
from .rules import COUNTS

Kind = Event.Kind
# What an event of a kind adds to which count; dwells are read by their seconds.
STEPS = {
    Kind.IMPRESSION: ("impressions", 1), Kind.OPEN: ("opens", 1), Kind.LIKE: ("likes", 1),
    Kind.UNLIKE: ("likes", -1), Kind.COLLECT: ("collects", 1), Kind.UNCOLLECT: ("collects", -1),
    Kind.COMMENT: ("comments", 1), Kind.SHARE: ("shares", 1), Kind.FOLLOW: ("follows", 1),
    Kind.HIDE: ("hides", 1),
}  # fmt: skip
# Events counted in one transaction. Rows of a note lie apart, so that writing them once for many
# events costs a third of writing them for each five thousand; more would keep others from writing.
AT_ONCE = 20_000
BATCHES = 40
# The table in which the events of a transaction stand while they are added up.
ACTS = "insights_acts"
ZONE = "note__author__profile__time_zone"


def put_down(events: Sequence[int], *, since: datetime, until: datetime) -> None:
    """Have these events of that time counted; in the transaction that marks them digested."""
    Uncounted.objects.create(events=list(events), since=since, until=until)


def roll_up() -> int:
    """Count what was put down; returns how many events."""
    total = 0
    while count := _roll_up_some():
        total += count
        if count >= AT_ONCE:
            breathe()
    return total


@transaction.atomic
def _roll_up_some() -> int:
    waiting = Uncounted.objects.order_by("pk")
    if connection.features.has_select_for_update_skip_locked:
        waiting = waiting.select_for_update(skip_locked=True)
    taken: list[int] = []
    events: list[int] = []
    times: list[datetime | None] = []
    columns = ("pk", "events", "since", "until")
    for pk, some, since, until in waiting.values_list(*columns)[:BATCHES].iterator():
        taken.append(pk)
        events += some
        times += (since, until)
        if len(events) >= AT_ONCE:
            break
    Uncounted.objects.filter(pk__in=taken).delete()
    _count(events, times)
    return len(events)


def _count(events: Sequence[int], times: Sequence[datetime | None]) -> None:
    """Add these events to hours and days. What authors do with their own notes is not counted.
    `times`: the first and the last are theirs; a None says that they are not known."""
    rows = Event.objects.filter(pk__in=these(events))
    found = _times_of(rows, times)
    if found["since"] is None:
        return
    # Said as well, because on PostgreSQL they tell which months to look in.
    rows = rows.filter(at__gte=found["since"], at__lte=found["until"])
    names = set(rows.filter(**{f"{ZONE}__isnull": False}).values_list(ZONE, flat=True).distinct())
    acts = rows.exclude(person=F("note__author")).values_list(
        "note_id", "feed", "kind", "value",
    ).annotate(
        author=F("note__author_id"),
        hour=HourOf("at"),
        day=local_day("at", ZONE, names=names, **found),
        utc_day=DayOf("at"),
    )  # fmt: skip
    statement, parameters = acts.query.sql_with_params()
    stale = connection.ops.quote_name(StaleAudience._meta.db_table)
    # Names of tables and columns are ours.
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {ACTS} AS {statement}", parameters)
        _add_to(cursor, FeedHour, "hour")
        _add_to(cursor, FeedDay, "day")
        cursor.execute(
            f"INSERT INTO {stale} (note_id, author_id, day)"  # noqa: S608
            f" SELECT DISTINCT note_id, author, utc_day FROM {ACTS} WHERE TRUE"
            " ORDER BY note_id, utc_day ON CONFLICT DO NOTHING"
        )
        cursor.execute(f"DROP TABLE {ACTS}")


def _times_of(rows: models.QuerySet[Event], times: Sequence[datetime | None]) -> dict[str, Any]:
    known = [at for at in times if at is not None]
    if known and len(known) == len(times):
        return {"since": min(known), "until": max(known)}
    return rows.aggregate(since=Min("at"), until=Max("at"))


def _add_to(cursor: Any, model: type[models.Model], time: str) -> None:
    """Add the sums to their rows, which are made where there are none; in the order of the index,
    so that two workers do not wait for each other and what lies together is written together."""
    table = connection.ops.quote_name(model._meta.db_table)
    steps = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in COUNTS)
    key = f"note_id, {time}, feed"
    cursor.execute(
        f"INSERT INTO {table} ({key}, author_id, {', '.join(COUNTS)})"  # noqa: S608
        f" SELECT {key}, MIN(author), {', '.join(SUMS[name] for name in COUNTS)}"
        f" FROM {ACTS} WHERE TRUE GROUP BY {key} ORDER BY {key}"
        f" ON CONFLICT ({key}) DO UPDATE SET {steps}",
        [current()[1].interests.long_read_seconds],
    )


def _sum_of(name: str) -> str:
    whens = " ".join(
        f"WHEN {kind:d} THEN {step}" for kind, (of, step) in STEPS.items() if of == name
    )
    return f"SUM(CASE kind {whens} ELSE 0 END)"


SUMS = {name: _sum_of(name) for name in COUNTS if name not in ("reads", "dwell_seconds")} | {
    "reads": f"SUM(CASE WHEN kind = {Kind.DWELL:d} AND value >= %s THEN 1 ELSE 0 END)",
    "dwell_seconds": f"SUM(CASE WHEN kind = {Kind.DWELL:d} THEN value ELSE 0 END)",
}


@transaction.atomic
def rebuild() -> int:
    """Count all digested events anew, in one transaction; returns how many. For an operator whose
    raw events are complete: what has expired is lost to the roll-ups by it."""
    FeedHour.objects.all().delete()
    FeedDay.objects.all().delete()
    Uncounted.objects.all().delete()
    counted = 0
    for events in _batches():
        _count(events, ())
        counted += len(events)
    return counted


def _batches() -> Iterable[list[int]]:
    last = 0
    while True:
        digested = Event.objects.filter(digested=True, pk__gt=last).order_by("pk")
        events = list(digested.values_list("pk", flat=True)[:AT_ONCE])
        if not events:
            return
        last = events[-1]
        yield events
