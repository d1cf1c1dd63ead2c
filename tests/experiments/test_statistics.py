"""The arithmetic of experiments against closed forms and simulations."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from feeds.experiments import buckets
from feeds.experiments.statistics import (
    cuped,
    lift_of,
    mean_of,
    ratio_alarms,
    ratio_of,
    sample_ratio,
)
from feeds.inequality import gini


def test_a_mean_has_students_interval():
    found = mean_of([1, 2, 3, 4])
    assert found is not None
    assert found.value == 2.5
    reach = stats.t.ppf(0.975, 3) * np.sqrt((5 / 3) / 4)
    assert found.high == pytest.approx(2.5 + reach)


@pytest.mark.parametrize("values", [[], [np.nan], [np.inf, np.nan]])
def test_nothing_has_no_mean(values):
    assert mean_of(values) is None


def test_one_person_has_a_mean_and_no_interval():
    found = mean_of([3.0, np.nan])
    assert found is not None
    assert (found.value, found.low, found.units) == (3.0, None, 1)
    assert lift_of(found, found).p is None


def test_no_variance_gives_a_lift_and_no_verdict():
    found = lift_of(mean_of([2, 2, 2]), mean_of([1, 1, 1]))
    assert (found.value, found.low, found.p) == (1.0, None, None)


def test_p_is_that_of_welch():
    draw = np.random.default_rng(1)
    a, b = draw.normal(5, 1, 40), draw.normal(5.3, 3, 25)
    expected = stats.ttest_ind(b, a, equal_var=False).pvalue
    assert lift_of(mean_of(b), mean_of(a)).p == pytest.approx(expected)


def test_two_arms_alike_differ_in_about_one_of_twenty_trials():
    draw = np.random.default_rng(2)
    ps = [
        lift_of(mean_of(draw.poisson(2, 200)), mean_of(draw.poisson(2, 200))).p
        for _ in range(1_000)
    ]
    assert 0.03 < np.mean(np.array(ps) < 0.05) < 0.07


def test_ratios_hold_their_error_when_impressions_of_a_person_hang_together():
    draw = np.random.default_rng(3)

    def arm():
        seen = draw.geometric(0.05, 200)
        return ratio_of(draw.binomial(seen, draw.beta(1, 9, 200)), seen)

    ps = np.array([lift_of(arm(), arm()).p for _ in range(1_000)])
    assert 0.03 < (ps < 0.05).mean() < 0.075


def test_a_known_effect_is_found_and_lies_in_the_interval():
    draw = np.random.default_rng(4)
    hits = 0
    for _ in range(200):
        found = lift_of(mean_of(draw.normal(11, 2, 400)), mean_of(draw.normal(10, 2, 400)))
        assert found.p is not None
        assert found.p < 0.05
        hits += found.low < 0.1 < found.high
    assert hits >= 180


def test_the_past_takes_variance_away_and_leaves_the_mean():
    draw = np.random.default_rng(5)
    past = [draw.normal(10, 3, 500) for _ in range(2)]
    now = [arm + draw.normal(0, 1, 500) for arm in past]
    adjusted, saved = cuped(now, past)
    assert saved == pytest.approx(0.9, abs=0.03)
    assert np.concatenate(adjusted).mean() == pytest.approx(np.concatenate(now).mean())


def test_a_past_without_spread_changes_nothing():
    now = [np.array([1.0, 2, 3]), np.array([2.0, 3])]
    adjusted, saved = cuped(now, [np.ones(3), np.ones(2)])
    assert saved == 0
    assert all((a == b).all() for a, b in zip(adjusted, now, strict=True))


def test_a_sample_ratio_off_its_shares_alarms():
    assert ratio_alarms(sample_ratio([5_000, 5_400], [500, 500]))
    assert not ratio_alarms(sample_ratio([5_000, 5_080], [500, 500]))
    assert sample_ratio([0, 0], [500, 500]) is None


@pytest.mark.parametrize(
    ("values", "expected"), [([1, 1, 1], 0), ([0, 0, 0, 1], 0.75), ([1, 3], 0.25)]
)
def test_gini(values, expected):
    assert gini(values) == pytest.approx(expected)
    assert gini([0, 0]) is None


def test_buckets_are_even_and_layers_independent():
    a = np.array([buckets.bucket_of("a", unit) for unit in range(20_000)])
    b = np.array([buckets.bucket_of("b", unit) for unit in range(20_000)])
    assert stats.chisquare(np.bincount(a // 100, minlength=10)).pvalue > 0.001
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.03
    arms = np.bincount([buckets.arm_of("x", unit, [900, 100]) for unit in range(20_000)])
    assert stats.binomtest(int(arms[1]), 20_000, 0.1).pvalue > 0.001


def test_overlapping_ranges_and_wrong_shares_are_named():
    assert "another experiment" in buckets.faults_of_range(100, 50, [(149, 10)])[0]
    assert not buckets.faults_of_range(100, 50, [(150, 10), (50, 50)])
    assert buckets.faults_of_range(0, 10, [])
    assert buckets.faults_of_shares([500, 400]) == ["arms: shares must sum to 1000, not 900"]
    assert buckets.faults_of_shares([1_000])
