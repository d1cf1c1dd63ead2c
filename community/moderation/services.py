"""What staff does about one note or comment: hide, restore, keep, each with a reason.

The names that pages, programs and other rooms call; the work is done in deciding.py (a verdict) and
ending.py (taking one back). Every function raises NotAllowed, NotFound, Invalid, AlreadyDecided.
"""

from __future__ import annotations

from typing import Any

from accounts.models import User

from . import deciding, ending
from .models import Decision
from .reports import report_comment, report_note, report_person
from .states import last_decision_id, state_of
from .verdicts import MAY_DECIDE, Verdict
from .verdicts import WORDS_LENGTH as REASON_LENGTH

__all__ = [
    "MAY_DECIDE", "REASON_LENGTH", "hide_comment", "hide_note", "keep_comment", "keep_note",
    "last_decision_id", "report_comment", "report_note", "report_person", "restore_comment",
    "restore_deleted_note", "restore_note", "state_of",
]  # fmt: skip

Act = Decision.Act


def hide_note(*, moderator: User, note_id: int, reason: str, **seen: Any) -> Decision:
    """Take a note from everybody but its author, who is told why.

    `seen` is last_decision_id() as it was when the moderator looked: a verdict given since refuses
    this one, also when it changed nothing.
    """
    return _give(moderator, "note", note_id, Act.HIDE, reason, **seen)


def restore_note(*, moderator: User, note_id: int, reason: str, **seen: Any) -> Decision:
    """Show a hidden note again, and whatever else was decided against it is over."""
    return ending.restore(by=moderator, kind="note", pk=note_id, words=reason, **seen)


def restore_deleted_note(*, moderator: User, note_id: int, reason: str, **seen: Any) -> Decision:
    """Bring back what its author deleted or staff removed; what was hidden too stays hidden."""
    return ending.undelete(by=moderator, note_id=note_id, words=reason, **seen)


def keep_note(*, moderator: User, note_id: int, reason: str, **seen: Any) -> Decision:
    """Dismiss the reports of a note that is in order; its author is not told."""
    return _give(moderator, "note", note_id, Act.KEEP, reason, **seen)


def hide_comment(*, moderator: User, comment_id: int, reason: str, **seen: Any) -> Decision:
    return _give(moderator, "comment", comment_id, Act.HIDE, reason, **seen)


def restore_comment(*, moderator: User, comment_id: int, reason: str, **seen: Any) -> Decision:
    return ending.restore(by=moderator, kind="comment", pk=comment_id, words=reason, **seen)


def keep_comment(*, moderator: User, comment_id: int, reason: str, **seen: Any) -> Decision:
    return _give(moderator, "comment", comment_id, Act.KEEP, reason, **seen)


def _give(by: User, kind: str, pk: int, act: str, reason: str, **seen: Any) -> Decision:
    verdict = Verdict(act=act, words=reason)
    return deciding.decide_thing(by=by, kind=kind, pk=pk, verdict=verdict, **seen)
