"""Weights grow with acts and halve with time, in whatever order acts arrive."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.profiles import HalfLives, Weight, decay, normalised, reinforce

NOW = datetime(2026, 11, 1, tzinfo=UTC)
MONTH = timedelta(days=30)
HALVES = HalfLives(MONTH, timedelta(minutes=40))


def test_a_weight_halves_after_each_half_life():
    assert decay(Weight(8, NOW), to=NOW + 2 * MONTH, half_life=MONTH) == pytest.approx(2)


@given(st.permutations([(1.0, 0), (2.0, 5), (-1.0, 9), (4.0, 30)]))
def test_acts_commute(acts):
    weight = None
    for points, day in acts:
        weight = reinforce(weight, by=points, at=NOW + timedelta(days=day), halves=HALVES)
    at_end = decay(weight, to=NOW + timedelta(days=30), half_life=MONTH)
    expected = 1 * 0.5**1 + 2 * 0.5 ** (25 / 30) - 1 * 0.5 ** (21 / 30) + 4
    assert at_end == pytest.approx(expected)


def test_what_is_taken_back_leaves_nothing():
    liked = reinforce(None, by=2, at=NOW, halves=HALVES)
    undone = reinforce(liked, by=-2, at=NOW, halves=HALVES)
    assert undone.value == 0
    assert normalised({7: undone.value}) == {}
