"""Whether a logged verdict follows from its logged figures. Pure rules, no rows, no Django.

A step of the log holds the figures of the gate and what they rest on: how long the note was there,
the channel's records, and the settings that were in force. From these alone, without a look at what
holds today, the verdict is reached again by the very rules that reached it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from .policy import Pools, Tier
from .pools import Move, PoolStats, Verdict, judge, weighed

# Settings of the policy's pools that a verdict depends on.
SETTINGS = (
    "wilson_z", "gate_factor", "prior_rate", "prior_notes", "least_impressions", "make_good_hours",
)  # fmt: skip
GROUNDS = frozenset({*SETTINGS, "age_seconds", "hours", "rungs", "records", "median"})
# What must stand in the log beside its grounds, and is worked out again.
GATE = ("promised", "delivered", "engagement", "rate", "lower_bound", "usual", "gate")
# The same arithmetic in another order may differ in the last digits.
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Logged:
    """A step that a gate decided, as it stands in the log; `rate` is what it added to the
    channel's records."""

    tier: int
    to_tier: int | None
    state: str
    reason: str
    figures: Mapping[str, float]
    rate: float | None


@dataclass(frozen=True, slots=True)
class Proof:
    """The verdict reached again, and every name under which the log says something else."""

    verdict: Verdict | None
    differs: tuple[str, ...]
    # Written before the grounds were logged: nothing can be said for or against it.
    unknown: bool = False

    @property
    def holds(self) -> bool:
        return not self.differs and not self.unknown


def grounds(tier: int, records: Sequence[float], rules: Pools, *, version: int) -> dict[str, float]:
    """What the gate of a tier rests on beside a note's own figures, by name, for the log."""
    rung = rules.ladder[min(tier, len(rules.ladder) - 1)]
    return {
        "records": float(len(records)),
        "median": median(records) if records else 0.0,
        "hours": float(rung.hours),
        "rungs": float(len(rules.ladder)),
        "policy": float(version),
        **{name: float(getattr(rules, name)) for name in SETTINGS},
        "second_look_from": float(rules.second_look_from),
    }


def prove(step: Logged) -> Proof:
    """Judge once more, from nothing but the figures of the step."""
    if not GROUNDS & step.figures.keys():
        return Proof(None, (), unknown=True)
    missing = tuple(sorted(GROUNDS.union(GATE) - step.figures.keys()))
    if missing:
        return Proof(None, missing)
    try:
        verdict = _again(step.tier, step.figures)
        # Where time alone decides there are no figures, and whatever was logged is not from them.
        again = dict.fromkeys(GATE, math.nan) | verdict.figures
        differs = [name for name in GATE if not _same(again[name], step.figures[name])]
    except (ArithmeticError, TypeError, ValueError) as error:
        return Proof(None, (f"figures ({error})",))
    if verdict.reason != step.reason:
        differs.append("reason")
    if (step.to_tier, step.state) != _outcome(verdict.move, step.tier):
        differs.append("outcome")
    if step.rate is None or not _same(step.rate, again["rate"]):
        differs.append("record")
    return Proof(verdict, tuple(differs))


def _outcome(move: Move, tier: int) -> tuple[int | None, str]:
    """The tier and the state that a verdict leads to."""
    if move == Move.PROMOTE:
        return tier + 1, "running"
    if move == Move.ASK:
        return None, "look"
    return None, "hot" if move == Move.FINISH else "settled"


def _again(tier: int, figures: Mapping[str, float]) -> Verdict:
    rules = _rules(figures)
    usual = weighed(figures["median"], int(figures["records"]), rules)
    stats = PoolStats(int(figures["promised"]), int(figures["delivered"]), figures["engagement"])
    return judge(tier, stats, timedelta(seconds=figures["age_seconds"]), usual, rules)


def _rules(figures: Mapping[str, float]) -> Pools:
    """The settings as they were: of the ladder only its height and this rung's hours matter."""
    rung = Tier("", base=1, hours=int(figures["hours"]))
    return Pools(
        ladder=(rung,) * max(1, int(figures["rungs"])),
        wilson_z=figures["wilson_z"],
        gate_factor=figures["gate_factor"],
        prior_rate=figures["prior_rate"],
        prior_notes=int(figures["prior_notes"]),
        least_impressions=int(figures["least_impressions"]),
        make_good_hours=int(figures["make_good_hours"]),
        # Steps of before there were second looks do not name them.
        second_look_from=int(figures.get("second_look_from", 0)),
    )


def _same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
