"""Acts of readers: recorded once with the write, digested once by a worker.

An Event row is the outbox of engagement: receivers append it in the transaction of the like, and
`digest` moves interests, hourly roll-ups, pool credits and popularity, marking the events in the
same transaction. Digesting twice finds nothing left.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from accounts.prepared import these
from community.outbox.jobs import enqueue
from community.rows import insert_rows
from community.turns import breathe, take_turn

from . import interests, pool_delivery, popularity
from .attribution import feed_of
from .boosts.delivery import paid_pairs
from .insights import rolling as insights
from .interests import Act
from .lists import mark_stale
from .models import Event, NoteHour
from .policies import current
from .policy import EngagementWeights
from .ranking import totals
from .trust.prompted import UNDOES, prompted

Kind = Event.Kind
Row = tuple[
    int, int | None, int, int, float, datetime, str
]  # pk, person, note, kind, value, at, feed
# Of an event as it is recorded, and as it is digested.
RECORDED = ("person", "note", "kind", "value", "feed", "at")
EVENT = ("pk", "person_id", "note_id", "kind", "value", "at", "feed")
# Events of one transaction: on SQLite nobody else writes meanwhile, some 100 ms.
AT_ONCE = 500
# Column of the hourly roll-up, and the step, by kind.
ROLLED_UP = {
    Kind.IMPRESSION: ("impressions", 1),
    Kind.OPEN: ("opens", 1),
    Kind.LIKE: ("likes", 1),
    Kind.UNLIKE: ("likes", -1),
    Kind.COLLECT: ("collects", 1),
    Kind.UNCOLLECT: ("collects", -1),
    Kind.COMMENT: ("comments", 1),
    Kind.SHARE: ("shares", 1),
    Kind.FOLLOW: ("follows", 1),
    Kind.HIDE: ("hides", 1),
}


def record(
    *,
    person_id: int | None,
    note_id: int,
    kind: int,
    at: datetime,
    value: float = 1,
    feed: str = "",
) -> None:
    """Append an act in the running transaction and ask for a digest. Without a feed it is put down
    to the one that brought the person to the note."""
    feed = feed or feed_of(person_id, note_id)
    insert_rows(Event, RECORDED, [(person_id, note_id, kind, value, feed, at)])
    if person_id is not None and kind != Kind.IMPRESSION:
        mark_stale("discover", [str(person_id)])
    enqueue("feeds.digest", key="soon")


def digest(*, now: datetime, budget: timedelta = timedelta(hours=1)) -> int:
    """Digest waiting events, AT_ONCE a transaction, for at most `budget`, and add them to the
    figures of their authors; returns how many."""
    total, until = 0, time.monotonic() + budget.total_seconds()
    while count := _digest_some(now):
        total += count
        if count < AT_ONCE or time.monotonic() > until:
            break
        breathe()
    insights.roll_up()
    return total


def waiting() -> bool:
    return Event.objects.filter(digested=False).exists()


def _digest_some(now: datetime) -> int:
    with transaction.atomic():
        # Weights, hours and popularity are read, moved and written back.
        take_turn("digests")
        waiting = Event.objects.filter(digested=False).order_by("pk")
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        rows: list[Row] = list(waiting.values_list(*EVENT)[:AT_ONCE])
        if not rows:
            return 0
        policy = current()[1]
        people = interests.learn(acts_of(rows), policy.interests)
        own = _without_paid(rows)
        _roll_up(prompted(own))
        popularity.discount(
            ((row[1], row[2]) for row in own if row[1] is not None), policy.engagement
        )
        popularity.refresh({row[2] for row in own}, policy.engagement)
        totals.refresh({row[2] for row in own})
        pool_delivery.credit(_credits(own, policy.engagement))
        since, until = min(row[5] for row in rows), max(row[5] for row in rows)
        _rebuild_soon(people, until)
        insights.put_down(_ids(rows), since=since, until=until)
        # The times say on PostgreSQL which months to look in.
        Event.objects.filter(pk__in=these(_ids(rows)), at__gte=since, at__lte=until).update(
            digested=True
        )
    return len(rows)


def _without_paid(rows: list[Row]) -> list[Row]:
    """What notes came to by themselves: not what those did who met them in a place paid for."""
    paid = paid_pairs({(row[1], row[2]) for row in rows if row[1] is not None})
    return [row for row in rows if (row[1], row[2]) not in paid] if paid else rows


def _ids(rows: list[Row]) -> list[int]:
    return [row[0] for row in rows]


def acts_of(rows: Iterable[Row]) -> list[Act]:
    """The events that somebody is behind, as acts of the interest profile."""
    return [
        Act(person, note, kind, value, at)
        for _pk, person, note, kind, value, at, _feed in rows
        if person is not None
    ]


# ---------------------------------------------------------------- roll-ups
def _roll_up(rows: Iterable[Row]) -> None:
    """Add the events to the hour they happened in."""
    sums: dict[tuple[int, datetime], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for _pk, _person, note, kind, value, at, _feed in rows:
        hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        if kind == Kind.DWELL:
            sums[note, hour]["dwell_seconds"] += value
        else:
            column, step = ROLLED_UP[Kind(kind)]
            sums[note, hour][column] += step
    NoteHour.objects.bulk_create(
        [NoteHour(note_id=note, hour=hour) for note, hour in sums],
        ignore_conflicts=True,
        batch_size=1_000,
    )
    by_columns: dict[tuple[str, ...], list[tuple[float | str | None, ...]]] = defaultdict(list)
    for (note, hour), columns in sums.items():
        names = tuple(sorted(columns))
        stamp = connection.ops.adapt_datetimefield_value(hour)
        by_columns[names].append((*(columns[name] for name in names), note, stamp))
    with connection.cursor() as cursor:
        for names, values in by_columns.items():
            steps = ", ".join(f"{name} = {name} + %s" for name in names)
            cursor.executemany(
                f"UPDATE feeds_notehour SET {steps} WHERE note_id = %s AND hour = %s",  # noqa: S608
                values,
            )


def _credits(
    rows: Iterable[Row], weights: EngagementWeights
) -> Iterable[tuple[int, int, int, float]]:
    """Engagements as pool credits: (note, person, kind, score); undoing scores nothing."""
    scores = {kind: score for kind, score in popularity.scores_of(weights).items() if score >= 0}
    for _pk, person, note, kind, _value, _at, _feed in rows:
        if person is None:
            continue
        if kind in scores:
            yield note, person, kind, scores[kind]
        elif kind in UNDOES:
            yield note, person, UNDOES[Kind(kind)], 0.0


def _rebuild_soon(people: set[int], latest: datetime) -> None:
    """Lists of people whose taste moved are out of date, unless built after the last act."""
    keys = [str(person) for person in people]
    for start in range(0, len(keys), 900):
        mark_stale("discover", keys[start : start + 900], built_before=latest)
