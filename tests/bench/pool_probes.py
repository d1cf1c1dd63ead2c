"""What a tick of the pools costs at size, asked of a database of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from statistics import median
from typing import Any

CHUNK = 50_000
ROUNDS = 5
# Between the moments of two turns: further than its entries lie apart, and too near for those that
# got an hour more to come again.
APART = timedelta(minutes=2)


def tick_at_size(entries: str, due: str) -> dict[str, Any]:
    """Seconds of a tick over so many running entries of which `due` are due, and of a bare UPDATE
    of as many of the same kind; in turns, five rounds of each, every one committed."""
    from django.db import connection
    from django.utils import timezone

    from feeds.models import PoolTransition
    from feeds.pool_keeper import advance

    now, count, share = timezone.now(), int(entries), int(due)
    with without_references(connection):
        fill(count, share, now)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        advance(now=now - timedelta(days=1))
        ticks, bare = [], []
        for turn in range(2 * ROUNDS):
            times, work = [(ticks, advance), (bare, bare_update)][turn % 2]
            begun = time.perf_counter()
            done = work(now=now + turn * APART)
            times.append(time.perf_counter() - begun)
            assert done == share, f"{done} of {share} moved"
    # Two of three of each tick leave their pool, with a line in the log.
    assert PoolTransition.objects.count() == ROUNDS * (share - share // 3)
    return {"tick": median(ticks), "bare": median(bare), "entries": count, "due": share}


@contextmanager
def without_references(connection: Any) -> Iterator[None]:
    """Notes and authors are not looked at by a tick: only what it reads is made."""
    off, on = (
        ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON")
        if connection.vendor == "sqlite"
        else ("SET session_replication_role = replica", "SET session_replication_role = DEFAULT")
    )
    with connection.cursor() as cursor:
        cursor.execute(off)
        yield
        cursor.execute(on)


def bare_update(*, now: Any) -> int:
    """What any tick must do at least: move the due rows on, in one statement."""
    from feeds.models import PoolEntry

    return PoolEntry.objects.filter(state="running", due_at__lte=now).update(
        tier=1, promised=500, delivered=0, engagement=0.0, discounted_acts=0,
        discounted_score=0.0, discounted_views=0, started_at=now, due_at=now + timedelta(hours=24),
    )  # fmt: skip


def fill(count: int, due: int, now: Any) -> None:
    """Running entries with their live notes. In each turn `due` others are due: of those one in
    three rises, one is settled, and one gets more time."""
    from django.db import transaction

    from community.models import Channel
    from community.rows import insert_rows
    from feeds.models import LiveNote, PoolEntry

    channels = list(Channel.objects.filter(parent=None).values_list("pk", flat=True))
    every, base = count // due, 10_000_000

    def entry(n: int) -> tuple[Any, ...]:
        turn, kind = n % every, n // every % 3
        is_due = turn < 2 * ROUNDS
        delivered = 60 if not is_due or kind == 2 else 100
        engagement = 30.0 if kind == 0 else 1.0
        # Due by the clock or because its promise is kept; short ones get the next day.
        began = now - timedelta(hours=25 if is_due else 12, seconds=n % 3600)
        early = timedelta(seconds=n // every % 60)
        at = now + turn * APART - early if is_due else now + timedelta(hours=11)
        channel = channels[n % len(channels)]
        return (base + n, n % 90_000, channel, "running", 100, delivered, engagement, began, at)

    columns = (
        "note", "author", "root_channel_id", "state", "promised", "delivered", "engagement",
        "started_at", "due_at",
    )  # fmt: skip
    live = ("note", "author", "channel_id", "root_channel_id", "published_at", "recommended")
    for some in chunks(count):
        with transaction.atomic():
            insert_rows(PoolEntry, columns, (entry(n) for n in some))
            insert_rows(
                LiveNote,
                live,
                (
                    (base + n, n % 90_000, channels[0], channels[0], now - timedelta(days=1), True)
                    for n in some
                ),
            )


def chunks(count: int) -> Iterable[range]:
    for start in range(0, count, CHUNK):
        yield range(start, min(start + CHUNK, count))


PROBES: dict[str, Callable[..., Any]] = {"tick_at_size": tick_at_size}
