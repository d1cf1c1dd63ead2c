"""Write a batch of notes: places and tags found or made, pictures handed to the media queue."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import BinaryIO

from accounts.file_store import write
from community.media.errors import PictureRefused
from community.media.intake import inspect_upload
from community.models import Channel, Note, NoteImage, NoteStats, Place, TaggedNote
from community.outbox.jobs import enqueue_many
from community.services.pictures import upload_path
from community.services.tagging import tag_ids
from community.text.hashtags import tag_key

from .lines import BadLine
from .shapes import NoteRecord, PictureRecord, PlaceRecord

PictureSource = Callable[[str], bytes]

# Head start of covers before the other pictures of imported notes.
COVERS_FIRST = timedelta(seconds=30)


def write_notes(
    records: Sequence[NoteRecord], *, authors: dict[str, int], fallback: Channel
) -> list[int]:
    """Make published notes; their ids, in the order of the records."""
    places = _places(record.place for record in records if record.place)
    notes = Note.objects.bulk_create(
        Note(
            author_id=authors[record.author],
            title=record.title,
            body=record.body,
            channel=record.channel or fallback,
            place_id=places[record.place.key] if record.place else None,
            visibility=record.visibility,
            language=record.language,
            state=Note.State.PUBLISHED,
            created_at=record.at,
            published_at=record.at,
        )
        for record in records
    )
    ids = [note.pk for note in notes]
    NoteStats.objects.bulk_create(NoteStats(note_id=pk) for pk in ids)
    _tag(ids, records)
    return ids


def store_pictures(pictures: Sequence[PictureRecord], source: PictureSource | None) -> None:
    """Check and keep a note's picture files; after a BadLine none of them is kept."""
    try:
        for picture in pictures:
            write(_checked(picture.file, source), upload_path(picture.token))
    except BaseException:
        drop_pictures(pictures)
        raise


def drop_pictures(pictures: Iterable[PictureRecord]) -> None:
    """Forget uploads whose note was not written after all."""
    for picture in pictures:
        upload_path(picture.token).unlink(missing_ok=True)


def _checked(file: str, source: PictureSource | None) -> BinaryIO:
    if source is None:
        raise BadLine("pictures: no folder to read them from was given")
    try:
        upload = io.BytesIO(source(file))
        inspect_upload(upload, name=file)
    except PictureRefused as refusal:
        raise BadLine(f"pictures: {file}: {refusal.message}") from refusal
    except (OSError, LookupError, ValueError) as error:
        raise BadLine(f"pictures: {file} cannot be read ({error})") from error
    return upload


def add_pictures(
    ids: Sequence[int], records: Sequence[NoteRecord], *, job: str, now: datetime
) -> None:
    """Rows in state "processing", and for each a job: as when somebody uploads, unless named."""
    pictures = [
        (pk, position, picture)
        for pk, record in zip(ids, records, strict=True)
        for position, picture in enumerate(record.pictures)
    ]
    images = NoteImage.objects.bulk_create(
        NoteImage(note_id=pk, position=position, alt=p.alt, token=p.token, created_at=now)
        for pk, position, p in pictures
    )
    rows = [
        (position, image.pk, {"image": image.pk} | ({"file": picture.file} if job else {}))
        for image, (_pk, position, picture) in zip(images, pictures, strict=True)
    ]
    kind = job or "pictures.process"
    # Feeds show covers: the other pictures can wait for them.
    enqueue_many(kind, [(key, arguments) for place, key, arguments in rows if place == 0])
    others = [(key, arguments) for place, key, arguments in rows if place > 0]
    enqueue_many(kind, others, after=COVERS_FIRST)


def _places(wanted: Iterable[PlaceRecord]) -> dict[tuple[str, float, float], int]:
    """Ids of places by name and point, made where missing."""
    by_key = {place.key: place for place in wanted}
    known = _known_places(by_key)
    Place.objects.bulk_create(
        (
            Place(name=p.name, city=p.city, latitude=p.latitude, longitude=p.longitude)
            for key, p in by_key.items()
            if key not in known
        ),
        ignore_conflicts=True,
    )
    return _known_places(by_key)


def _known_places(
    keys: Iterable[tuple[str, float, float]],
) -> dict[tuple[str, float, float], int]:
    rows = Place.objects.filter(latitude__in={key[1] for key in keys})
    return {
        (name, latitude, longitude): pk
        for pk, name, latitude, longitude in rows.values_list("pk", "name", "latitude", "longitude")
    }


def _tag(ids: Sequence[int], records: Sequence[NoteRecord]) -> None:
    names = {tag_key(name): name for record in records for name in record.tags}
    tags = tag_ids(names) if names else {}
    TaggedNote.objects.bulk_create(
        (
            TaggedNote(tag_id=tags[tag_key(name)], content_object_id=pk)
            for pk, record in zip(ids, records, strict=True)
            for name in record.tags
            if tag_key(name) in tags
        ),
        ignore_conflicts=True,
    )
