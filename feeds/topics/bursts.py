"""When many people do at once what few usually do. No Django.

Likeness to chance: the chance that a Poisson process at its usual rate gives so many distinct
people (as Kleinberg's burst states compare rates, 2002), with a Gamma prior on the rate so that a
word nobody used before is not "infinitely" unusual.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

# A word never seen before is taken to have had this many people in this many windows.
PRIOR_PEOPLE, PRIOR_WINDOWS = 1.0, 2.0


@dataclass(frozen=True, slots=True)
class Burst:
    """Distinct people lately, expected by what is usual, and -log10 of the chance."""

    people: int
    usual: float
    surprise: float


def burst(
    people: int, before: int, windows: float, *, least_people: int, least_surprise: float
) -> Burst | None:
    """A burst of `people` in one window after `before` person-windows in `windows`, or None."""
    if people < least_people:
        return None
    usual = (max(0, before) + PRIOR_PEOPLE) / (max(0.0, windows) + PRIOR_WINDOWS)
    surprise = surprise_of(people, usual)
    return Burst(people, usual, surprise) if surprise >= least_surprise else None


def surprise_of(people: int, usual: float) -> float:
    """-log10 P(X >= people) for X Poisson with mean `usual`, by Chernoff's bound (a lower one)."""
    if people <= usual:
        return 0.0
    return (people * math.log(people / usual) - people + usual) / math.log(10)
