"""Which of two covers is better. Pure rules, no rows, no Django.

What a cover decides is whether the note is opened, so open rates are compared. We look again and
again, hence an interval of their difference that holds at all looks together, and the same one at
the end: a test that may stop early cannot be judged more kindly because it did not.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from feeds.experiments.sequential import always_valid
from feeds.policy import Covers

# Finds differences of about so many opens a view soonest: in one pool, smaller ones stay hidden.
SHARPEST = 0.2


class State(StrEnum):
    RUNNING = "running"
    # One cover was opened more for certain.
    DECIDED = "decided"
    # The pool is over and neither was.
    CLOSE = "close"
    # The author chose by hand.
    STOPPED = "stopped"
    # Something else changed what readers saw.
    ENDED = "ended"


class Kept(StrEnum):
    FIRST = "first"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of one cover: people who saw it, those of them who opened the note, and the
    engagement score (CES) of them all."""

    seen: int
    opens: int
    engagement: float = 0.0

    @property
    def open_rate(self) -> float:
        return self.opens / self.seen if self.seen else 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Open rate of the second less that of the first, and its interval; -1 to 1."""

    difference: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Verdict:
    state: State
    kept: Kept | None = None


def compare(first: Figures, second: Figures, *, alpha: float) -> Comparison | None:
    """None while one of them was seen by nobody.

    One open and one view without are added to each (Agresti and Caffo 2000), so that rates of 0
    and 1 have a spread too.
    """
    if not (first.seen and second.seen):
        return None
    rates = [(cover.opens + 1) / (cover.seen + 2) for cover in (first, second)]
    variance = sum(
        rate * (1 - rate) / (cover.seen + 2)
        for rate, cover in zip(rates, (first, second), strict=True)
    )
    middle = rates[1] - rates[0]
    reach = always_valid(variance, alpha=alpha, scale=SHARPEST)
    return Comparison(
        second.open_rate - first.open_rate, max(-1.0, middle - reach), min(1.0, middle + reach)
    )


def judge(first: Figures, second: Figures, *, over: bool, rules: Covers) -> Verdict:
    """The verdict at a look; `over` when the first pool is. Too close to call, the first stays: it
    is the one its author put first."""
    found = compare(first, second, alpha=rules.alpha)
    if found is not None and enough(first, second, rules):
        if found.low > 0:
            return Verdict(State.DECIDED, Kept.SECOND)
        if found.high < 0:
            return Verdict(State.DECIDED, Kept.FIRST)
    return Verdict(State.CLOSE, Kept.FIRST) if over else Verdict(State.RUNNING)


def enough(first: Figures, second: Figures, rules: Covers) -> bool:
    return min(first.seen, second.seen) >= rules.least_impressions
