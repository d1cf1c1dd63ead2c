"""Collaborations as rules: states, who may do what, deadlines, tiers. No Django, no rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class State(StrEnum):
    # The brand waits for the creator's answer, or the creator for the brand's.
    OFFERED = "offered"
    COUNTERED = "countered"
    # The price is held from here on.
    ACCEPTED = "accepted"
    DRAFTED = "drafted"
    CHANGES = "changes"
    APPROVED = "approved"
    # The price is paid.
    PUBLISHED = "published"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    # The price went back.
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Side(StrEnum):
    BRAND = "brand"
    CREATOR = "creator"
    CLOCK = "clock"


class Act(StrEnum):
    OFFER = "offer"
    COUNTER = "counter"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    HAND_IN = "hand_in"
    ASK_CHANGES = "ask_changes"
    APPROVE = "approve"
    PUBLISH = "publish"
    CANCEL = "cancel"
    # By itself, when a deadline is over.
    EXPIRE = "expire"
    APPROVE_LATE = "approve_late"


HELD = (State.ACCEPTED, State.DRAFTED, State.CHANGES, State.APPROVED)
# In these a note belongs to it and must carry the label; published ones carry it for ever.
LABELLED = (State.DRAFTED, State.CHANGES, State.APPROVED, State.PUBLISHED)
OPEN = (State.OFFERED, State.COUNTERED, *HELD)

# (act, side) → from which states to which. What is not here never happens.
MOVES: dict[tuple[Act, Side], dict[State, State]] = {
    (Act.COUNTER, Side.CREATOR): {State.OFFERED: State.COUNTERED},
    (Act.COUNTER, Side.BRAND): {State.COUNTERED: State.OFFERED},
    (Act.ACCEPT, Side.CREATOR): {State.OFFERED: State.ACCEPTED},
    (Act.ACCEPT, Side.BRAND): {State.COUNTERED: State.ACCEPTED},
    (Act.DECLINE, Side.CREATOR): {State.OFFERED: State.DECLINED},
    (Act.DECLINE, Side.BRAND): {State.COUNTERED: State.DECLINED},
    (Act.WITHDRAW, Side.BRAND): {State.OFFERED: State.WITHDRAWN},
    (Act.WITHDRAW, Side.CREATOR): {State.COUNTERED: State.WITHDRAWN},
    (Act.HAND_IN, Side.CREATOR): dict.fromkeys(
        (State.ACCEPTED, State.CHANGES, State.DRAFTED, State.APPROVED), State.DRAFTED
    ),
    (Act.ASK_CHANGES, Side.BRAND): {State.DRAFTED: State.CHANGES},
    (Act.APPROVE, Side.BRAND): {State.DRAFTED: State.APPROVED},
    (Act.PUBLISH, Side.CREATOR): {State.APPROVED: State.PUBLISHED},
    (Act.CANCEL, Side.BRAND): dict.fromkeys(HELD, State.CANCELLED),
    (Act.CANCEL, Side.CREATOR): dict.fromkeys(HELD, State.CANCELLED),
    (Act.APPROVE_LATE, Side.CLOCK): {State.DRAFTED: State.APPROVED},
    (Act.EXPIRE, Side.CLOCK): dict.fromkeys(
        (State.OFFERED, State.COUNTERED, State.ACCEPTED, State.CHANGES, State.APPROVED),
        State.EXPIRED,
    ),
}


def target(act: Act, side: Side, state: State) -> State | None:
    """Where an act leads from a state; None where it may not be done."""
    return MOVES.get((act, side), {}).get(state)


def acts_of(side: Side, state: State) -> list[Act]:
    """What this side may do now."""
    return [act for (act, by), moves in MOVES.items() if by == side and state in moves]


# ---------------------------------------------------------------- bounds
MOST_PRICE = 10**12
MOST_ROUNDS = 6
MOST_CHANGES = 2
LONGEST_BRIEF = 4_000
LONGEST_WORDS = 1_000
# To answer an offer; to look at a draft; to publish what was approved.
ANSWER, REVIEW, PUBLISH = timedelta(days=7), timedelta(days=5), timedelta(days=14)
# How far away the day for the draft may be.
NEAREST, FARTHEST = timedelta(days=1), timedelta(days=180)


# ---------------------------------------------------------------- tiers
@dataclass(frozen=True, slots=True)
class Tier:
    code: str
    least: int


TIERS = (Tier("nano", 0), Tier("micro", 1_000), Tier("mid", 10_000), Tier("top", 100_000))


def tier_of(followers: int, reach: int) -> str:
    """By followers who are really met: no more of them count than three times the people whom the
    creator's notes reached in four weeks, so that bought followers make no tier."""
    met = min(followers, 3 * reach)
    return next(tier.code for tier in reversed(TIERS) if met >= tier.least)
