"""Pictures beside those of notes, through the same intake: products', logos, banners.

The request looks at the header and keeps the upload; a job decodes it in the limited child and
keeps only what was encoded anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import get_random_string
from PIL import Image

from accounts import file_store
from accounts.errors import Invalid
from accounts.file_store import Kept, at_hand, filled, media_root, remove_all, write
from community.media.errors import PictureRefused
from community.media.facts import ProcessedPicture
from community.media.intake import inspect_upload
from community.media.pictures import process_picture, staged
from community.media.renditions import write_renditions
from community.models.kept_picture import KeptPicture

from .pictures import upload_path

State = KeptPicture.State


def folder_of(picture: KeptPicture) -> Kept:
    """Where its renditions lie."""
    return media_root() / picture.media_folder / picture.token[:2] / picture.token


def check_upload(upload: BinaryIO, name: str) -> None:
    """Raises Invalid for what is no picture that we take."""
    try:
        inspect_upload(upload, name=name)
    except PictureRefused as refusal:
        raise Invalid(refusal.message, field="picture", code=refusal.code) from refusal


@contextmanager
def kept_upload(upload: BinaryIO) -> Iterator[str]:
    """The token of an upload that is kept, in a transaction; what is refused inside keeps none."""
    token = get_random_string(22)
    write(upload, upload_path(token))
    try:
        with transaction.atomic():
            yield token
    except BaseException:
        upload_path(token).unlink(missing_ok=True)
        raise


def make_ready(picture: KeptPicture) -> None:
    """What the worker does. Computes for seconds and holds no transaction meanwhile."""
    source, folder = upload_path(picture.token), folder_of(picture)
    remove_all(folder)  # what a killed worker left half-way
    try:
        if not source.exists():
            raise PictureRefused("truncated")
        with at_hand(source) as upload, filled(folder) as made:
            found = process_picture(upload, made)
        _finish(picture, found)
    except PictureRefused as refusal:
        _waiting(picture).update(state=State.REFUSED, refusal=refusal.code)
    file_store.forget(files=[source], at_once=True)


def take_drawn(picture: KeptPicture, drawn: Image.Image) -> None:
    """Make a picture ready that we drew ourselves: no upload, nothing to decode."""
    with filled(folder_of(picture)) as folder, staged(folder) as staging:
        made = write_renditions(drawn, staging)
    _finish(picture, made)


def forget(picture: KeptPicture) -> None:
    """The row now, the files once that is committed."""
    folder, source = folder_of(picture), upload_path(picture.token)
    picture.delete()
    file_store.forget(files=[source], folders=[folder])


def file_of(picture: KeptPicture | None, file: str) -> tuple[Kept, str] | None:
    """(path, content type) of one of its renditions; the name never becomes a path by itself."""
    renditions = picture.renditions if picture is not None else []
    known = next((r for r in renditions if r["filename"] == file), None)
    if picture is None or known is None:
        return None
    return folder_of(picture) / known["filename"], f"image/{known['format']}"


def _waiting(picture: KeptPicture) -> QuerySet[Any]:
    return type(picture)._default_manager.filter(pk=picture.pk, state=State.PROCESSING)


def _finish(picture: KeptPicture, made: ProcessedPicture) -> None:
    _waiting(picture).update(
        state=State.READY,
        width=made.width,
        height=made.height,
        renditions=[asdict(rendition) for rendition in made.renditions],
        placeholder=made.placeholder,
    )
