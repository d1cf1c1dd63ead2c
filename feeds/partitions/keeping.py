"""Months made ahead, and old ones dropped whole.

Both need a lock that others wait behind. It is asked for for a fifth of a second at most; where
somebody holds it longer, it is tried a few times, and then by the next round.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from django.db import OperationalError, connection, transaction

from community.turns import breathe
from feeds.attribution import IMPORTED

from .dividing import AHEAD, lock_was_taken
from .layout import BEFORE, DEFAULT, TABLE, month_after, month_of, months, name_of

log = logging.getLogger(__name__)
AT_ONCE = 5_000
TRIES, PAUSE_SECONDS = 5, 0.5


# ---------------------------------------------------------------- ahead
def make_ahead(*, now: datetime) -> list[str]:
    """The partitions that were made, so that this month and the next have theirs."""
    there = months()
    month = month_after(max(there)) if there else month_of(now)
    made = []
    while month <= month_after(month_of(now), AHEAD) and _in_time(partial(_make, month), False):
        made.append(name_of(month))
        month = month_after(month)
    return made


def _make(month: datetime) -> bool:
    """Made beside the others and then attached, so that only whoever needs the last resort waits.
    What came there meanwhile moves along."""
    name, until = name_of(month), month_after(month)
    with _locked(DEFAULT) as cursor:
        cursor.execute(
            f"CREATE TABLE {name}"
            f" (LIKE {TABLE} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)"
        )
        cursor.execute(
            f"WITH moved AS (DELETE FROM {DEFAULT} WHERE at >= %s AND at < %s RETURNING *)"  # noqa: S608
            f" INSERT INTO {name} SELECT * FROM moved",
            [month, until],
        )
        cursor.execute(
            f"ALTER TABLE {TABLE} ATTACH PARTITION {name}"
            f" FOR VALUES FROM ('{month.isoformat()}') TO ('{until.isoformat()}')"
        )
    return True


# ---------------------------------------------------------------- past
def expire(*, oldest: datetime, settled: int) -> int:
    """Drop months that ended before `oldest`, and delete what is older elsewhere; returns about
    how many events went. What is not digested stays, and what an import brought.

    Events of a month that is not over at `oldest` wait until it is. `settled`: everything up to
    this primary key is digested.
    """
    gone, kept = 0, []
    for month, name in months().items():
        if month_after(month) > oldest:
            break
        rows = _in_time(partial(_drop, name), 0)
        gone += rows or 0
        if rows is None:
            kept.append(name)
    return gone + sum(_sweep(name, oldest, settled) for name in (BEFORE, *kept, DEFAULT))


def _drop(name: str) -> int | None:
    """About how many rows it had; None where some of them have to stay. Both questions are
    answered by an index that holds such rows only."""
    with _locked(f"ONLY {TABLE}", name) as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT FROM {name} WHERE NOT digested)"  # noqa: S608
            f" OR EXISTS (SELECT FROM {name} WHERE feed = '{IMPORTED}')"
        )
        if cursor.fetchone()[0]:
            return None
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [name])
        rows = max(0, int(cursor.fetchone()[0]))
        cursor.execute(f"DROP TABLE {name}")
    log.info("dropped %s with about %d events", name, rows)
    return rows


def _sweep(name: str, oldest: datetime, settled: int) -> int:
    """Delete old rows of one partition, some thousand a transaction. They stand about in the order
    of time, so it ends where none of a page is old."""
    gone, after = 0, 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, at, feed FROM {name} WHERE id > %s AND id <= %s"  # noqa: S608
                f" ORDER BY id LIMIT {AT_ONCE}",
                [after, settled],
            )
            rows = cursor.fetchall()
            old = [pk for pk, at, feed in rows if at < oldest and feed != IMPORTED]
            if old:
                cursor.execute(f"DELETE FROM {name} WHERE id = ANY(%s)", [old])  # noqa: S608
        gone += len(old)
        if len(rows) < AT_ONCE or all(at >= oldest for _pk, at, _feed in rows):
            return gone
        after = rows[-1][0]
        breathe()


# ---------------------------------------------------------------- locks
@contextmanager
def _locked(*tables: str) -> Iterator[Any]:
    """A cursor in a transaction that holds these alone. The whole before its part, as all others
    take them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '200ms'")
        for table in tables:
            cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield cursor


def _in_time(step: Callable[[], Any], otherwise: Any) -> Any:
    """What the step gives, or `otherwise` where it did not get its lock."""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(PAUSE_SECONDS)
        try:
            return step()
        except OperationalError as error:
            if not lock_was_taken(error):
                raise
    log.warning("a partition of events is in use; the next round tries again")
    return otherwise
