"""Arithmetic of the interest profile: weights that grow with acts and halve with time. Pure.

A weight is exact at its `as_of` time; exponential decay makes late and early acts commute: adding
an act of yesterday today gives what adding it yesterday would have given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

# Weights this small say nothing and are dropped.
NEGLIGIBLE = 0.05


@dataclass(frozen=True, slots=True)
class Weight:
    value: float
    as_of: datetime


def decay(weight: Weight, *, to: datetime, half_life: timedelta) -> float:
    """The weight's value at another time: half after each half-life, double before."""
    return weight.value * 0.5 ** ((to - weight.as_of) / half_life)


def reinforce(weight: Weight | None, *, by: float, at: datetime, half_life: timedelta) -> Weight:
    """Add an act of strength `by` that happened at `at`; the later of both times is kept."""
    if weight is None:
        return Weight(by, at)
    if at >= weight.as_of:
        return Weight(decay(weight, to=at, half_life=half_life) + by, at)
    return Weight(weight.value + by * 0.5 ** ((weight.as_of - at) / half_life), weight.as_of)


def normalised(weights: dict[int, float]) -> dict[int, float]:
    """Positive weights divided by the largest: a busy person is no louder than another."""
    strongest = max(weights.values(), default=0.0)
    if strongest <= 0:
        return {}
    return {key: value / strongest for key, value in weights.items() if value > NEGLIGIBLE}
