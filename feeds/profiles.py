"""Arithmetic of the interest profile: weights that grow with acts and halve with time. Pure.

A weight is exact at its `as_of` time; exponential decay makes late and early acts commute: adding
an act of yesterday today gives what adding it yesterday would have given. Each subject has two
weights: one that lasts for weeks and one of this sitting that is gone within hours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

# Weights this small say nothing and are dropped.
NEGLIGIBLE = 0.05
# Points of acts within one sitting that make its interests count in full: two likes and a save.
A_SITTING = 6.0


@dataclass(frozen=True, slots=True)
class HalfLives:
    lasting: timedelta
    recent: timedelta


@dataclass(frozen=True, slots=True)
class Weight:
    """Points at `as_of`: all that was ever added, and the part of this sitting."""

    value: float
    as_of: datetime
    recent: float = 0.0


def decay(weight: Weight, *, to: datetime, half_life: timedelta) -> float:
    """The lasting points at another time: half after each half-life, double before."""
    return weight.value * _factor(to - weight.as_of, half_life)


def decay_recent(weight: Weight, *, to: datetime, half_life: timedelta) -> float:
    """The points of this sitting at another time."""
    return weight.recent * _factor(to - weight.as_of, half_life)


def reinforce(weight: Weight | None, *, by: float, at: datetime, halves: HalfLives) -> Weight:
    """Add an act of strength `by` that happened at `at`; the later of both times is kept."""
    if weight is None:
        return Weight(by, at, by)
    if at >= weight.as_of:
        return Weight(
            decay(weight, to=at, half_life=halves.lasting) + by,
            at,
            decay_recent(weight, to=at, half_life=halves.recent) + by,
        )
    late = weight.as_of - at
    return Weight(
        weight.value + by * _factor(late, halves.lasting),
        weight.as_of,
        weight.recent + by * _factor(late, halves.recent),
    )


def normalised(weights: Mapping[int, float]) -> dict[int, float]:
    """Positive weights divided by the largest: a busy person is no louder than another."""
    strongest = max(weights.values(), default=0.0)
    if strongest <= 0:
        return {}
    return {key: value / strongest for key, value in weights.items() if value > NEGLIGIBLE}


def sitting(recent: Mapping[int, float]) -> dict[int, float]:
    """Weights of this sitting, at most 1: one open says little, a handful of likes says all."""
    loudest = max(recent.values(), default=0.0)
    scale = max(loudest, A_SITTING)
    return {key: value / scale for key, value in recent.items() if value > NEGLIGIBLE}


def blended(
    lasting: Mapping[int, float], recent: Mapping[int, float], *, share: float
) -> dict[int, float]:
    """What lasts and what this sitting adds, scaled to a strongest weight of 1."""
    long, short = normalised(lasting), sitting(recent)
    keys = long.keys() | short.keys()
    return normalised({key: long.get(key, 0.0) + share * short.get(key, 0.0) for key in keys})


def _factor(passed: timedelta, half_life: timedelta) -> float:
    # Beyond a thousand half-lives there is nothing left, and before that nothing sensible.
    return float(0.5 ** max(-1_000.0, min(1_000.0, passed / half_life)))
