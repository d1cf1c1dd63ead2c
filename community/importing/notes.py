"""Write a batch of notes: places and tags found or made, pictures handed to the media queue."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.utils.crypto import get_random_string

from community.media.errors import PictureRefused
from community.media.intake import inspect_upload
from community.models import Channel, Note, NoteImage, NoteStats, Place, TaggedNote
from community.outbox.jobs import enqueue_many
from community.services.pictures import forget_files, keep_upload, upload_path
from community.services.tagging import ensure_tags
from community.text.hashtags import tag_key

from .lines import BadLine
from .shapes import NoteRecord, PlaceRecord

PictureSource = Callable[[str], bytes]


def write_notes(
    records: Sequence[NoteRecord], *, authors: dict[str, int], fallback: Channel, now: datetime
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
    _add_pictures(ids, records, now)
    return ids


def store_pictures(
    pictures: Sequence[tuple[str, str]], source: PictureSource | None
) -> list[tuple[str, str]]:
    """Check and keep a note's picture files: (token, alt) of each, or BadLine and nothing kept."""
    stored: list[tuple[str, str]] = []
    try:
        for file, alt in pictures:
            stored.append((_store(file, source), alt))
    except BaseException:
        drop_pictures(stored)
        raise
    return stored


def drop_pictures(stored: Iterable[tuple[str, str]]) -> None:
    """Forget uploads whose notes were not written after all."""
    for token, _alt in stored:
        forget_files(token)


def _store(file: str, source: PictureSource | None) -> str:
    if source is None:
        raise BadLine("pictures: no folder to read them from was given")
    try:
        upload = io.BytesIO(source(file))
        inspect_upload(upload, name=file)
    except PictureRefused as refusal:
        raise BadLine(f"pictures: {file}: {refusal.message}") from refusal
    except (OSError, LookupError, ValueError) as error:
        raise BadLine(f"pictures: {file} cannot be read ({error})") from error
    token = get_random_string(22)
    keep_upload(upload, upload_path(token))
    return token


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
    tags = {tag.key: tag.pk for tag in ensure_tags(names)} if names else {}
    TaggedNote.objects.bulk_create(
        (
            TaggedNote(tag_id=tags[tag_key(name)], content_object_id=pk)
            for pk, record in zip(ids, records, strict=True)
            for name in record.tags
        ),
        ignore_conflicts=True,
    )


def _add_pictures(ids: Sequence[int], records: Sequence[NoteRecord], now: datetime) -> None:
    """Rows in state "processing" and a job each, as when somebody uploads."""
    images = NoteImage.objects.bulk_create(
        NoteImage(note_id=pk, position=position, alt=alt, token=token, created_at=now)
        for pk, record in zip(ids, records, strict=True)
        for position, (token, alt) in enumerate(record.pictures)
    )
    enqueue_many("pictures.process", ((image.pk, {"image": image.pk}) for image in images))
