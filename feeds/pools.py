"""The ladder of traffic pools: promises, the gate, and the verdict. Pure rules, no rows, no Django.

A note enters at P0 with a promise of impressions that does not depend on who wrote it. When the
promise is kept, the gate compares the lower confidence bound of its engagement per impression
(Wilson's interval, 1927) with what notes of its channel usually reach in that pool.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from statistics import median
from typing import NamedTuple

from .policy import Pools, Tier


class Reason(StrEnum):
    """Why a note is where it is. The sentences are in feeds/reasons.py."""

    ADMITTED = "admitted"
    BELOW_BAR = "below_bar"
    OLD = "old"
    PROMOTED = "promoted"
    THROUGH = "through"
    BELOW_GATE = "below_gate"
    FEW_READERS = "few_readers"
    MAKE_GOOD = "make_good"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    # Staff limited its reach; a decision was overturned, and the time it took is given back.
    LIMITED = "limited"
    TIME_BACK = "time_back"
    # A moderator's second look: asked for; how it ended, with or without them.
    SECOND_LOOK = "second_look"
    LOOK_RISES = "look_rises"
    LOOK_STAYS = "look_stays"
    LATE_RISES = "late_rises"
    LATE_STAYS = "late_stays"


class Move(StrEnum):
    WAIT = "wait"
    EXTEND = "extend"
    PROMOTE = "promote"
    FINISH = "finish"
    SETTLE = "settle"
    # The gate is open, and a moderator looks before the note goes through.
    ASK = "ask"


class PoolStats(NamedTuple):
    """A note's figures in its present tier."""

    promised: int
    delivered: int
    engagement: float


class Verdict(NamedTuple):
    """What to do with a note at the gate, why, and the arithmetic behind it: nothing where time
    alone decides."""

    move: Move
    reason: Reason
    figures: dict[str, float]


def promise(tier: Tier, *, quality: float, reachable: int) -> int:
    """Impressions promised: the tier's base, more by quality, never more than there are readers."""
    return max(1, min(tier.base + round(tier.extra * _unit(quality)), reachable))


def reachable(tier: int, readers: int, rules: Pools) -> int:
    """How many of the people who read within a pool's time it may promise: all of them in the
    first pool, which is small, and the policy's share of them above it."""
    return readers if tier == 0 else int(readers * rules.upper_share)


def most_delivered(promised: int, rules: Pools) -> int:
    """Where counting ends: the promise and a little more, because cards under way may come late."""
    return int(promised * (1 + rules.over_delivery))


def wilson_lower(rate: float, count: int, z: float) -> float:
    """Lower end of Wilson's score interval for a rate seen in `count` impressions.

    Rates above 1 (weighted engagement) count as 1. Zero for no impressions.
    """
    if count <= 0:
        return 0.0
    rate = _unit(rate)
    centre = rate + z * z / (2 * count)
    spread = z * math.sqrt(rate * (1 - rate) / count + z * z / (4 * count * count))
    return max(0.0, (centre - spread) / (1 + z * z / count))


def usual_rate(records: Sequence[float], rules: Pools) -> float:
    """The rate that notes of a channel usually reach in a tier: their median, with a prior."""
    return weighed(median(records) if records else 0.0, len(records), rules)


def weighed(middle: float, known: int, rules: Pools) -> float:
    """The median of so many records, drawn towards the prior."""
    if not known:
        return rules.prior_rate
    return (middle * known + rules.prior_rate * rules.prior_notes) / (known + rules.prior_notes)


def judge(tier: int, stats: PoolStats, age: timedelta, usual: float, rules: Pools) -> Verdict:
    """The verdict on a note in a tier: wait, extend, promote, finish or settle.

    `age` is the time in this tier; `usual` the channel's usual rate there (`usual_rate`).
    """
    rung = rules.ladder[min(tier, len(rules.ladder) - 1)]
    kept = stats.delivered >= stats.promised
    if not kept and age < timedelta(hours=rung.hours):
        return Verdict(Move.WAIT, Reason.ADMITTED, {})
    if not kept and age < most_time(tier, rules):
        return Verdict(Move.EXTEND, Reason.MAKE_GOOD, {})
    figures = arithmetic(stats, usual, rules)
    if stats.delivered < min(rules.least_impressions, stats.promised):
        return Verdict(Move.SETTLE, Reason.FEW_READERS, figures)
    if figures["lower_bound"] <= figures["gate"]:
        return Verdict(Move.SETTLE, Reason.BELOW_GATE, figures)
    if needs_second_look(tier, rules):
        return Verdict(Move.ASK, Reason.SECOND_LOOK, figures)
    if tier + 1 >= len(rules.ladder):
        return Verdict(Move.FINISH, Reason.THROUGH, figures)
    return Verdict(Move.PROMOTE, Reason.PROMOTED, figures)


def most_time(tier: int, rules: Pools) -> timedelta:
    """How long a note that is short of its promise stays in a tier before it is judged all the
    same: the tier's own hours, and those in which shortfalls are made good."""
    rung = rules.ladder[min(tier, len(rules.ladder) - 1)]
    return timedelta(hours=rung.hours + rules.make_good_hours)


def needs_second_look(tier: int, rules: Pools) -> bool:
    """Whether what leaves this tier upwards is looked at by a moderator first."""
    return bool(rules.second_look_from) and tier + 1 >= rules.second_look_from


def arithmetic(stats: PoolStats, usual: float, rules: Pools) -> dict[str, float]:
    """Every figure of the gate, by name, as it is logged and shown."""
    rate = stats.engagement / stats.delivered if stats.delivered else 0.0
    return {
        "promised": float(stats.promised),
        "delivered": float(stats.delivered),
        "engagement": stats.engagement,
        "rate": rate,
        "lower_bound": wilson_lower(rate, stats.delivered, rules.wilson_z),
        "usual": usual,
        "gate": usual * rules.gate_factor,
    }


def deficit(*, promised: int, delivered: int, age_hours: float, hours: int) -> float:
    """How many impressions a note is behind its schedule, an hour ahead of now."""
    return promised * min(1.0, (age_hours + 1) / hours) - delivered


def slot_worth(
    *, promised: int, under_way: int, age_hours: float, hours: int, sampled_rate: float
) -> float:
    """How much a reserved slot is worth to a note now: how far it is behind its schedule, times a
    draw of what its engagement rate may be (Thompson sampling)."""
    behind = deficit(promised=promised, delivered=under_way, age_hours=age_hours, hours=hours)
    return max(0.05, behind / promised) * (0.5 + sampled_rate)


def _unit(value: float) -> float:
    return min(1.0, max(0.0, value))
