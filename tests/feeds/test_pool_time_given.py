"""Entries of which nothing can be said yet get time by one statement: the ones that `judge` would
give it to, and no others."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product

import pytest
from django.utils import timezone

from community.rows import insert_rows
from feeds import pool_keeper
from feeds.models import PoolEntry
from feeds.policies import current
from feeds.pool_steps import LATER
from feeds.pools import Move, PoolStats, judge, most_time

pytestmark = pytest.mark.django_db
COLUMNS = (
    "note", "author", "root_channel_id", "state", "tier", "promised", "delivered", "engagement",
    "started_at", "due_at",
)  # fmt: skip
PROMISED = 100
MOMENT = timedelta(seconds=1)


def entries_of_all_kinds(now: datetime) -> dict[int, tuple[int, int, timedelta]]:
    """Due entries, at each tier: short of their promise and not, a moment before each time of the
    rules and a moment after it. By note: (tier, delivered, age)."""
    rules = current()[1].pools
    found = {}
    for tier, rung in enumerate(rules.ladder):
        times = (timedelta(hours=1), timedelta(hours=rung.hours), most_time(tier, rules))
        for delivered, time, late in product((0, 99, 100, 105), times, (-MOMENT, MOMENT)):
            found[10_000 + len(found)] = (tier, delivered, time + late)
    insert_rows(
        PoolEntry,
        COLUMNS,
        [
            (note, 1, 1, "running", tier, PROMISED, delivered, 50.0, now - age, now - MOMENT)
            for note, (tier, delivered, age) in found.items()
        ],
    )
    return found


def test_time_is_given_as_the_rule_says() -> None:
    now, rules = timezone.now(), current()[1].pools
    found = entries_of_all_kinds(now)
    given = pool_keeper.give_time(now=now)
    later = set(PoolEntry.objects.filter(due_at=now + LATER).values_list("pk", flat=True))
    for note, (tier, delivered, age) in found.items():
        verdict = judge(tier, PoolStats(PROMISED, delivered, 50.0), age, 0.04, rules)
        assert (note in later) == (verdict.move in (Move.EXTEND, Move.WAIT)), (tier, delivered, age)
    assert given == len(later) > 0
    assert PoolEntry.objects.filter(due_at__lte=now).count() == len(found) - given
    assert pool_keeper.give_time(now=now) == 0


def test_more_than_one_transaction_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    found = entries_of_all_kinds(now)
    monkeypatch.setattr(pool_keeper, "AT_ONCE", 3)
    some = pool_keeper.give_time(now=now)
    assert 3 < some < len(found)
    assert PoolEntry.objects.filter(due_at=now + LATER).count() == some


def test_what_is_not_due_or_not_running_is_left() -> None:
    now = timezone.now()
    entries_of_all_kinds(now)
    PoolEntry.objects.filter(tier=0).update(due_at=now + timedelta(minutes=5))
    PoolEntry.objects.exclude(tier=0).update(state=PoolEntry.State.SETTLED)
    assert pool_keeper.give_time(now=now) == 0
