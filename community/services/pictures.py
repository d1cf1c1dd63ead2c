"""Pictures of a note: taken in with the request, made ready by Celery, shown in order.

The request checks the header only and stores the upload; the job `pictures.process` decodes it in
a limited child process. Until then the picture is "processing", afterwards "ready" or "refused"
with a reason its author can act on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from accounts.errors import Conflict, Invalid, NotFound
from accounts.file_store import Kept, forget, media_root, write
from accounts.models import User
from community import signals
from community.media.errors import PictureRefused
from community.media.intake import inspect_upload
from community.models import Note, NoteImage, NoteVideo
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
    with _taken_in(upload, name) as token, transaction.atomic():
        _check_no_video(note)
        image = NoteImage.objects.create(
            note=note,
            position=_next_position(note),
            alt=clean_line(alt, max_length=ALT_LENGTH),
            token=token,
            created_at=now,
        )
        enqueue("pictures.process", key=image.pk, image=image.pk)
    return image


def replace_picture(
    *,
    author: User,
    note_id: int,
    image_id: int,
    upload: BinaryIO,
    name: str = "",
    now: datetime | None = None,
) -> NoteImage:
    """Put another picture in the place of one, as after a crop: position and description stay.

    Raises Invalid (with the reason), NotFound, and Conflict for the poster of a video.
    """
    now = now or timezone.now()
    note = own_note(author, note_id)
    with _taken_in(upload, name) as token, transaction.atomic():
        old = _replaceable(note, image_id)
        take_back_shown(note, why="pictures", now=now)
        old.refresh_from_db(fields=["second_cover"])
        forget_picture(old)
        image = NoteImage.objects.create(
            note=note,
            position=old.position,
            alt=old.alt,
            second_cover=old.second_cover,
            token=token,
            created_at=now,
        )
        forget_unfit(note)
        Note.objects.filter(pk=note.pk).update(revision=F("revision") + 1)
        enqueue("pictures.process", key=image.pk, image=image.pk)
    return image


def _replaceable(note: Note, image_id: int) -> NoteImage:
    """Raises NotFound for what is no picture of the note's own, Conflict for a poster."""
    image = note.images.filter(pk=image_id, is_text_card=False).first()
    if image is None:
        raise NotFound
    if image.pk in _posters(note):
        raise Conflict(_("This is the video's poster. Remove the video."), field="picture")
    return image


@contextmanager
def _taken_in(upload: BinaryIO, name: str) -> Iterator[str]:
    """The token under which the upload waits; where the block fails, it waits no longer.

    Raises Invalid with the reason where the header tells that it is no picture for us.
    """
    try:
        inspect_upload(upload, name=name)
    except PictureRefused as refusal:
        raise Invalid(refusal.message, field="picture", code=refusal.code) from refusal
    token = get_random_string(22)
    write(upload, upload_path(token))
    try:
        yield token
    except BaseException:
        upload_path(token).unlink(missing_ok=True)
        raise


def arrange_pictures(
    *,
    author: User,
    note_id: int,
    order: Iterable[int],
    alts: dict[int, str] | None = None,
    seen: Collection[int] | None = None,
) -> None:
    """Put a note's pictures in this order and describe them; pictures left out are removed, but for
    the poster of a video, which goes with it. Raises NotFound for what is no picture of the note.

    `seen` are the pictures that a page knew of when it was sent: one that came meanwhile stays,
    behind them, and one that went meanwhile is passed over.
    """
    wanted = list(dict.fromkeys(order))
    with transaction.atomic():
        note = own_note(author, note_id)
        images = {image.pk: image for image in note.images.filter(is_text_card=False)}
        if seen is not None:
            came = [pk for pk in images if pk not in seen]
            wanted = [*(pk for pk in wanted if pk in images and pk in seen), *came]
        if unknown := set(wanted) - images.keys():
            raise NotFound(field=f"pictures {sorted(unknown)}")
        if wanted != list(images):
            take_back_shown(note, why="pictures", now=timezone.now())
        for pk in images.keys() - {*wanted, *_posters(note)}:
            forget_picture(images[pk])
        for position, pk in enumerate(wanted):
            alt = (alts or {}).get(pk, images[pk].alt)
            NoteImage.objects.filter(pk=pk).update(
                position=position, alt=clean_line(alt, max_length=ALT_LENGTH)
            )
        forget_unfit(note)
        Note.objects.filter(pk=note.pk).update(revision=F("revision") + 1)
        if len(wanted) < len(images):
            tell_pictures_went(note, now=timezone.now())


def remove_picture(*, author: User, note_id: int, image_id: int) -> None:
    """Take one picture away. Raises NotFound, and Conflict for the poster of a video."""
    with transaction.atomic():
        note = own_note(author, note_id)
        image = note.images.filter(pk=image_id).first()
        if image is None:
            raise NotFound
        if image.pk in _posters(note):
            raise Conflict(_("This is the video's poster. Remove the video."), field="picture")
        take_back_shown(note, why="pictures", now=timezone.now())
        forget_picture(image)
        forget_unfit(note)
        Note.objects.filter(pk=note.pk).update(revision=F("revision") + 1)
        tell_pictures_went(note, now=timezone.now())


def tell_pictures_went(note: Note, *, now: datetime) -> None:
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
            forget_picture(card)
        return
    for card in cards:
        forget_picture(card)
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


def upload_path(token: str) -> Kept:
    """Where an upload waits for processing."""
    return media_root() / "uploads" / token


def renditions_path(token: str) -> Kept:
    """The folder of a picture's renditions."""
    return media_root() / "notes" / token[:2] / token


def _check_no_video(note: Note) -> None:
    """Raises Invalid: a note shows pictures or a video, and one that was refused is neither."""
    if NoteVideo.objects.filter(note=note).exclude(state=NoteVideo.State.REFUSED).exists():
        raise Invalid(
            _("This note has a video. A note has either pictures or a video."),
            field="picture",
            code="video_there",
        )


def _posters(note: Note) -> set[int]:
    return set(NoteVideo.objects.filter(note=note).values_list("poster_id", flat=True))


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


def forget_picture(image: NoteImage) -> None:
    """Forget the row now, the files once that is committed."""
    token = image.token
    image.delete()
    forget_files(token)


def forget_files(token: str, *, at_once: bool = False) -> None:
    """Once the caller's transaction is committed, or `at_once` where there is none."""
    forget(files=[upload_path(token)], folders=[renditions_path(token)], at_once=at_once)
