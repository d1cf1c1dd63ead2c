"""Many processes at the edge of one note's quota: none of them knows what the others just gave."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from feeds import pool_delivery, pool_slots
from feeds.models import PoolDelivery, PoolEntry
from feeds.policies import current
from feeds.qualification import Sight
from feeds.tokens import ServedCard
from feeds.trust.weights import WHOLE

NOTE, AUTHOR, READERS, PROMISED = 1, 1, 200, 100
MOST = 105


class WorkerKilled(Exception):
    pass


@pytest.fixture
def edge(file_database):
    """A note with ten slots left; to every process it seems to have plenty."""
    now = timezone.now()
    PoolEntry.objects.create(
        note_id=NOTE, author_id=AUTHOR, root_channel_id=1, state="running", promised=PROMISED,
        delivered=95, started_at=now, due_at=now + timedelta(hours=24),
    )  # fmt: skip
    PoolDelivery.objects.bulk_create(
        PoolDelivery(note_id=NOTE, tier=0, person_id=9_000 + n, reserved_at=now, seen_at=now)
        for n in range(95)
    )
    return now


def open_note():
    return pool_slots.OpenNote(NOTE, AUTHOR, PROMISED, 0, 10_000, (), "1", 1.0)


def takes(reader, now):
    """A process of its own, as far as the rows can tell."""
    _version, policy = current()
    return len(pool_slots.reserve([open_note()], viewer_id=reader, policy=policy, now=now))


def sees(reader, now):
    sight = Sight(ServedCard(NOTE, 0, "pool0"), AUTHOR, WHOLE, now)
    with transaction.atomic():
        return bool(pool_delivery.confirm([sight], viewer_id=reader, now=now))


@pytest.mark.letter("C1")
def test_two_hundred_readers_at_once_get_the_slots_that_are_left_and_no_more(edge, at_once):
    given = at_once([lambda r=r: takes(r, edge) for r in range(100, 100 + READERS)], threads=16)
    assert Counter(given) == {1: MOST - 95, 0: READERS - (MOST - 95)}
    assert PoolDelivery.objects.filter(seen_at=None).count() == MOST - 95


@pytest.mark.letter("C1")
def test_reports_of_two_hundred_at_once_end_at_the_edge_with_workers_killed(edge, at_once):
    """Every third worker dies before its commit and the report comes again, twice."""

    def report(reader):
        if reader % 3 == 0:
            try:
                with transaction.atomic():
                    sees(reader, edge)
                    raise WorkerKilled
            except WorkerKilled:
                pass
        return [sees(reader, edge), sees(reader, edge)]

    answers = at_once([lambda r=r: report(r) for r in range(100, 100 + READERS)], threads=16)
    counted = [answer for pair in answers for answer in pair]
    assert Counter(counted) == {True: MOST - 95, False: 2 * READERS - (MOST - 95)}
    entry = PoolEntry.objects.get(pk=NOTE)
    assert entry.delivered == MOST
    assert PoolDelivery.objects.filter(seen_at__isnull=False).count() == MOST


def test_a_slot_of_a_worker_that_died_is_free_again_after_its_time(edge, at_once):
    at_once([lambda r=r: takes(r, edge) for r in range(100, 120)], threads=4)
    assert takes(500, edge + timedelta(minutes=9)) == 0
    assert takes(500, edge + timedelta(minutes=11)) == 1


def test_ones_own_reservation_is_renewed_and_takes_no_second_slot(edge):
    assert [takes(100, edge) for _ in range(30)] == [1] * 30
    assert sum(takes(reader, edge) for reader in range(101, 140)) == MOST - 95 - 1


@pytest.mark.parametrize("change", [{"state": "held"}, {"tier": 1}])
def test_a_note_that_left_the_pool_meanwhile_gets_no_slot(edge, change):
    PoolEntry.objects.update(**change)
    assert takes(100, edge) == 0


def test_a_page_without_new_notes_asks_nothing(db, django_assert_num_queries):
    _version, policy = current()
    with django_assert_num_queries(0):
        assert pool_slots.reserve([], viewer_id=1, policy=policy, now=timezone.now()) == []
