"""Comments and replies."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Blocked, Invalid, NotAllowed, NotFound
from accounts.models import Block, User
from accounts.privacy import check_may_comment
from community import signals
from community.models import Comment, NoteStats
from community.models.comment import COMMENT_LENGTH
from community.text.clean import clean_body, is_blank

from .access import published_note_for


def add_comment(
    *,
    author: User,
    note_id: int,
    body: str,
    reply_to: int | None = None,
    now: datetime | None = None,
) -> Comment:
    """Write a comment, or a reply to one. Raises NotFound, Invalid, Blocked, KeepsToThemselves."""
    now = now or timezone.now()
    body = checked_comment(body)
    with transaction.atomic():
        note = published_note_for(author, note_id)
        check_may_comment(author, note.author)
        answered = _answered(author, note_id, reply_to)
        comment = Comment.objects.create(
            note=note,
            author=author,
            body=body,
            reply_to=answered,
            thread=(answered.thread or answered) if answered else None,
            created_at=now,
        )
        NoteStats.objects.filter(note=note).update(comments=F("comments") + 1)
        signals.note_commented.send(sender=Comment, comment=comment, now=now)
    return comment


def delete_comment(*, actor: User, comment_id: int, now: datetime | None = None) -> bool:
    """Take a comment back: its author, or the author of the note it stands under."""
    with transaction.atomic():
        comment = (
            Comment.objects.select_related("note").filter(pk=comment_id, deleted_at=None).first()
        )
        if comment is None:
            raise NotFound
        if actor.pk not in (comment.author_id, comment.note.author_id):
            raise NotAllowed
        return withdraw_comment(comment, field="deleted_at", now=now or timezone.now())


def withdraw_comment(comment: Comment, *, field: str, now: datetime) -> bool:
    """Set `deleted_at` or `hidden_at` once; the counter moves only if the row was still shown."""
    standing = Comment.objects.filter(pk=comment.pk, **{field: None})
    if standing.filter(deleted_at=None, hidden_at=None).update(**{field: now}):
        NoteStats.objects.filter(note=comment.note_id).update(comments=F("comments") - 1)
        signals.comment_withdrawn.send(sender=Comment, comment=comment, now=now)
        return True
    # A hidden comment may still be deleted by its author; nothing else happens to one that is gone.
    return field == "deleted_at" and bool(standing.update(deleted_at=now))


def return_comment(comment: Comment) -> bool:
    """Show a hidden comment again; the counter moves only if this call did it."""
    hidden = Comment.objects.filter(pk=comment.pk, deleted_at=None, hidden_at__isnull=False)
    back = hidden.update(hidden_at=None)
    if back:
        NoteStats.objects.filter(note=comment.note_id).update(comments=F("comments") + 1)
    return bool(back)


def checked_comment(body: str) -> str:
    body = clean_body(body)
    if is_blank(body):
        raise Invalid(_("Write something first."), field="body")
    if len(body) > COMMENT_LENGTH:
        raise Invalid(
            _("A comment has at most %(count)d characters.") % {"count": COMMENT_LENGTH},
            field="body",
        )
    return body


def _answered(author: User, note_id: int, comment_id: int | None) -> Comment | None:
    """The comment being answered: on this note, visible, with no block between."""
    if comment_id is None:
        return None
    comment = Comment.objects.visible_to(author).filter(pk=comment_id, note=note_id).first()
    if comment is None:
        raise NotFound(field="reply_to")
    if Block.objects.filter(blocker=comment.author_id, blocked=author).exists():
        raise Blocked
    return comment
