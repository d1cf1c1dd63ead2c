"""Estimators against a world whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from feeds.lab.estimators import Log, estimate

ACTIONS = 5


def world(seed: int, people: int = 150, each: int = 20, guess: float = 1.0) -> tuple[Log, float]:
    """A log of five possible notes an impression, and the true value of the other policy."""
    draw = np.random.default_rng(seed)
    truth = np.array([0.1, 0.2, 0.3, 0.5, 0.7])
    logging = np.array([0.35, 0.25, 0.2, 0.1, 0.1])
    other = np.array([0.1, 0.1, 0.2, 0.25, 0.35])
    shown = draw.choice(ACTIONS, people * each, p=logging)
    model = guess * truth
    log = Log(
        people=np.repeat(np.arange(people), each),
        reward=draw.binomial(1, truth[shown]).astype(float),
        logged=logging[shown],
        target=other[shown],
        model=model[shown],
        model_target=np.full(len(shown), other @ model),
    )
    return log, float(other @ truth)


@pytest.mark.parametrize("guess", [0.0, 0.8, 1.0])
def test_the_truth_lies_in_the_intervals_about_as_often_as_they_say(guess):
    inside = np.zeros(3)
    for seed in range(100):
        log, truth = world(seed, guess=guess)
        found = estimate(log, seed=seed, draws=200)
        assert not found.doubts
        for place, value in enumerate((found.ips, found.snips, found.dr)):
            inside[place] += value.low <= truth <= value.high
    assert (inside >= 87).all()


def test_all_are_unbiased_and_doubly_robust_varies_less():
    values = []
    for seed in range(200):
        log, truth = world(seed)
        found = estimate(log, draws=2)
        values.append((found.ips.value, found.snips.value, found.dr.value))
    table = np.array(values)
    assert table.mean(axis=0) == pytest.approx(truth, abs=0.006)
    assert table[:, 2].var() < 0.7 * table[:, 0].var()


def test_the_logging_policy_itself_is_its_mean():
    log, _ = world(1)
    same = Log(log.people, log.reward, log.logged, log.logged, log.model, log.model)
    assert estimate(same).ips.value == pytest.approx(log.reward.mean())


def test_exploding_weights_are_not_trusted():
    log, _ = world(2)
    tiny = np.where(np.arange(len(log.logged)) == 0, 1e-6, log.logged)
    found = estimate(Log(log.people, log.reward, tiny, log.target, log.model, log.model_target))
    assert any("carry most" in doubt for doubt in found.doubts)
    assert found.effective < 2


def test_nothing_one_person_and_broken_rows_say_so():
    log, _ = world(3, people=1, each=5)
    assert "one person" in estimate(log).doubts[0]
    broken = Log(
        log.people, np.full(5, np.nan), log.logged, log.target, log.model, log.model_target
    )
    empty = estimate(broken)
    assert empty.ips is None
    assert empty.doubts == ("there is nothing to replay",)
    never = Log(log.people, log.reward, log.logged, np.zeros(5), log.model, log.model_target)
    assert estimate(never).snips is None
