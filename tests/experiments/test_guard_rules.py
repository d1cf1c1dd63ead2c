"""When a guard breaks: only with certainty, only with enough, and never because we look often."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.experiments.guards import GUARDS, Measured, State, broken, verdict
from feeds.experiments.sequential import always_valid
from feeds.experiments.statistics import Estimate, jackknife, ratio_of, share_of
from feeds.inequality import gini
from feeds.policy import Guardrails

RULES = Guardrails()
NAMES = [guard.name for guard in GUARDS]


def measured(value, error, *, weight=50_000, units=2_000):
    return Measured(Estimate(value, None, None, units, error**2), weight)


@pytest.mark.parametrize(
    ("name", "before", "after", "error", "state"),
    [
        ("engagement per impression", 0.20, 0.20, 0.002, State.KEPT),
        ("engagement per impression", 0.20, 0.19, 0.0001, State.KEPT),  # certain and tolerated
        ("engagement per impression", 0.20, 0.12, 0.002, State.BROKEN),
        ("engagement per impression", 0.20, 0.12, 0.05, State.KEPT),  # large and not certain
        ("engagement per impression", 0.20, 0.30, 0.002, State.KEPT),  # better
        ("unwanted per impression", 0.010, 0.050, 0.002, State.BROKEN),
        ("unwanted per impression", 0.050, 0.010, 0.002, State.KEPT),
        ("unwanted per impression", 0.0, 0.001, 0.0001, State.KEPT),  # few of nothing
        ("reports per impression", 0.0, 0.01, 0.001, State.BROKEN),
        ("promises kept", 0.99, 0.80, 0.01, State.BROKEN),
        ("promises kept", 0.99, 0.97, 0.001, State.KEPT),
        ("empty lists", 0.01, 0.30, 0.01, State.BROKEN),
        ("empty lists", 0.30, 0.01, 0.01, State.KEPT),
    ],
)
def test_a_guard_breaks_only_where_the_whole_interval_is_beyond(name, before, after, error, state):
    [found] = verdict({name: measured(before, error)}, {name: measured(after, error)}, RULES)
    assert found.state == state
    assert found.low <= found.difference <= found.high


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("little", [{"weight": 999}, {"units": 29}])
def test_too_little_on_either_side_is_no_verdict(side, little):
    sides = {"before": measured(0.2, 0.001), "after": measured(0.1, 0.001)}
    sides[side] = measured(sides[side].estimate.value, 0.001, **little)
    [found] = verdict(
        *({"engagement per impression": sides[s]} for s in ("before", "after")), RULES
    )
    assert (found.state, found.low) == (State.FEW, None)


def test_what_has_no_figure_on_one_side_is_not_judged():
    assert verdict({}, {"promises kept": measured(0.1, 0.01)}, RULES) == []


def test_nothing_varies_and_nothing_differs_is_kept():
    [found] = verdict({"empty lists": measured(0, 0)}, {"empty lists": measured(0, 0)}, RULES)
    assert found.state == State.KEPT


@given(
    st.sampled_from(NAMES), st.floats(0, 1), st.floats(0, 1), st.floats(1e-6, 1), st.floats(1, 50)
)
def test_less_certain_is_never_more_broken(name, before, after, error, factor):
    sharp = verdict({name: measured(before, error)}, {name: measured(after, error)}, RULES)
    blurred_error = error * factor
    blurred = verdict(
        {name: measured(before, blurred_error)}, {name: measured(after, blurred_error)}, RULES
    )
    assert len(broken(blurred)) <= len(broken(sharp))


def test_looking_at_every_step_seldom_finds_what_is_not_there():
    """400 harmless changes, each looked at 200 times: an interval for one look would be wrong in
    many of them, this one in at most alpha."""
    chance = np.random.default_rng(7)
    steps = chance.normal(size=(400, 200)).cumsum(axis=1)
    looks = np.arange(1, 201)
    means = steps / looks
    reach = np.array([always_valid(1 / n, alpha=0.05, scale=0.2) for n in looks])
    assert (np.abs(means) > reach).any(axis=1).mean() <= 0.05
    assert (np.abs(means) > 1.96 / np.sqrt(looks)).any(axis=1).mean() > 0.3


def test_a_share_of_nothing_or_all_is_not_certain():
    assert share_of(0, 0) is None
    none, every = share_of(0, 50), share_of(50, 50)
    assert (none.value, every.value) == (0, 1)
    assert 0.02 < none.high < 0.15
    assert 0.85 < every.low < 0.98


def test_the_jackknife_of_a_mean_is_the_error_of_a_mean():
    values = np.random.default_rng(3).normal(5, 2, 40)
    without = [float(np.delete(values, n).mean()) for n in range(40)]
    found = jackknife(float(values.mean()), without)
    assert found.variance == pytest.approx(values.var(ddof=1) / 40)
    assert jackknife(None, without) is None
    assert jackknife(1.0, [1.0, None]).low is None
    assert gini([1, 1, 1]) == pytest.approx(0)
    assert ratio_of([1, 2], [0, 0]) is None
