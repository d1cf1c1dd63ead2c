"""Whether one person may write to another, from what is known of the two. No rows, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

BODY_LENGTH = 2_000
TITLE_LENGTH = 60
# A group, with those who were asked and have not answered.
MOST_MEMBERS = 20
# What somebody may say before the other one has answered.
MOST_BEFORE_ANSWER = 3
MOST_PICTURES = 4


class Allows(StrEnum):
    """Whom somebody lets begin a conversation with them. The same words as Profile.MayMessage."""

    EVERYONE = "everyone"
    FOLLOWED = "followed"
    NOBODY = "nobody"


class Verdict(StrEnum):
    DIRECT = "direct"
    # Read apart from the others until it is answered: few words, no pictures, no read marks.
    REQUEST = "request"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of a sender and a receiver."""

    both_present: bool
    # By either of the two.
    blocked: bool
    # Both have a part in a conversation of the two that neither has refused.
    accepted: bool
    # The receiver follows the sender.
    followed: bool
    allows: str = Allows.EVERYONE
    # False where no stranger may write to the receiver at all, whatever they chose.
    strangers_allowed: bool = True


def may_write(standing: Standing) -> Verdict:
    """What was agreed goes on; only who may begin is the receiver's choice."""
    if standing.blocked or not standing.both_present:
        return Verdict.REFUSED
    if standing.accepted:
        return Verdict.DIRECT
    if standing.allows == Allows.NOBODY:
        return Verdict.REFUSED
    if standing.followed:
        return Verdict.DIRECT
    if standing.allows == Allows.FOLLOWED or not standing.strangers_allowed:
        return Verdict.REFUSED
    return Verdict.REQUEST
