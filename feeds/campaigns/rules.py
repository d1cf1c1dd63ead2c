"""States of a campaign, who may bring it from one to the other, and its limits. Pure.

draft ⇄ submitted → approved → (its days) → closed
refused → submitted; approved → cancelled
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

TITLE_LENGTH, ABOUT_LENGTH, RULES_LENGTH, PRIZE_LENGTH = 60, 500, 4_000, 80
MOST_TAGS, MOST_PRIZES, MOST_WINNERS = 3, 5, 100
SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=92)
FARTHEST = timedelta(days=180)
# A tag that more notes of the last four weeks carry is everybody's: writing with it is no joining.
WIDE_USE, LOOKED_BACK = 100, timedelta(days=28)


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class Act(StrEnum):
    MADE = "made"
    EDIT = "edit"
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    APPROVE = "approve"
    REFUSE = "refuse"
    CANCEL = "cancel"
    CLOSE = "close"
    AWARD = "award"


class Phase(StrEnum):
    """Where an approved campaign stands in time."""

    COMING = "coming"
    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Move:
    """From which states, to which; by staff or by whoever runs it."""

    before: frozenset[State]
    after: State
    staff: bool = False


MOVES: dict[Act, Move] = {
    Act.SUBMIT: Move(frozenset({State.DRAFT, State.REFUSED}), State.SUBMITTED),
    Act.TAKE_BACK: Move(frozenset({State.SUBMITTED}), State.DRAFT),
    Act.APPROVE: Move(frozenset({State.SUBMITTED}), State.APPROVED, staff=True),
    Act.REFUSE: Move(frozenset({State.SUBMITTED}), State.REFUSED, staff=True),
    Act.CANCEL: Move(frozenset({State.APPROVED}), State.CANCELLED),
}
# Once readers were told the rules and prizes, they stand.
EDITABLE = frozenset({State.DRAFT, State.REFUSED})


def phase_at(starts_at: datetime, ends_at: datetime, now: datetime) -> Phase:
    if now < starts_at:
        return Phase.COMING
    return Phase.RUNNING if now < ends_at else Phase.OVER


def acts_in(state: str, *, phase: Phase, staff: bool) -> list[Act]:
    """What whoever runs it (or staff) may do now; nothing is cancelled once it is over."""
    return [
        act
        for act, move in MOVES.items()
        if state in move.before
        and move.staff <= staff
        and not (act == Act.CANCEL and phase == Phase.OVER)
    ]
