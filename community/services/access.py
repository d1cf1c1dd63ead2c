"""Fetch what a person may act on; NotFound for everything else, existing or not."""

from __future__ import annotations

from accounts.errors import NotAllowed, NotFound
from accounts.models import User
from accounts.prepared import Prepared
from community.models import Comment, Note

_SHOWN = Prepared(
    lambda viewer, note: (
        Note.objects.visible_to(User(pk=viewer))
        .filter(pk=note, state=Note.State.PUBLISHED, hidden_at=None)
        .values_list("pk", flat=True)
    ),
    int,
    int,
)


def note_for(viewer: User | None, note_id: int) -> Note:
    """The note, if the viewer may see it."""
    note = Note.objects.visible_to(viewer).filter(pk=note_id).first()
    if note is None:
        raise NotFound
    return note


def published_note_for(viewer: User, note_id: int) -> Note:
    """The note, if the viewer may react to it: seen, published and not held back."""
    note = note_for(viewer, note_id)
    if not note.is_shown:
        raise NotFound
    return note


def require_shown(viewer: User, note_id: int) -> None:
    """As `published_note_for`, for who needs no more of the note than that it is there."""
    if not _SHOWN(viewer.pk, note_id):
        raise NotFound


def own_note(author: User, note_id: int) -> Note:
    """The note, if it is this person's own; somebody else's is as if it were not there."""
    note = note_for(author, note_id)
    if note.author_id != author.pk:
        raise NotAllowed
    return note


def comment_for(viewer: User | None, comment_id: int) -> Comment:
    """The comment, if the viewer may see both it and its note."""
    comment = Comment.objects.visible_to(viewer).filter(pk=comment_id).first()
    if comment is None:
        raise NotFound
    note_for(viewer, comment.note_id)
    return comment
