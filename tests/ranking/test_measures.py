"""AUC, GAUC, log loss and calibration against their definitions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.ranking import measures

rows = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 5), st.integers(0, 1)), min_size=1, max_size=60
)


def by_pairs(scores, labels):
    """Share of (positive, negative) pairs in the right order, ties a half."""
    wins = [
        1.0 if one > other else 0.5 if one == other else 0.0
        for one, is_one in zip(scores, labels, strict=True)
        for other, is_other in zip(scores, labels, strict=True)
        if is_one and not is_other
    ]
    return sum(wins) / len(wins) if wins else math.nan


@given(rows)
def test_auc_is_the_share_of_pairs_in_order(table):
    _people, scores, labels = zip(*table, strict=True)
    assert measures.auc(scores, labels) == pytest.approx(by_pairs(scores, labels), nan_ok=True)


@given(rows)
def test_gauc_weighs_each_person_by_their_impressions(table):
    people, scores, labels = (np.array(column) for column in zip(*table, strict=True))
    each = [
        (by_pairs(scores[people == one], labels[people == one]), (people == one).sum())
        for one in set(people.tolist())
    ]
    known = [(area, weight) for area, weight in each if not math.isnan(area)]
    expected = (
        sum(area * weight for area, weight in known) / sum(weight for _area, weight in known)
        if known
        else math.nan
    )
    got = measures.auc_per_person(people, scores, labels)
    assert got.mean == pytest.approx(expected, nan_ok=True)


def test_nothing_and_one_outcome_give_no_number():
    assert math.isnan(measures.auc([], []))
    assert math.isnan(measures.auc([0.1, 0.2], [1, 1]))
    assert math.isnan(measures.calibration_error([], []))
    nobody = measures.auc_per_person([], [], [])
    assert all(math.isnan(part) for part in measures.gain(nobody, nobody))


def test_the_gain_and_its_spread_over_people():
    people = np.repeat([1, 2], 2)
    labels = np.array([1, 0, 1, 0])
    right = measures.auc_per_person(people, [2, 1, 2, 1], labels)
    half = measures.auc_per_person(people, [2, 1, 1, 2], labels)
    assert measures.gain(right, half) == (0.5, pytest.approx(math.sqrt(2 * 0.25 * 0.25)))


def test_true_probabilities_are_calibrated_and_doubled_ones_are_not():
    rng = np.random.default_rng(0)
    chance = rng.random(20_000) / 2
    outcome = rng.random(20_000) < chance
    assert measures.calibration_error(chance, outcome) < 0.02
    assert measures.calibration_error(2 * chance, outcome) == pytest.approx(0.25, abs=0.02)
    assert measures.calibration(chance, outcome)[:, 2].sum() == 20_000


def test_log_loss_of_sure_and_wrong_is_large_but_finite():
    assert measures.log_loss([1.0, 0.0], [1, 0]) == pytest.approx(0, abs=1e-6)
    assert measures.log_loss([0.5, 0.5], [1, 0]) == pytest.approx(math.log(2))
    assert math.isfinite(measures.log_loss([0.0], [1]))
