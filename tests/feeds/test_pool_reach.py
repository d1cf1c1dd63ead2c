"""A promise is what the people of its own time can give."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Profile
from feeds.models import PoolEntry
from feeds.policy import Pools
from feeds.pool_admission import Readers
from feeds.pool_keeper import advance
from feeds.pools import reachable


def came(people, *, days_ago):
    day = (timezone.now() - timedelta(days=days_ago)).date()
    Profile.objects.filter(person__in=people).update(active_on=day)


def test_people_of_last_week_are_no_readers_of_a_day(alice, make_person, make_note, work_off):
    crowd = [make_person(f"reader{n}") for n in range(9)]
    came(crowd[:4], days_ago=5)
    now = timezone.now()
    assert Readers(now).within(24) == 5
    assert Readers(now).within(72) == 5
    assert Readers(now).within(24 * 7) == 9
    note = make_note(alice)
    work_off()
    assert PoolEntry.objects.get(note=note).promised == 5


def test_the_promise_grows_when_more_come(alice, make_person, make_note, work_off):
    crowd = [make_person(f"reader{n}") for n in range(9)]
    came(crowd[:4], days_ago=5)
    note = make_note(alice)
    work_off()
    came(crowd, days_ago=0)
    advance(now=timezone.now())
    assert PoolEntry.objects.get(note=note).promised == 9


def test_each_number_is_looked_up_once(alice, django_assert_num_queries):
    readers = Readers(timezone.now())
    with django_assert_num_queries(2):
        for _time in range(3):
            readers.within(24)
            readers.within(48)


def test_a_higher_pool_promises_half_of_the_readers(alice, make_person, make_note, work_off):
    came([make_person(f"reader{n}") for n in range(9)], days_ago=0)
    note = make_note(alice)
    work_off()
    now = timezone.now()
    # Its first readers liked it, so that the gate is open.
    PoolEntry.objects.filter(note=note).update(delivered=9, engagement=9.0, due_at=now)
    advance(now=now)
    entry = PoolEntry.objects.get(note=note)
    assert (entry.tier, entry.promised) == (1, 4)


@pytest.mark.parametrize(
    ("tier", "readers", "share", "possible"),
    [(0, 100, 0.5, 100), (1, 100, 0.5, 50), (3, 101, 0.5, 50), (1, 100, 1.0, 100), (2, 0, 0.5, 0)],
)
def test_how_many_of_its_readers_a_pool_may_promise(tier, readers, share, possible):
    assert reachable(tier, readers, Pools(upper_share=share)) == possible
