"""Whether a note may be boosted: everybody may see it, and the engine recommends it."""

from __future__ import annotations

from collections.abc import Collection

from community.models import Note
from feeds.models import LiveNote

from .rules import Reason


def reasons_against(note_ids: Collection[int]) -> dict[int, Reason]:
    """Why notes may not be boosted, by note; those that may are not in the answer.

    Asked of the notes themselves, not of what was made of them: who suspends an author or hides a
    note need not wait for a worker. A note whose cover is being prepared is only not served.
    """
    known = {
        note.pk: note for note in Note.objects.filter(pk__in=note_ids).select_related("author")
    }
    limited = set(
        LiveNote.objects.filter(note__in=note_ids, recommended=False).values_list(
            "note_id", flat=True
        )
    )
    found = {pk: _against(known.get(pk), limited) for pk in note_ids}
    return {pk: reason for pk, reason in found.items() if reason is not None}


def _against(note: Note | None, limited: set[int]) -> Reason | None:
    if note is None or note.deleted_at is not None or not note.is_published:
        return Reason.NOTE_GONE
    if note.hidden_at is not None:
        return Reason.NOTE_HIDDEN
    if note.visibility != Note.Visibility.PUBLIC:
        return Reason.NOTE_NOT_PUBLIC
    if not note.author.is_active:
        return Reason.AUTHOR_AWAY
    return Reason.NOTE_LIMITED if note.pk in limited else None
