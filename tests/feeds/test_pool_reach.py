"""A promise is what the people of its own time can give."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.models import Profile
from feeds.models import PoolEntry
from feeds.pool_admission import Readers
from feeds.pool_keeper import advance


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
