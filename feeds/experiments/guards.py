"""When a change has to be taken back: guarded figures after it against before, or of an arm against
its control. Pure.

A guard breaks only with certainty: the whole interval of the difference lies beyond what is
tolerated. We look again and again, so the interval is one that holds at all looks together
(`sequential.always_valid`), and the error that is allowed is shared among the guards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from feeds.policy import Guardrails

from .sequential import always_valid
from .statistics import Estimate


@dataclass(frozen=True, slots=True)
class Guard:
    """A figure that must not get worse: `worse` is 1 where more is worse, -1 where less is."""

    name: str
    worse: int
    # Which setting says by what share of the former figure it may get worse.
    setting: str
    # By how much it may get worse whatever it was: few of nothing is no catastrophe.
    slack: float = 0.0
    # Whether what it rests on is counted in impressions, or in notes and lists.
    of_impressions: bool = True


GUARDS = (
    Guard("engagement per impression", -1, "engagement"),
    Guard("unwanted per impression", 1, "unwanted", slack=0.002),
    Guard("reports per impression", 1, "reports", slack=0.001),
    Guard("promises kept", -1, "promise", of_impressions=False),
    Guard("empty lists", 1, "empty", slack=0.02, of_impressions=False),
)


# At how many times what is tolerated a guard finds out soonest.
SHARPEST = 4.0


class State(StrEnum):
    KEPT = "kept"
    BROKEN = "broken"
    FEW = "too little data"


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure and on how much it rests (impressions, notes or lists)."""

    estimate: Estimate
    weight: float


@dataclass(frozen=True, slots=True)
class Finding:
    """One guard looked at: the difference, its interval, and what is tolerated of it."""

    name: str
    state: str
    before: float | None = None
    after: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    tolerated: float | None = None
    weight_before: float = 0
    weight_after: float = 0
    # The arm of an experiment; empty for a version.
    arm: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def verdict(
    before: Mapping[str, Measured],
    after: Mapping[str, Measured],
    rules: Guardrails,
    *,
    arm: str = "",
    looks_at: int = 1,
) -> list[Finding]:
    """Every guard that has a figure on both sides. `looks_at` is how many arms share the error."""
    alpha = rules.alpha / (len(GUARDS) * max(1, looks_at))
    return [
        _looked_at(guard, before[guard.name], after[guard.name], rules, alpha, arm)
        for guard in GUARDS
        if guard.name in before and guard.name in after
    ]


def broken(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.state == State.BROKEN]


def _looked_at(
    guard: Guard, before: Measured, after: Measured, rules: Guardrails, alpha: float, arm: str
) -> Finding:
    old, new = before.estimate, after.estimate
    share = getattr(rules, guard.setting)
    tolerated = guard.worse * (share * abs(old.value) + guard.slack)
    difference = new.value - old.value
    state, low, high = State.FEW, None, None
    was, now = _variance(guard, before, rules), _variance(guard, after, rules)
    if was is not None and now is not None:
        # What is tolerated is a share of an estimate and as unsure as that.
        variance = now + (1 + share) ** 2 * was
        reach = always_valid(variance, alpha=alpha, scale=SHARPEST * abs(tolerated))
        low, high = difference - reach, difference + reach
        beyond = low > tolerated if guard.worse > 0 else high < tolerated
        # Nothing varies and yet it differs: there is nothing to judge chance by.
        state = State.BROKEN if beyond and variance > 0 else State.KEPT
    return Finding(
        guard.name, str(state), old.value, new.value, difference, low, high, tolerated,
        before.weight, after.weight, arm,
    )  # fmt: skip


def _variance(guard: Guard, measured: Measured, rules: Guardrails) -> float | None:
    """None where there is too little to judge by."""
    least = rules.least_impressions if guard.of_impressions else rules.least_units
    found = measured.estimate
    enough = measured.weight >= least and found.units >= rules.least_units
    return found.variance if enough else None
