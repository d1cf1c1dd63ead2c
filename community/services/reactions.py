"""Like and collect, and their opposites. The unique row decides; only then is the counter moved."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.dispatch import Signal
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import User
from community import signals
from community.models import Collect, Comment, CommentLike, Like, Note, NoteStats
from community.models.reaction import Reaction

from .access import comment_for, require_shown


def like_note(*, person: User, note_id: int, now: datetime | None = None) -> bool:
    """Like a note; False when it was liked already. Raises NotFound."""
    return _react(Like, "likes", signals.note_liked, person, note_id, now)


def unlike_note(*, person: User, note_id: int, now: datetime | None = None) -> bool:
    return _undo(Like, "likes", signals.note_unliked, person, note_id, now)


def collect_note(*, person: User, note_id: int, now: datetime | None = None) -> bool:
    """Keep a note for later; False when it was kept already. Raises NotFound."""
    return _react(Collect, "collects", signals.note_collected, person, note_id, now)


def uncollect_note(*, person: User, note_id: int, now: datetime | None = None) -> bool:
    return _undo(Collect, "collects", signals.note_uncollected, person, note_id, now)


def like_comment(*, person: User, comment_id: int, now: datetime | None = None) -> bool:
    now = now or timezone.now()
    with transaction.atomic():
        comment = comment_for(person, comment_id)
        _like, created = CommentLike.objects.get_or_create(
            comment=comment, person=person, defaults={"created_at": now}
        )
        if created:
            Comment.objects.filter(pk=comment.pk).update(likes=F("likes") + 1)
            signals.comment_liked.send(
                sender=Comment, person_id=person.pk, comment=comment, now=now
            )
    return created


def unlike_comment(*, person: User, comment_id: int) -> bool:
    with transaction.atomic():
        gone, _ = CommentLike.objects.filter(comment=comment_id, person=person).delete()
        if gone:
            Comment.objects.filter(pk=comment_id).update(likes=F("likes") - 1)
    return bool(gone)


def _react(
    kind: type[Reaction],
    counter: str,
    announce: Signal,
    person: User,
    note_id: int,
    now: datetime | None,
) -> bool:
    now = now or timezone.now()
    if not person.is_authenticated:
        raise NotAllowed
    with transaction.atomic():
        require_shown(person, note_id)
        _row, created = kind.objects.get_or_create(  # type: ignore[attr-defined]
            person_id=person.pk, note_id=note_id, defaults={"created_at": now}
        )
        if created:
            _count(note_id, counter, +1)
            announce.send(sender=Note, person_id=person.pk, note_id=note_id, now=now)
    return created


def _undo(
    kind: type[Reaction],
    counter: str,
    announce: Signal,
    person: User,
    note_id: int,
    now: datetime | None,
) -> bool:
    """Undoing needs no gate: one may always take back one's own act."""
    with transaction.atomic():
        gone, _ = kind.objects.filter(person=person, note=note_id).delete()  # type: ignore[attr-defined]
        if gone:
            _count(note_id, counter, -1)
            announce.send(
                sender=Note, person_id=person.pk, note_id=note_id, now=now or timezone.now()
            )
    return bool(gone)


def _count(note_id: int, counter: str, step: int) -> None:
    NoteStats.objects.filter(note=note_id).update(**{counter: F(counter) + step})
