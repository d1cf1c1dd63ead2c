"""What moderation goes by: weights, terms and rights. No rows are read here.

A case waits in the order of severity x credence x reach:

- severity, 1 to 5, weighs double with each step: danger comes before a flood of adverts;
- credence is the chance that at least one of its reporters is right, each by their own record: the
  mean of a Beta posterior over their reports that staff upheld and dismissed;
- reach is how many views the thing got in the last day, on a logarithm: ten times as many readers
  are a step more, and what nobody reads still counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median

# Of reasons whose rule no operator has written.
SEVERITY = {
    "minors": 5, "violence": 4, "sexual": 4, "privacy": 4, "abuse": 3, "false": 2, "stolen": 2,
    "spam": 1, "other": 1,
}  # fmt: skip
# Beta(2, 2): who never reported is right as often as not, and some reports must come before their
# record says otherwise.
PRIOR_UPHELD, PRIOR_DISMISSED = 2.0, 2.0
# An automatic rule is believed as a reporter is of whom nothing is known.
RULE_CREDENCE = 0.5
# Long enough to read and write, short enough that nobody who went home holds a case.
LEASE = timedelta(minutes=10)
APPEAL_WITHIN = timedelta(days=20)
STRIKE_LASTS = timedelta(days=90)
STRIKE_POINTS = {"warn": 1, "limit": 1, "hide": 1, "remove": 2, "suspend": 3}
# What counting points suggest for the next breach: (from so many, act, days).
LADDER: tuple[tuple[int, str, int | None], ...] = (
    (9, "ban", None), (6, "suspend", 30), (4, "suspend", 7), (2, "suspend", 1), (0, "warn", None),
)  # fmt: skip
# What may be done to each kind of thing, in the order of the desk.
ACTS = {
    "note": ("keep", "label", "limit", "hide", "remove", "warn", "suspend", "ban"),
    "comment": ("keep", "hide", "warn", "suspend", "ban"),
    "person": ("keep", "warn", "suspend", "ban"),
}
# Days an effect lasts unless the moderator says otherwise; None: until it is taken back.
USUAL_DAYS: dict[str, int | None] = {"limit": 30, "suspend": 7}
LONGEST_DAYS = 365
# Which right an act needs beside the right to decide.
RIGHTS = {
    "remove": "moderation.remove_thing",
    "suspend": "moderation.suspend_person",
    "ban": "moderation.ban_person",
}
# Counts from 1 to below this are not told: somebody might be known by them.
FEWEST_TOLD = 5


def accuracy(upheld: int, dismissed: int) -> float:
    """How often a reporter is right, 0 to 1: the posterior mean of their record."""
    right = PRIOR_UPHELD + upheld
    return right / (right + PRIOR_DISMISSED + dismissed)


def credence(accuracies: Iterable[float]) -> float:
    """The chance that at least one of these reporters is right, 0 to 1; 0 without any."""
    return 1.0 - math.prod(1.0 - each for each in accuracies)


def priority(severity: int, credence: float, views: int) -> float:
    """Where a case stands in the queue: more comes first. `views` of the last day."""
    return float(2 ** (severity - 1)) * credence * (1.0 + math.log10(1 + max(0, views)))


def acts_for(kinds: Iterable[str]) -> list[str]:
    """What may be done to things of all these kinds at once, in the order of the desk."""
    asked = [ACTS[kind] for kind in kinds]
    return [act for act in ACTS["note"] if all(act in acts for acts in asked)] if asked else []


def suggested(points: int) -> tuple[str, int | None]:
    """(act, days) for the next breach of somebody whose counting strikes have so many points."""
    return next((act, days) for least, act, days in LADDER if points >= least)


def may_appeal(*, decided_at: datetime, now: datetime) -> bool:
    return now < decided_at + APPEAL_WITHIN


def told_count(number: int) -> int | None:
    """A count as the public page tells it: None for a few."""
    return None if 0 < number < FEWEST_TOLD else number


def told_share(part: int, whole: int) -> float | None:
    """A share, 0 to 1, where neither side of it is a few; None where nothing can be told."""
    if whole < FEWEST_TOLD or told_count(part) is None or told_count(whole - part) is None:
        return None
    return part / whole


def told_median(hours: Sequence[float]) -> float | None:
    """The median of at least FEWEST_TOLD durations."""
    return median(hours) if len(hours) >= FEWEST_TOLD else None
