"""What acts amount to: a table, and what no order of them may break."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.learning.acts import Acts, engaged_of

OPEN, DWELL, LIKE, UNLIKE, COLLECT, UNCOLLECT, HIDE = range(1, 8)
RULES = {
    "strengths": {OPEN: 0.5, DWELL: 1.0, LIKE: 2.0, COLLECT: 3.0},
    "long_read": (DWELL, 8.0),
    "undone": {UNLIKE: LIKE, UNCOLLECT: COLLECT},
    "hide": HIDE,
}


def engaged(rows, most=100):
    """Of rows (person, note, kind, value), the oldest first: {(person, note): weight}."""
    newest_first = list(reversed(rows))
    rows = sorted(newest_first, key=lambda row: row[0])
    person, note, kind = (np.array([row[i] for row in rows], np.int64) for i in range(3))
    acts = Acts(person, note, kind, np.array([row[3] for row in rows], np.float64))
    found = engaged_of(acts, most=most, **RULES)
    pairs = zip(found.person.tolist(), found.note.tolist(), strict=True)
    return dict(zip(pairs, found.weight.tolist(), strict=True))


@pytest.mark.parametrize(
    ("kinds", "weight"),
    [
        ([OPEN], 0.5),
        ([OPEN, LIKE], 2.0),
        ([LIKE, OPEN, OPEN], 2.0),
        ([LIKE, COLLECT], 3.0),
        ([LIKE, UNLIKE], None),
        ([OPEN, LIKE, UNLIKE], 0.5),
        ([LIKE, UNLIKE, LIKE], 2.0),
        ([LIKE, UNLIKE] * 50, None),
        ([LIKE, COLLECT, UNCOLLECT], 2.0),
        ([LIKE, COLLECT, UNLIKE], 3.0),
        ([UNLIKE], None),
        ([LIKE, HIDE], None),
        ([HIDE, COLLECT], None),
        ([], None),
    ],
)
def test_the_strongest_act_that_stands_is_the_weight(kinds, weight):
    found = engaged([(1, 7, kind, 1.0) for kind in kinds])
    assert found == ({(1, 7): weight} if weight else {})


@pytest.mark.parametrize(
    ("seconds", "weight"),
    [(7.9, None), (8.0, 1.0), (np.nan, None), (np.inf, 1.0), (-np.inf, None)],
)
def test_a_dwell_counts_when_it_was_a_long_read(seconds, weight):
    assert engaged([(1, 7, DWELL, seconds)]) == ({(1, 7): weight} if weight else {})


def test_a_person_counts_with_their_latest_notes():
    rows = [(1, note, LIKE, 1.0) for note in range(10_000)] + [(2, 5, OPEN, 1.0)]
    found = engaged(rows, most=3)
    assert set(found) == {(1, 9_999), (1, 9_998), (1, 9_997), (2, 5)}


def test_what_was_taken_back_takes_no_place_of_the_latest():
    rows = [(1, 1, OPEN, 1.0)]
    rows += [(1, note, kind, 1.0) for note in range(2, 9) for kind in (LIKE, UNLIKE)]
    assert engaged(rows, most=1) == {(1, 1): 0.5}


acts = st.tuples(st.integers(1, 4), st.integers(1, 6), st.integers(1, 9), st.floats(width=32))


@given(st.lists(acts, max_size=60), st.integers(1, 4))
def test_one_cell_a_pair_never_more_than_the_most_and_always_a_positive_number(rows, most):
    found = engaged(rows, most=most)
    people = [person for person, _note in found]
    assert all(people.count(person) <= most for person in people)
    assert all(0 < weight <= 3.0 for weight in found.values())
    assert set(found) <= {row[:2] for row in rows}
