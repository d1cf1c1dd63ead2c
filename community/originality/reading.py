"""What is known of notes' originality, and of whom the author may be told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from community.models import Note, NoteImage
from community.text import duplicates
from community.text.quality_likeness import Repeats

from .comparing import Match, matches_of, pairs_of
from .looks import Look, recognisable
from .models import Likeness

What = Likeness.What


@dataclass(frozen=True, slots=True)
class Original:
    """An earlier note that this one is very like. `note` is None when the reader may not see it:
    then neither its title nor its author is told."""

    what: str
    own: bool
    share: float
    note: Note | None


def repeats_of(note_ids: Collection[int]) -> dict[int, Repeats]:
    """What is known of these notes, in one statement; those that repeat nothing are left out."""
    found: dict[int, list[tuple[str, float, bool]]] = {}
    rows = Likeness.objects.filter(note__in=note_ids)
    for note_id, what, share, own in rows.values_list("note_id", "what", "share", "own"):
        found.setdefault(note_id, []).append((what, share, own))
    return {note_id: _repeats(rows) for note_id, rows in found.items()}


def originals_of(note: Note, *, viewer: User) -> list[Original]:
    """The notes that a published note repeats, for its author."""
    rows = Likeness.objects.filter(note=note).order_by("-what")
    return _named([(row.what, row.own, row.share, row.original_id) for row in rows], viewer)


def look_at_draft(
    *, author: User, note_id: int, title: str, body: str, images: Collection[NoteImage],
    now: datetime,
) -> tuple[Repeats, list[Original]]:  # fmt: skip
    """What a text and pictures would repeat if they were published now. Nothing is written."""
    look = Look(
        note_id=note_id,
        author_id=author.pk,
        since=now,
        words=duplicates.own_words(title, body),
        pictures=tuple(recognisable(images, since=now)),
        ready=sum(not image.is_text_card for image in images),
    )
    matches: list[Match] = matches_of(look, pairs_of([look])[note_id])
    told = [(str(m.what), m.own, m.share, m.original.note_id) for m in matches]
    return _repeats([(what, share, own) for what, own, share, _pk in told]), _named(told, author)


def _repeats(rows: list[tuple[str, float, bool]]) -> Repeats:
    by_what = {what: (share, own) for what, share, own in rows}
    text, text_is_own = by_what.get(What.TEXT.value, (0.0, False))
    pictures, pictures_are_own = by_what.get(What.PICTURES.value, (0.0, False))
    return Repeats(text, text_is_own, pictures, pictures_are_own)


def _named(told: list[tuple[str, bool, float, int]], viewer: User) -> list[Original]:
    """With the notes that pass the viewer's gate."""
    ids = [note_id for _what, _own, _share, note_id in told]
    seen = Note.objects.visible_to(viewer).filter(pk__in=ids).select_related("author__profile")
    notes = {note.pk: note for note in seen}
    return [Original(what, own, share, notes.get(pk)) for what, own, share, pk in told]
