"""Pictures of a note: taken in with the request, made ready by Celery, shown in order.

The request checks the header only and stores the upload; the job `pictures.process` decodes it in
a limited child process. Until then the picture is "processing", afterwards "ready" or "refused"
with a reason its author can act on.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from accounts.errors import Invalid, NotFound
from accounts.models import User
from community import signals
from community.media.errors import PictureRefused
from community.media.intake import inspect_upload
from community.models import Note, NoteImage
from community.models.note import MAX_PICTURES
from community.outbox.jobs import enqueue
from community.text.clean import clean_line

from .access import own_note
from .covers import forget_unfit, take_back_shown

ALT_LENGTH = 300
CARD_TEXT_LENGTH = 200


def add_picture(
    *,
    author: User,
    note_id: int,
    upload: BinaryIO,
    name: str = "",
    alt: str = "",
    now: datetime | None = None,
) -> NoteImage:
    """Take a picture in at the end of the note. Raises Invalid (with the reason), NotFound."""
    now = now or timezone.now()
    note = own_note(author, note_id)
    try:
        inspect_upload(upload, name=name)
    except PictureRefused as refusal:
        raise Invalid(refusal.message, field="picture", code=refusal.code) from refusal
    token = get_random_string(22)
    keep_upload(upload, upload_path(token))
    try:
        with transaction.atomic():
            image = NoteImage.objects.create(
                note=note,
                position=_next_position(note),
                alt=clean_line(alt, max_length=ALT_LENGTH),
                token=token,
                created_at=now,
            )
            enqueue("pictures.process", key=image.pk, image=image.pk)
    except BaseException:
        upload_path(token).unlink(missing_ok=True)
        raise
    return image


def arrange_pictures(
    *, author: User, note_id: int, order: Iterable[int], alts: dict[int, str] | None = None
) -> None:
    """Put a note's pictures in this order and describe them; pictures left out are removed."""
    wanted = list(dict.fromkeys(order))
    with transaction.atomic():
        note = own_note(author, note_id)
        images = {image.pk: image for image in note.images.filter(is_text_card=False)}
        if unknown := set(wanted) - images.keys():
            raise NotFound(field=f"pictures {sorted(unknown)}")
        if wanted != list(images):
            take_back_shown(note, why="pictures", now=timezone.now())
        for pk in images.keys() - set(wanted):
            _remove(images[pk])
        for position, pk in enumerate(wanted):
            alt = (alts or {}).get(pk, images[pk].alt)
            NoteImage.objects.filter(pk=pk).update(
                position=position, alt=clean_line(alt, max_length=ALT_LENGTH)
            )
        forget_unfit(note)
        Note.objects.filter(pk=note.pk).update(revision=F("revision") + 1)
        if len(wanted) < len(images):
            _pictures_went(note, now=timezone.now())


def remove_picture(*, author: User, note_id: int, image_id: int) -> None:
    """Take one picture away. Raises NotFound."""
    with transaction.atomic():
        note = own_note(author, note_id)
        image = note.images.filter(pk=image_id).first()
        if image is None:
            raise NotFound
        take_back_shown(note, why="pictures", now=timezone.now())
        _remove(image)
        forget_unfit(note)
        Note.objects.filter(pk=note.pk).update(revision=F("revision") + 1)
        _pictures_went(note, now=timezone.now())


def _pictures_went(note: Note, *, now: datetime) -> None:
    """What a published note shows is less: a drawn card takes the place of its last picture."""
    if not note.is_published:
        return
    own = note.images.filter(is_text_card=False).exclude(state=NoteImage.State.REFUSED)
    if not own.exists():
        keep_text_card_current(note, now=now)
    elif not own.filter(state=NoteImage.State.PROCESSING).exists():
        signals.note_pictures_ready.send(sender=Note, note=note, now=now)


def keep_text_card_current(note: Note, *, now: datetime) -> None:
    """A published note without a picture of its own has a drawn card of its present text."""
    own = note.images.filter(is_text_card=False).exclude(state=NoteImage.State.REFUSED)
    cards = note.images.filter(is_text_card=True)
    if own.exists():
        for card in cards:
            _remove(card)
        return
    for card in cards:
        _remove(card)
    card = NoteImage.objects.create(
        note=note,
        position=0,
        is_text_card=True,
        alt=clean_line(note.title or note.body, max_length=CARD_TEXT_LENGTH),
        token=get_random_string(22),
        created_at=now,
    )
    enqueue("pictures.process", key=card.pk, image=card.pk)


def finish_picture(image: NoteImage, *, now: datetime, **facts: object) -> None:
    """Record what processing found; tell listeners when the note's last picture is done."""
    with transaction.atomic():
        changed = NoteImage.objects.filter(pk=image.pk, state=NoteImage.State.PROCESSING).update(
            **facts
        )
        if not changed:
            return
        Note.objects.filter(pk=image.note_id).update(revision=F("revision") + 1)
        note = Note.objects.get(pk=image.note_id)
        forget_unfit(note)
        if note.is_published and not note.images.filter(state=NoteImage.State.PROCESSING).exists():
            keep = note.images.exclude(state=NoteImage.State.REFUSED).exists()
            if not keep:
                keep_text_card_current(note, now=now)
            else:
                signals.note_pictures_ready.send(sender=Note, note=note, now=now)


def upload_path(token: str) -> Path:
    """Where an upload waits for processing."""
    return Path(settings.MEDIA_ROOT) / "uploads" / token


def renditions_path(token: str) -> Path:
    """The folder of a picture's renditions."""
    return Path(settings.MEDIA_ROOT) / "notes" / token[:2] / token


def keep_upload(upload: BinaryIO, path: Path) -> None:
    """Write under a temporary name, then rename: never half a file under its own name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    try:
        upload.seek(0)
        with draft.open("wb") as file:
            shutil.copyfileobj(upload, file, 1 << 20)
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _next_position(note: Note) -> int:
    """The place behind the last picture. Raises Invalid when the note is full."""
    own = note.images.filter(is_text_card=False)
    if own.count() >= MAX_PICTURES:
        raise Invalid(
            _("A note has at most %(count)d pictures.") % {"count": MAX_PICTURES},
            field="picture",
            code="too_many",
        )
    last = own.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _remove(image: NoteImage) -> None:
    """Forget the row now, the files once that is committed."""
    token = image.token
    image.delete()
    transaction.on_commit(lambda: forget_files(token))


def forget_files(token: str) -> None:
    upload_path(token).unlink(missing_ok=True)
    shutil.rmtree(renditions_path(token), ignore_errors=True)
