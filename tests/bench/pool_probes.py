"""What a tick of the pools costs at size, asked of a database of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from .filling import fill
from .stopwatch import in_rounds, sum_up, tidy


def tick_at_size(entries: str, due: str, rounds: str) -> dict[str, Any]:
    """Seconds of a tick over so many running entries of which `due` are due, and of a bare UPDATE
    of the same rows; alternating rounds of each on the same state."""
    from django.db import connection
    from django.utils import timezone

    from feeds.models import PoolEntry, PoolTransition
    from feeds.pool_keeper import advance

    now, count, share, moved = timezone.now(), int(entries), int(due), set()
    fill_pools(count, share, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    advance(now=now - timedelta(days=1))
    spent = in_rounds(
        {"tick": lambda: moved.add(advance(now=now)), "bare": lambda: moved.add(bare_update(now))},
        rounds=int(rounds),
        then=tidy,
    )
    assert moved == {share}
    assert share == PoolEntry.objects.filter(due_at__lte=now).count()
    assert not PoolTransition.objects.exists()
    return sum_up(spent, "tick", "bare") | {"entries": count, "due": share}


def bare_update(now: Any) -> int:
    """What any tick must do at least: move the due rows on, in one statement."""
    from feeds.models import PoolEntry

    return PoolEntry.objects.filter(state="running", due_at__lte=now).update(
        tier=1, promised=500, delivered=0, engagement=0.0, discounted_acts=0,
        discounted_score=0.0, discounted_views=0, started_at=now, due_at=now + timedelta(hours=24),
    )  # fmt: skip


def fill_pools(count: int, due: int, now: Any) -> None:
    """Running entries with their live notes; every `count / due`-th is due: of those one in three
    rises, one is settled, and one gets more time."""
    from community.models import Channel
    from feeds.models import LiveNote, PoolEntry

    channels = list(Channel.objects.filter(parent=None).values_list("pk", flat=True))
    every, base = count // due, 10_000_000

    def entry(n: int) -> tuple[Any, ...]:
        is_due, kind = n % every == 0, n // every % 3
        delivered = 60 if not is_due or kind == 2 else 100
        engagement = 30.0 if kind == 0 else 1.0
        # Due by the clock or because its promise is kept; short ones get the next day.
        began = now - timedelta(hours=25 if is_due else 12, seconds=n % 3600)
        at = now - timedelta(seconds=n % 60) if is_due else now + timedelta(hours=11)
        channel = channels[n % len(channels)]
        return (base + n, n % 90_000, channel, "running", 100, delivered, engagement, began, at)

    columns = (
        "note", "author", "root_channel_id", "state", "promised", "delivered", "engagement",
        "started_at", "due_at",
    )  # fmt: skip
    live = ("note", "author", "channel_id", "root_channel_id", "published_at", "recommended")
    # Notes and authors are not looked at by a tick: only what it reads is made.
    fill(PoolEntry, columns, (entry(n) for n in range(count)))
    yesterday = now - timedelta(days=1)
    fill(
        LiveNote,
        live,
        ((base + n, n % 90_000, channels[0], channels[0], yesterday, True) for n in range(count)),
    )


PROBES: dict[str, Callable[..., Any]] = {"tick_at_size": tick_at_size}
