"""The value of a policy from what another one logged: IPS, SNIPS, doubly robust. Pure.

One row is one impression: the reward, the probability with which the logging policy showed the note
there, and the probability with which the other one would. Sources: Horvitz and Thompson 1952;
Swaminathan and Joachims 2015 (SNIPS); Dudik et al. 2011 (doubly robust). Intervals by bootstrap
over people, whose impressions hang together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Fewer effective rows than this, or one row that carries this share of all weight, is no ground.
LEAST_EFFECTIVE = 100.0
LARGEST_SHARE = 0.1
# The mean weight of a sound log is 1.
MEAN_WEIGHT = (0.5, 2.0)
DRAWS = 400

Wide = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Log:
    """Impressions; all arrays have one entry a row. `model` is a guess of the reward of what was
    shown, `model_target` its mean under the other policy; both may be zeros."""

    people: NDArray[np.int64]
    reward: Wide
    logged: Wide
    target: Wide
    model: Wide
    model_target: Wide

    def sound(self) -> Log:
        """The rows that are numbers and whose probabilities are possible."""
        kept = (self.logged > 0) & (self.logged <= 1) & (self.target >= 0) & (self.target <= 1)
        for column in (self.reward, self.model, self.model_target):
            kept &= np.isfinite(column)
        return Log(
            self.people[kept], self.reward[kept], self.logged[kept], self.target[kept],
            self.model[kept], self.model_target[kept],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Replayed:
    """Estimates of the mean reward an impression; None without a row to estimate from."""

    rows: int
    people: int
    effective: float
    ips: Value | None
    snips: Value | None
    dr: Value | None
    # Why not to trust it; empty when nothing speaks against it.
    doubts: tuple[str, ...]


def estimate(log: Log, *, seed: int = 0, draws: int = DRAWS) -> Replayed:
    rows = log.sound()
    if not len(rows.reward):
        return Replayed(0, 0, 0.0, None, None, None, ("there is nothing to replay",))
    weights = rows.target / rows.logged
    people, owner = np.unique(rows.people, return_inverse=True)
    effective = _effective(weights)
    sums = _sums(rows, weights, owner, len(people))
    picks = np.random.default_rng(seed).multinomial(
        len(people), np.full(len(people), 1 / len(people)), size=draws
    )
    again = _values(picks @ sums)
    ips, snips, dr = (
        _value(point, sample)
        for point, sample in zip(_values(sums.sum(axis=0)[None])[:, 0], again, strict=True)
    )
    return Replayed(
        len(weights), len(people), effective, ips, snips, dr,
        _doubts(weights, effective, len(people)),
    )  # fmt: skip


def _effective(weights: Wide) -> float:
    """Kish's effective sample size."""
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0


def _sums(rows: Log, weights: Wide, owner: NDArray[np.intp], people: int) -> Wide:
    """Shape (people, 4): rows, weights, weighted rewards, doubly robust terms."""
    columns = (
        np.ones_like(weights),
        weights,
        weights * rows.reward,
        rows.model_target + weights * (rows.reward - rows.model),
    )
    return np.stack([np.bincount(owner, column, people) for column in columns], axis=1)


def _values(sums: Wide) -> Wide:
    """Shape (3, draws): IPS, SNIPS, DR of summed columns; SNIPS is NaN where nothing has weight."""
    rows, weights, weighted, robust = sums.T
    with np.errstate(divide="ignore", invalid="ignore"):
        snips = np.where(weights > 0, weighted / weights, np.nan)
    return np.stack([weighted / rows, snips, robust / rows])


def _value(point: float, sample: Wide) -> Value | None:
    kept = sample[np.isfinite(sample)]
    if not np.isfinite(point) or not len(kept):
        return None
    low, high = np.percentile(kept, (2.5, 97.5))
    return Value(float(point), float(low), float(high))


def _doubts(weights: Wide, effective: float, people: int) -> tuple[str, ...]:
    total = float(weights.sum())
    rules = (
        (people >= 2, "one person alone gives no interval"),
        (
            effective >= LEAST_EFFECTIVE,
            f"only {effective:.0f} impressions count; {LEAST_EFFECTIVE:.0f} are needed",
        ),
        (
            total > 0 and float(weights.max()) <= LARGEST_SHARE * total,
            "a few impressions carry most of the weight",
        ),
        (
            MEAN_WEIGHT[0] <= total / len(weights) <= MEAN_WEIGHT[1],
            f"the mean weight is {total / len(weights):.2f} and should be 1: "
            "much of what would be shown was never shown",
        ),
    )
    return tuple(doubt for holds, doubt in rules if not holds)
