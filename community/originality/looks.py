"""What of notes is compared: their own words and their telling pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from community.media import alike
from community.models import Note, NoteImage
from community.models.note import NoteQuerySet
from community.text import duplicates

from .models import NotePrint


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that can be recognised, and since when it is shown."""

    image_id: int
    phash: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """A note, or a draft of one (`note_id` 0 before it is saved), as it is compared."""

    note_id: int
    author_id: int
    since: datetime
    words: str
    pictures: tuple[Shown, ...] = ()
    # Ready pictures, those that tell nothing included.
    ready: int = 0

    def text_keys(self) -> list[int]:
        """Those that the text is found by."""
        return duplicates.band_keys(duplicates.signature(duplicates.grams(self.words)))


def lookable() -> NoteQuerySet:
    """Notes that others may have met, hidden ones included: what staff took away is not new when
    somebody brings it again. Private notes and drafts are the original of nothing."""
    return Note.objects.published().exclude(visibility=Note.Visibility.PRIVATE)


def looks_at(note_ids: Iterable[int]) -> list[Look]:
    """The notes as they are now; those that are not lookable are left out. Three statements."""
    notes = lookable().filter(pk__in=note_ids).prefetch_related(_ready_pictures())
    found = list(notes.only("author_id", "title", "body", "published_at", "edited_at"))
    since = dict(
        NotePrint.objects.filter(note__in=[note.pk for note in found]).values_list("note", "since")
    )
    return [look_at(note, since=since.get(note.pk)) for note in found]


def look_at(note: Note, *, since: datetime | None = None) -> Look:
    """`since` is when the note first said what it says; unknown: its last edit."""
    first = note.published_at or note.created_at
    images = list(note.images.all())
    return Look(
        note_id=note.pk,
        author_id=note.author_id,
        since=since or note.edited_at or first,
        words=duplicates.own_words(note.title, note.body),
        pictures=tuple(recognisable(images, since=first)),
        ready=len(images),
    )


def recognisable(images: Iterable[NoteImage], *, since: datetime) -> Iterator[Shown]:
    """Those of a note's pictures that a hash can recognise. A picture that was added to a note
    later is no older than itself."""
    for image in images:
        if image.phash and not image.is_text_card and alike.tells_something(image.measures):
            yield Shown(image.pk, image.phash, max(since, image.created_at))


def _ready_pictures() -> Prefetch:
    ready = NoteImage.objects.filter(state=NoteImage.State.READY, is_text_card=False)
    return Prefetch("images", ready.only("note_id", "phash", "measures", "created_at", "position"))
