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
from community.text.quality import PictureMeasures, score_text

from . import pool_admission
from .models import LiveNote, QualityVerdict
from .policies import current

FIELDS = (
    "author", "channel_id", "root_channel_id", "published_at", "latitude", "longitude", "at_place",
    "language", "quality", "recommended",
)  # fmt: skip

# However good the rest, advertising is not recommended.
LEAST_SPAM_SCORE = 0.5


def refresh(note_ids: Sequence[int], *, now: datetime) -> int:
    """Make the feeds' view of these notes true; returns how many of them are live."""
    notes = list(_showable(note_ids))
    with transaction.atomic():
        verdicts = _judge_quality(notes, now)
        LiveNote.objects.filter(note__in=set(note_ids) - {note.pk for note in notes}).delete()
        LiveNote.objects.bulk_create(
            [_live(note, verdicts[note.pk]) for note in notes],
            update_conflicts=True,
            unique_fields=["note"],
            update_fields=FIELDS,
            batch_size=500,
        )
        pool_admission.follow_catalogue(note_ids, now=now)
    return len(notes)


def _showable(note_ids: Sequence[int]) -> Iterable[Note]:
    """Published, public, shown notes of present authors whose cover is ready."""
    waiting = NoteImage.objects.filter(
        note=OuterRef("pk"), state=NoteImage.State.PROCESSING, position=0
    )
    return (
        Note.objects.filter(pk__in=note_ids)
        .visible_to(None)
        .filter(~Exists(waiting))
        .select_related("author__profile", "channel", "place")
        .prefetch_related("tags", "images")  # type: ignore[misc]  # taggit has no types
    )


def _judge_quality(notes: Iterable[Note], now: datetime) -> dict[int, QualityVerdict]:
    bar = current()[1].pools.quality_bar
    verdicts = {note.pk: _verdict(note, bar, now) for note in notes}
    QualityVerdict.objects.bulk_create(
        verdicts.values(),
        update_conflicts=True,
        unique_fields=["note"],
        update_fields=["score", "passes", "dimensions", "judged_at"],
        batch_size=500,
    )
    return verdicts


def _verdict(note: Note, bar: float, now: datetime) -> QualityVerdict:
    report = score_text(
        note.title,
        note.body,
        [tag.name for tag in note.tags.all()],
        [_measures(image) for image in note.images.all() if image.state == NoteImage.State.READY],
        note.place_id is not None,
    )
    spam = next((d.score for d in report.dimensions if d.name == "spam"), 1.0)
    return QualityVerdict(
        note=note,
        score=report.total,
        passes=report.total >= bar and spam >= LEAST_SPAM_SCORE,
        dimensions=[
            {"name": d.name, "score": round(d.score, 3), "code": d.code} for d in report.dimensions
        ],
        judged_at=now,
    )


def _measures(image: NoteImage) -> PictureMeasures:
    measured = image.measures
    return PictureMeasures(
        width=image.width,
        height=image.height,
        sharpness=measured.get("sharpness", 0.0),
        brightness=measured.get("brightness", 0.0),
        contrast=measured.get("contrast", 0.0),
        entropy=measured.get("entropy", 0.0),
        is_text_card=image.is_text_card,
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
        recommended=verdict.passes,
    )
