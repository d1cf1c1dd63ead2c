"""What figures say: shares, what stays hidden, verdicts on tags, comparison, advice. Pure.

Rates are judged by Wilson's interval (1927), so that few readers prove nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feeds.policy import Insights

# 1.28: ninety in a hundred on either side.
Z = 1.28


@dataclass(frozen=True, slots=True)
class Totals:
    """What readers did. `likes` and `collects` are less those taken back."""

    impressions: int = 0
    opens: int = 0
    reads: int = 0
    dwell_seconds: float = 0.0
    likes: int = 0
    collects: int = 0
    comments: int = 0
    shares: int = 0
    follows: int = 0
    hides: int = 0

    def __add__(self, other: Totals) -> Totals:
        return Totals(*(getattr(self, name) + getattr(other, name) for name in COUNTS))

    @property
    def engagement(self) -> int:
        """Likes, collects, comments and shares together."""
        return max(0, self.likes + self.collects + self.comments + self.shares)

    @property
    def open_rate(self) -> float | None:
        """Opens per impression; None without impressions."""
        return share(self.opens, self.impressions)

    @property
    def read_rate(self) -> float | None:
        return share(self.reads, self.opens)

    @property
    def engagement_rate(self) -> float | None:
        return share(self.engagement, self.impressions)

    @property
    def mean_dwell(self) -> float | None:
        """Seconds per open."""
        return self.dwell_seconds / self.opens if self.opens else None


# The counts that roll-ups hold, in this order.
COUNTS = tuple(field.name for field in fields(Totals))


def share(part: float, whole: float) -> float | None:
    """`part` of `whole`, at most 1; None where there is no whole."""
    return min(1.0, part / whole) if whole else None


def change(now: float, before: float) -> float | None:
    """By what share something grew; None where there was nothing before."""
    return (now - before) / before if before else None


def interval(rate: float, count: int, z: float = Z) -> tuple[float, float]:
    """Wilson's interval of a rate seen in `count` cases; all there is for none."""
    if count <= 0:
        return 0.0, 1.0
    rate = min(1.0, max(0.0, rate))
    centre, spread = (
        rate + z * z / (2 * count),
        z * math.sqrt(rate * (1 - rate) / count + z * z / (4 * count * count)),
    )
    whole = 1 + z * z / count
    return max(0.0, (centre - spread) / whole), min(1.0, (centre + spread) / whole)


# ---------------------------------------------------------------- small groups
@dataclass(frozen=True, slots=True)
class Group:
    """People of one kind: how many met the note, opened it, and what they did (CES)."""

    value: str
    seen: int
    opened: int
    score: float


def shown_groups(
    groups: Sequence[Group], *, total: int | None, least: int
) -> tuple[list[Group], int]:
    """(groups large enough to be shown, largest first; how many are hidden).

    With `total`, the number of people of whom each is in exactly one group, a single hidden group
    could be worked out as the rest: then the smallest shown one is hidden with it, unless what is
    hidden has `least` people by itself.
    """
    ordered = sorted(groups, key=lambda group: (-group.seen, group.value))
    shown = [group for group in ordered if group.seen >= least]
    if total is not None and shown:
        rest = total - sum(group.seen for group in shown)
        if 0 < rest < least:
            shown.pop()
    return shown, len(ordered) - len(shown)


# ---------------------------------------------------------------- tags
class TagVerdict(StrEnum):
    KEEP = "keep"
    BROAD = "broad"
    MISSES = "misses"
    FEW = "few"


def tag_verdict(
    group: Group, *, interested: int, readers: int, usual: float, rules: Insights
) -> TagVerdict:
    """What a tag did for a note: `group` are the people interested in it who met the note,
    `interested` of all `readers` are interested, `usual` is the channel's engagement per reader."""
    if group.seen < rules.least_impressions:
        return TagVerdict.FEW
    rate = group.score / group.seen
    _low, high = interval(rate, group.seen)
    if high < usual:
        return TagVerdict.MISSES
    if rate < usual and interested > rules.broad_share * readers:
        return TagVerdict.BROAD
    return TagVerdict.KEEP


# ---------------------------------------------------------------- comparison
@dataclass(frozen=True, slots=True)
class Compared:
    """A figure beside those of similar notes: their median, and the share of them below it."""

    name: str
    value: float
    median: float
    above: float


def compare(name: str, value: float | None, others: Sequence[float | None]) -> Compared | None:
    """None where there is nothing to compare."""
    known = sorted(other for other in others if other is not None)
    if value is None or not known:
        return None
    middle = len(known) // 2
    median = known[middle] if len(known) % 2 else (known[middle - 1] + known[middle]) / 2
    below = sum(other < value for other in known) + sum(other == value for other in known) / 2
    return Compared(name, value, median, below / len(known))


# ---------------------------------------------------------------- advice
class Advice(StrEnum):
    """What to do, each with its evidence. The sentences are in wording.py."""

    COVER = "cover"
    TEXT = "text"
    QUESTION = "question"
    TAGS_MISS = "tags_miss"
    TAGS_BROAD = "tags_broad"
    HOURS = "hours"
    MORE = "more"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Hint:
    advice: Advice
    # What it rests on, by name: rates per hundred, hours, names of tags.
    evidence: Mapping[str, object]


# Below this share of similar notes something is weak, above this it is strong.
WEAK, STRONG = 0.3, 0.8


def advise(
    *,
    totals: Totals,
    compared: Mapping[str, Compared],
    tags: Mapping[str, TagVerdict],
    best_hours: Sequence[int],
    published_hour: int,
    promised_left: int,
    rules: Insights,
) -> list[Hint]:
    """At most one hint of each kind, the nearest step first. While the first readers are still on
    their way there is only one thing to do: wait."""
    if totals.impressions < rules.least_impressions:
        return [Hint(Advice.WAIT, {"left": promised_left})] if promised_left else []
    hints = [
        Hint(advice, {"value": 100 * found.value, "median": 100 * found.median})
        for advice, name in (
            (Advice.COVER, "open_rate"),
            (Advice.TEXT, "read_rate"),
            (Advice.QUESTION, "engagement_rate"),
        )
        if (found := compared.get(name)) and found.above < WEAK and found.value < found.median
    ][:1]
    for advice, verdict in (
        (Advice.TAGS_MISS, TagVerdict.MISSES),
        (Advice.TAGS_BROAD, TagVerdict.BROAD),
    ):
        if names := [name for name, found in tags.items() if found == verdict]:
            hints.append(Hint(advice, {"tags": names}))
    if best_hours and all(_apart(published_hour, hour) > 2 for hour in best_hours):
        hints.append(Hint(Advice.HOURS, {"hours": list(best_hours), "published": published_hour}))
    strong = compared.get("engagement_rate")
    if not hints and strong and strong.above >= STRONG:
        hints.append(Hint(Advice.MORE, {"above": 100 * strong.above}))
    return hints


def _apart(one: int, other: int) -> int:
    """Hours between two hours of the day."""
    return min((one - other) % 24, (other - one) % 24)


def best_hours(opens: Mapping[int, int], *, least: int, count: int = 3) -> list[int]:
    """The hours of the day in which most was opened, earliest first; none with few opens, or where
    no hour has a quarter more than the even share."""
    total = sum(opens.values())
    if total < least:
        return []
    top = sorted(opens, key=lambda hour: (-opens[hour], hour))[:count]
    return sorted(hour for hour in top if opens[hour] > 1.25 * total / 24)
