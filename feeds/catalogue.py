"""Keep LiveNote, quality and pool admission current with what notes say now.

`refresh` derives everything from the rows of the other rooms, so it may run late, twice, or for
notes that changed again meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from community.models import Note, NoteImage

from . import pool_admission
from .boosts import keeper as boost_keeper
from .models import LiveNote, QualityVerdict
from .quality.judging import judge_notes

FIELDS = (
    "author", "channel_id", "root_channel_id", "published_at", "latitude", "longitude", "at_place",
    "language", "quality", "recommended",
)  # fmt: skip


def refresh(note_ids: Sequence[int], *, now: datetime) -> int:
    """Make the feeds' view of these notes true; returns how many of them are live."""
    notes = list(_showable(note_ids))
    with transaction.atomic():
        verdicts = judge_notes(notes, now)
        LiveNote.objects.filter(note__in=set(note_ids) - {note.pk for note in notes}).delete()
        LiveNote.objects.bulk_create(
            [_live(note, verdicts[note.pk]) for note in notes],
            update_conflicts=True,
            unique_fields=["note"],
            update_fields=FIELDS,
            batch_size=500,
        )
        pool_admission.follow_catalogue(note_ids, now=now)
        boost_keeper.follow_catalogue(note_ids, now=now)
    return len(notes)


def _showable(note_ids: Sequence[int]) -> Iterable[Note]:
    """Published, public, shown notes of present authors who let others discover them, whose cover
    is ready."""
    waiting = NoteImage.objects.filter(
        note=OuterRef("pk"), state=NoteImage.State.PROCESSING, position=0
    )
    return (
        Note.objects.filter(pk__in=note_ids)
        .recommendable()
        .filter(~Exists(waiting))
        .select_related("author__profile", "channel", "place")
        .prefetch_related("tags", "images")  # type: ignore[misc]  # taggit has no types
    )


def _live(note: Note, verdict: QualityVerdict) -> LiveNote:
    profile = note.author.profile
    place = note.place
    return LiveNote(
        note=note,
        author=note.author,
        channel_id=note.channel_id,
        root_channel_id=note.channel.root_id,
        published_at=note.published_at or note.created_at,
        latitude=place.latitude if place else profile.latitude,
        longitude=place.longitude if place else profile.longitude,
        at_place=place is not None,
        language=note.language,
        quality=verdict.score,
        recommended=verdict.passes and note.limited_at is None,
    )
