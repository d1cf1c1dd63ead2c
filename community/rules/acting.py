"""What rules do to notes and comments, and how it is undone: by the means of moderation.

A rule decides as staff does, in nobody's name: the decision holds, its author is told, and ending
it leaves whatever else holds the same note.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from community.models import Comment, Note
from community.moderation.by_rule import decide_by_rule, open_case, take_back_by_rule
from community.moderation.models import Decision
from community.notifications.services import in_language_of

from .models import RuleVersion

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

REASON_LENGTH = 500
Thing = Note | Comment
Act = RuleVersion.Act
DECISIONS = {
    Act.HOLD: Decision.Act.HIDE,
    Act.LIMIT: Decision.Act.LIMIT,
    Act.LABEL: Decision.Act.LABEL,
}
# What staff is asked to look at.
ASKS_STAFF = (Act.HOLD, Act.REPORT)


def do(
    act: str, thing: Thing, *, words: StrOrPromise, label: str, now: datetime
) -> Decision | None:
    """Hold, limit or label, and put it before staff; None where nothing had to be decided."""
    decision = None
    if decided := DECISIONS.get(Act(act)):
        said = _said(thing, words)
        decision = decide_by_rule(thing=thing, act=decided, words=said, label=label, now=now)
    if act in ASKS_STAFF:
        open_case(thing=thing, now=now)
    return decision


def release(thing: Thing, decision: Decision, *, words: StrOrPromise, now: datetime) -> bool:
    """End what a rule decided; False where it is over already."""
    return take_back_by_rule(decision=decision, words=_said(thing, words), now=now)


def _said(thing: Thing, words: StrOrPromise) -> str:
    return in_language_of(thing.author_id, words)[:REASON_LENGTH]
