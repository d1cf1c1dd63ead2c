"""What staff does about notes and comments: hide, restore, keep, each with a reason.

A verdict holds for the state it was made for. Every function locks the row of the thing it decides
on (SQLite: the whole write transaction), compares what the moderator had seen with what is there,
and only then changes it: of two opposite verdicts the first stands, the second is AlreadyDecided.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Invalid, NotAllowed, NotFound
from accounts.models import User
from community import signals
from community.models import Comment, Note
from community.notifications.models import Notification
from community.notifications.services import tell
from community.services.comments import return_comment, withdraw_comment
from community.text.clean import clean_body, is_blank

from .errors import AlreadyDecided
from .models import Decision, Report
from .reports import report_comment, report_note

__all__ = [
    "hide_comment", "hide_note", "keep_comment", "keep_note", "last_decision_id", "report_comment",
    "report_note", "restore_comment", "restore_deleted_note", "restore_note", "state_of",
]  # fmt: skip

REASON_LENGTH = 500
MAY_DECIDE = "moderation.add_decision"

Thing = TypeVar("Thing", Note, Comment)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Who decides, why, when, and the newest decision they knew of (0: none; None: not asked)."""

    moderator: User
    reason: str
    seen: int | None
    now: datetime


def hide_note(
    *,
    moderator: User,
    note_id: int,
    reason: str,
    seen: int | None = None,
    now: datetime | None = None,
) -> Decision:
    """Take a note from everybody but its author, who is told why.

    Raises NotAllowed, NotFound, Invalid, AlreadyDecided.

    `seen` is last_decision_id() as it was when the moderator looked: a verdict given since refuses
    this one, also when it changed nothing.
    """
    verdict = _checked(moderator, reason, seen, now)
    with _deciding_on_note(note_id, verdict) as note:
        if not note.is_shown:
            raise AlreadyDecided(state_of(note))
        Note.objects.filter(pk=note_id).update(hidden_at=verdict.now, revision=F("revision") + 1)
        signals.note_withdrawn.send(sender=Note, note_id=note_id, now=verdict.now)
        return _conclude(note, Decision.Act.HIDE, verdict)


def restore_note(
    *,
    moderator: User,
    note_id: int,
    reason: str,
    seen: int | None = None,
    now: datetime | None = None,
) -> Decision:
    """Show a hidden note again. Raises as hide_note does."""
    verdict = _checked(moderator, reason, seen, now)
    with _deciding_on_note(note_id, verdict) as note:
        if note.hidden_at is None or note.deleted_at is not None:
            raise AlreadyDecided(state_of(note))
        Note.objects.filter(pk=note_id).update(hidden_at=None, revision=F("revision") + 1)
        signals.note_returned.send(sender=Note, note_id=note_id, now=verdict.now)
        return _conclude(note, Decision.Act.RESTORE, verdict)


def restore_deleted_note(
    *,
    moderator: User,
    note_id: int,
    reason: str,
    seen: int | None = None,
    now: datetime | None = None,
) -> Decision:
    """Bring back what its author deleted; a note that was hidden too stays hidden."""
    verdict = _checked(moderator, reason, seen, now)
    with _deciding_on_note(note_id, verdict) as note:
        if note.deleted_at is None:
            raise AlreadyDecided(state_of(note))
        Note.objects.filter(pk=note_id).update(deleted_at=None, revision=F("revision") + 1)
        if note.is_published and note.hidden_at is None:
            signals.note_returned.send(sender=Note, note_id=note_id, now=verdict.now)
        return _conclude(note, Decision.Act.RESTORE, verdict)


def keep_note(
    *,
    moderator: User,
    note_id: int,
    reason: str,
    seen: int | None = None,
    now: datetime | None = None,
) -> Decision:
    """Dismiss the reports of a note that is in order; nobody but the log is told."""
    verdict = _checked(moderator, reason, seen, now)
    with _deciding_on_note(note_id, verdict) as note:
        if not note.is_shown:
            raise AlreadyDecided(state_of(note))
        return _conclude(note, Decision.Act.KEEP, verdict)


def hide_comment(
    *,
    moderator: User,
    comment_id: int,
    reason: str,
    seen: int | None = None,
    now: datetime | None = None,
) -> Decision:
    verdict = _checked(moderator, reason, seen, now)
    with _deciding_on_comment(comment_id, verdict) as comment:
        if not withdraw_comment(comment, field="hidden_at", now=verdict.now):
            raise AlreadyDecided(state_of(comment))
        return _conclude(comment, Decision.Act.HIDE, verdict)


def restore_comment(
    *,
    moderator: User,
    comment_id: int,
    reason: str,
    seen: int | None = None,
    now: datetime | None = None,
) -> Decision:
    verdict = _checked(moderator, reason, seen, now)
    with _deciding_on_comment(comment_id, verdict) as comment:
        if not return_comment(comment):
            raise AlreadyDecided(state_of(comment))
        return _conclude(comment, Decision.Act.RESTORE, verdict)


def keep_comment(
    *,
    moderator: User,
    comment_id: int,
    reason: str,
    seen: int | None = None,
    now: datetime | None = None,
) -> Decision:
    verdict = _checked(moderator, reason, seen, now)
    with _deciding_on_comment(comment_id, verdict) as comment:
        if comment.hidden_at or comment.deleted_at:
            raise AlreadyDecided(state_of(comment))
        return _conclude(comment, Decision.Act.KEEP, verdict)


def last_decision_id(thing: Note | Comment) -> int:
    """What to pass as `seen`: the newest decision about this thing, 0 for none."""
    return thing.decisions.order_by("-pk").values_list("pk", flat=True).first() or 0


def state_of(thing: Note | Comment) -> str:
    """A sentence: how the thing stands, and who decided so last."""
    last = thing.decisions.select_related("moderator").order_by("-pk").first()
    by = last.moderator.username if last and last.moderator else _("staff")
    if thing.deleted_at:
        return _("Its author deleted it.")
    if thing.hidden_at:
        return _("It is hidden already, by %(name)s: %(reason)s") % {
            "name": by,
            "reason": last.reason if last else "",
        }
    if isinstance(thing, Note) and not thing.is_published:
        return _("It is a draft: nobody but its author sees it.")
    if last:
        return _("It is visible: %(name)s decided so (%(reason)s).") % {
            "name": by,
            "reason": last.reason,
        }
    return _("It is visible.")


def _checked(moderator: User, reason: str, seen: int | None, now: datetime | None) -> Verdict:
    if not moderator.has_perm(MAY_DECIDE):
        raise NotAllowed
    reason = clean_body(reason)
    if is_blank(reason):
        raise Invalid(_("Give a reason: the author will read it."), field="reason")
    if len(reason) > REASON_LENGTH:
        raise Invalid(
            _("Please use at most %(count)d characters.") % {"count": REASON_LENGTH}, field="reason"
        )
    return Verdict(moderator=moderator, reason=reason, seen=seen, now=now or timezone.now())


@contextmanager
def _deciding_on_note(note_id: int, verdict: Verdict) -> Iterator[Note]:
    """The locked note, in a transaction, if nobody decided since the moderator looked."""
    with transaction.atomic():
        note = Note.objects.select_for_update().filter(pk=note_id).first()
        yield _as_seen(note, verdict)


@contextmanager
def _deciding_on_comment(comment_id: int, verdict: Verdict) -> Iterator[Comment]:
    with transaction.atomic():
        comment = Comment.objects.select_for_update().filter(pk=comment_id).first()
        yield _as_seen(comment, verdict)


def _as_seen(thing: Thing | None, verdict: Verdict) -> Thing:
    if thing is None:
        raise NotFound
    if verdict.seen is not None and verdict.seen != last_decision_id(thing):
        raise AlreadyDecided(state_of(thing))
    return thing


TOLD = {
    Decision.Act.HIDE: Notification.Kind.HIDDEN,
    Decision.Act.RESTORE: Notification.Kind.RESTORED,
}


def _conclude(thing: Note | Comment, act: Decision.Act, verdict: Verdict) -> Decision:
    """Write the decision down, settle the open reports, tell the author if something changed."""
    subject = {"note": thing} if isinstance(thing, Note) else {"comment": thing}
    decision = Decision.objects.create(
        **subject,
        act=act,
        reason=verdict.reason,
        moderator=verdict.moderator,
        decided_at=verdict.now,
    )
    Report.objects.filter(**subject, settled_at=None).update(settled_at=verdict.now)
    if kind := TOLD.get(act):
        tell(
            person_id=thing.author_id,
            kind=kind,
            note_id=thing.pk if isinstance(thing, Note) else thing.note_id,
            comment_id=thing.pk if isinstance(thing, Comment) else None,
            words=verdict.reason,
            now=verdict.now,
        )
    return decision
