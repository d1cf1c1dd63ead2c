"""The schedule of a note follows when people read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds import pool_slots
from feeds.models import NoteHour, PoolEntry
from feeds.policies import current
from feeds.remembered import Remembered
from feeds.supply import expected_supply, learn_supply
from feeds.supply_rules import (
    NOTHING_KNOWN,
    WEEK,
    forecast,
    forecast_of,
    hour_of_week,
    weighted,
)

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)
# Nobody reads from midnight to six.
DAYS = forecast_of([0.0 if hour % 24 < 6 else 100.0 for hour in range(WEEK)], WEEK)
weeks = st.lists(st.floats(0, 1e5), min_size=WEEK, max_size=WEEK)


@pytest.mark.parametrize(
    ("at", "hour"),
    [
        (MONDAY, 0),
        (MONDAY + 5.5 * HOUR, 5),
        (MONDAY - HOUR, 167),
        (datetime(2020, 1, 1, 3, tzinfo=UTC), 51),
    ],
)
def test_the_hour_of_the_week(at, hour):
    assert hour_of_week(at) == hour


@pytest.mark.parametrize(
    ("counts", "mean"),
    [([], 0), ([8], 8), ([8, 8, 8], 8), ([0, 10], pytest.approx(5.882, abs=1e-3))],
)
def test_later_weeks_weigh_more_and_a_first_one_counts_fully(counts, mean):
    assert weighted(counts) == pytest.approx(mean)


@pytest.mark.parametrize(
    ("start", "hours", "share"),
    [(2, 3, 0.0), (2, 4, 0.0), (2, 13, 0.5), (2, 24, 1.0), (2, 40, 1.0)],
)
def test_a_note_of_two_at_night_is_not_behind_at_five(start, hours, share):
    born = MONDAY + start * HOUR
    assert DAYS.share(born, born + hours * HOUR, 24) == pytest.approx(share)


def test_with_too_little_history_time_passes_evenly():
    short = forecast_of(DAYS.expected, WEEK - 1)
    for known in (NOTHING_KNOWN, short):
        assert known.share(MONDAY, MONDAY + 6 * HOUR, 24) == 0.25


@given(weeks, st.integers(0, 10_000), st.floats(0, 48), st.floats(0, 48))
def test_the_share_grows_from_0_to_1_whenever_a_note_begins(expected, begin, one, other):
    known, start = forecast_of(expected, WEEK), MONDAY + begin * timedelta(minutes=7)
    early, late = sorted((one, other))
    shares = [known.share(start, start + age * HOUR, 24) for age in (0, early, late, 24)]
    assert shares[0] == pytest.approx(0, abs=1e-6)
    assert shares[-1] == pytest.approx(1, abs=1e-6)
    assert 0 <= shares[1] <= shares[2] + 1e-6 <= 1 + 2e-6


def test_an_hour_that_is_missing_had_no_readers():
    found = forecast({MONDAY: 7}, since=MONDAY, until=MONDAY + WEEK * HOUR)
    assert found.expected == pytest.approx([7.0, *[0.0] * (WEEK - 1)])
    assert found.hours == WEEK


def test_it_is_learnt_from_the_roll_ups_and_again_without_a_difference(alice, make_note):
    note, now = make_note(alice), MONDAY + 30 * timedelta(minutes=1)
    for day in range(1, 9):
        NoteHour.objects.create(note=note, hour=MONDAY - day * 24 * HOUR, impressions=50)
    for _time in range(2):
        assert learn_supply(now=now) == 8 * 24
        Remembered.forget_everything()
        known = expected_supply()
        assert known.is_known
        assert known.between(MONDAY, MONDAY + HOUR) == pytest.approx(50)
        assert known.between(MONDAY + HOUR, MONDAY + 24 * HOUR) == pytest.approx(0)


def test_without_roll_ups_nothing_is_forecast(db):
    assert learn_supply(now=MONDAY) == 0
    assert not expected_supply().is_known


def test_a_slot_at_dawn_is_worth_more_where_readers_came_by_night(
    alice, bob, make_note, work_off, monkeypatch
):
    make_note(alice)
    work_off()
    born = MONDAY + 2 * HOUR
    PoolEntry.objects.update(promised=100, started_at=born, due_at=born + 24 * HOUR)
    monkeypatch.setattr(pool_slots, "sampled_rate", lambda _engagement, _delivered: 0.5)

    def worth(known):
        Remembered.forget_everything()
        monkeypatch.setattr(pool_slots, "expected_supply", lambda: known)
        (found,) = pool_slots.open_notes(current()[1], born + 3 * HOUR)
        return found.worth

    assert worth(NOTHING_KNOWN) == pytest.approx(4 / 24)
    assert worth(DAYS) == pytest.approx(0.05)  # nobody has read since: not behind
