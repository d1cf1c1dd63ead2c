"""The simulated community keeps the books that the figures are read from."""

import numpy as np
import pytest

from feeds.evaluation.pools import figures_of
from feeds.evaluation.tidepool import Scale, Tidepool
from feeds.policy import Policy

SMALL = Scale(readers=500, live=200, new_a_day=4, pages_a_day=600, days=4, warm_days=1)


@pytest.fixture(scope="module")
def arms():
    with_slots = Tidepool(SMALL, Policy(), seed=5)
    without = Tidepool(SMALL, Policy(), seed=5, slots=False)
    return with_slots, with_slots.run(), without, without.run()


def test_slots_keep_a_promise_that_the_natural_ranking_does_not(arms):
    _, kept, _, natural = arms
    figures = figures_of([kept], [natural])
    assert figures["reached_100"] > figures["natural_reached_100"]
    assert figures["reached_100"] > 0.9


def test_nobody_sees_a_note_twice_and_no_pool_counts_beyond_its_limit(arms):
    pool, kept, _, _ = arms
    past = SMALL.live
    assert np.array_equal(pool.met.sum(axis=0)[past:], pool.notes.seen[past:])
    assert kept.over.max() <= 1.05


def test_the_same_seed_gives_the_same_days_and_both_arms_the_same_people(arms):
    pool, kept, without, _ = arms
    again = Tidepool(SMALL, Policy(), seed=5).run()
    assert np.array_equal(again.first_day, kept.first_day)
    assert np.array_equal(pool.notes.worth, without.notes.worth)
    assert not without.notes.running.any()
