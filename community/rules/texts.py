"""Notes, comments and profiles as rules read them."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from community.messaging.models import Message
from community.models import Comment, Note, NoteImage
from community.models.note import NoteQuerySet

from .matching import COMMENT, MESSAGE, NOTE, PROFILE, Written


def notes_to_read() -> NoteQuerySet:
    """Notes that others may have met, hidden ones included, as `of_note` needs them."""
    return (
        Note.objects.filter(state=Note.State.PUBLISHED)
        .exclude(visibility=Note.Visibility.PRIVATE)
        .select_related("author")
        .prefetch_related("tagged__tag", "images")
    )


def of_note(note: Note, *, is_new: bool = True, at: datetime | None = None) -> Written:
    first = note.published_at or note.created_at
    return Written(
        place=NOTE,
        pk=note.pk,
        author_id=note.author_id,
        joined_at=note.author.date_joined,
        at=at or first,
        fields=(
            ("title", note.title),
            ("body", note.body),
            ("tags", "\n".join(row.tag.name for row in note.tagged.all())),
            ("alt", "\n".join(image.alt for image in note.images.all() if _is_described(image))),
        ),
        is_new=is_new,
    )


def _is_described(image: NoteImage) -> bool:
    """By its author: a text card is described by its title."""
    return bool(image.alt) and not image.is_text_card


def of_comment(comment: Comment) -> Written:
    return Written(
        place=COMMENT,
        pk=comment.pk,
        author_id=comment.author_id,
        joined_at=comment.author.date_joined,
        at=comment.created_at,
        fields=(("body", comment.body),),
    )


def of_message(message: Message) -> Written:
    return Written(
        place=MESSAGE,
        pk=message.pk,
        author_id=message.sender_id,
        joined_at=message.sender.date_joined,
        at=message.created_at,
        fields=(("body", message.body),),
    )


def of_profile(person: User, *, now: datetime) -> Written:
    profile = person.profile
    return Written(
        place=PROFILE,
        author_id=person.pk,
        joined_at=person.date_joined,
        at=now,
        fields=(("display_name", profile.display_name), ("bio", profile.bio)),
        is_new=False,
    )
