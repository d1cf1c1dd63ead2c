"""What Celery does with an upload: renditions, measurements, or a refusal with its reason."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from PIL import Image

from accounts.file_store import at_hand, filled, forget, remove_all
from community.media.errors import PictureRefused
from community.media.facts import ProcessedPicture
from community.media.pictures import process_picture, staged
from community.media.renditions import write_renditions
from community.media.text_card import process_text_card
from community.models import NoteImage

from .pictures import CARD_TEXT_LENGTH, finish_picture, forget_files, renditions_path, upload_path


def make_ready(image: NoteImage, *, now: datetime) -> None:
    """Process one picture. Computes for up to 20 s and holds no transaction meanwhile.

    A picture that was removed or cropped meanwhile leaves nothing behind, whoever came first.
    """
    folder = renditions_path(image.token)
    remove_all(folder)  # what a killed worker left half-way
    try:
        made = _draw_card(image) if image.is_text_card else _decode(image)
    except PictureRefused as refusal:
        finish_picture(image, now=now, state=NoteImage.State.REFUSED, refusal=refusal.code)
    except FileNotFoundError:  # its files went while they were read
        if _is_wanted(image):
            raise
    else:
        finish_picture(image, now=now, state=NoteImage.State.READY, **_facts(made))
    if not _is_wanted(image):
        forget_files(image.token, at_once=True)
    forget(files=[upload_path(image.token)], at_once=True)


def _is_wanted(image: NoteImage) -> bool:
    return NoteImage.objects.filter(pk=image.pk).exists()


def take_drawn(image: NoteImage, drawn: Image.Image, *, now: datetime) -> None:
    """Make a picture ready that we drew ourselves: no upload, nothing to decode."""
    with filled(renditions_path(image.token)) as folder, staged(folder) as staging:
        made = write_renditions(drawn, staging)
    finish_picture(image, now=now, state=NoteImage.State.READY, **_facts(made))


def _decode(image: NoteImage) -> ProcessedPicture:
    source = upload_path(image.token)
    if not source.exists():
        raise PictureRefused("truncated")
    with at_hand(source) as upload, filled(renditions_path(image.token)) as folder:
        return process_picture(upload, folder)


def _draw_card(image: NoteImage) -> ProcessedPicture:
    with filled(renditions_path(image.token)) as folder:
        return process_text_card(
            title=image.note.title,
            body=image.note.body[:CARD_TEXT_LENGTH],
            seed=image.note_id,
            target_dir=folder,
        )


def _facts(made: ProcessedPicture) -> dict[str, Any]:
    return {
        "width": made.width,
        "height": made.height,
        "renditions": [asdict(rendition) for rendition in made.renditions],
        "placeholder": made.placeholder,
        "phash": made.phash,
        "measures": made.quality | {"colour": made.colour},
    }
