"""The database says the same day as the clock on the author's wall."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Profile
from feeds.insights.local_days import HourOf, local_day, shifts
from feeds.models import Event

# Clocks that change, that are half an hour or a quarter off, and that skipped a day.
ZONES = ["", "Asia/Shanghai", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe",
         "Africa/Casablanca", "Pacific/Apia"]  # fmt: skip
ZONE = "note__author__profile__time_zone"
SINCE, UNTIL = datetime(2011, 12, 1, tzinfo=UTC), datetime(2026, 3, 31, tzinfo=UTC)


@pytest.mark.parametrize("name", ZONES[1:])
def test_shifts_are_those_of_the_clock_to_the_second(name):
    zone = ZoneInfo(name)
    found = shifts(zone, SINCE, UNTIL)
    assert found[-1][0] is None
    for (end, ahead), (_next, then) in pairwise(found):
        second = timedelta(seconds=1)
        assert (end - second).astimezone(zone).utcoffset() == timedelta(seconds=ahead)
        assert end.astimezone(zone).utcoffset() == timedelta(seconds=then)


def test_a_moment_and_no_time_at_all_have_one_shift():
    assert shifts(ZoneInfo("Asia/Shanghai"), SINCE, SINCE) == ((None, 28_800),)


@pytest.mark.django_db
def test_days_and_hours_of_many_zones_at_once(make_person, make_note):
    chance, zones = Random(3), {}
    for n, name in enumerate(ZONES):
        author = make_person(f"author{n}")
        Profile.objects.filter(person=author).update(time_zone=name)
        zones[make_note(author).pk] = ZoneInfo(name or "UTC")
    Event.objects.all().delete()
    last_moment = datetime(2026, 3, 8, 23, 59, 59, 999_999, tzinfo=UTC)
    moments = [SINCE, UNTIL, last_moment, datetime(2026, 3, 8, 7, tzinfo=UTC)] + [
        SINCE + chance.random() * (UNTIL - SINCE) for _ in range(200)
    ]
    Event.objects.bulk_create(
        Event(note_id=note, kind=Event.Kind.OPEN, at=at) for note in zones for at in moments
    )
    day = local_day("at", ZONE, names=ZONES, since=SINCE, until=UNTIL)
    rows = Event.objects.annotate(day=day, hour=HourOf("at")).values_list(
        "note_id", "at", "day", "hour"
    )
    for note, at, found, hour in rows:
        assert found == at.astimezone(zones[note]).date(), (zones[note], at)
        assert hour == at.replace(minute=0, second=0, microsecond=0)
