"""The video of a note: taken in with the request, made ready by Celery, removed again.

The request looks at the first bytes and stores the upload; the job `videos.process` does the rest
(services/video_work.py). The poster is there from the beginning as the note's cover "processing",
so the note waits for it wherever notes wait for their pictures.
"""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from accounts.errors import Invalid, NotFound
from accounts.file_store import Kept, forget, media_root, write
from accounts.models import User
from community.media.video_errors import RefusalCode, VideoRefused
from community.media.video_intake import inspect_video
from community.media.video_refusals import refusal_of
from community.models import Note, NoteImage, NoteVideo
from community.outbox.jobs import enqueue
from community.text.clean import clean_line

from .access import own_note
from .pictures import (
    ALT_LENGTH,
    forget_picture,
    keep_text_card_current,
    tell_pictures_went,
    upload_path,
)

# Why a poster is refused: its video was, and there is nothing that it could show.
OF_ITS_VIDEO = "video"
# Why a video is refused that could not be prepared by a fault of ours: it may be tried again.
FAILED: RefusalCode = "failed"


def add_video(
    *,
    author: User,
    note_id: int,
    upload: BinaryIO,
    name: str = "",
    alt: str = "",
    now: datetime | None = None,
) -> NoteVideo:
    """Take in the note's video; one that was refused makes room. Raises Invalid (with the reason),
    NotFound."""
    now = now or timezone.now()
    note = own_note(author, note_id)
    _check_room(note)
    try:
        inspect_video(upload, name=name, largest=settings.VIDEO_LARGEST_BYTES)
    except VideoRefused as refusal:
        raise Invalid(refusal.message, field="video", code=refusal.code) from refusal
    token = get_random_string(22)
    write(upload, upload_path(token))
    try:
        with transaction.atomic():
            Note.objects.select_for_update(no_key=True).filter(pk=note.pk).first()
            _check_room(note)
            for refused in NoteVideo.objects.filter(note=note).select_related("poster"):
                _forget(refused)
            video = NoteVideo.objects.create(
                note=note, poster=_poster(note, alt, now), token=token, created_at=now
            )
            enqueue("videos.process", key=video.pk, video=video.pk)
    except BaseException:
        upload_path(token).unlink(missing_ok=True)
        raise
    return video


def remove_video(*, author: User, note_id: int, now: datetime | None = None) -> None:
    """Take the video and its poster away; being prepared, it is given up. Raises NotFound."""
    now = now or timezone.now()
    with transaction.atomic():
        note = own_note(author, note_id)
        video = NoteVideo.objects.filter(note=note).select_related("poster").first()
        if video is None:
            raise NotFound
        _forget(video)
        Note.objects.filter(pk=note.pk).update(revision=F("revision") + 1)
        tell_pictures_went(note, now=now)


def retry_video(*, author: User, note_id: int) -> NoteVideo:
    """Prepare the video once more that could not be prepared. Raises NotFound where there is none,
    Invalid where it was the file that was refused."""
    with transaction.atomic():
        note = own_note(author, note_id)
        video = NoteVideo.objects.filter(note=note).first()
        if video is None:
            raise NotFound
        if begin_again(video.pk):
            enqueue("videos.process", key=video.pk, video=video.pk)
            Note.objects.filter(pk=note.pk).update(revision=F("revision") + 1)
        elif video.state == NoteVideo.State.REFUSED:
            raise Invalid(refusal_of(video.refusal), field="video", code=video.refusal)
    video.refresh_from_db()
    return video


def begin_again(video_id: int) -> bool:
    """Make a video that could not be prepared, and its poster, wait again; whether it did. Where
    pictures took its place, it did not."""
    pictures = NoteImage.objects.filter(note=OuterRef("note"), is_text_card=False, video=None)
    row = NoteVideo.objects.filter(
        ~Exists(pictures.exclude(state=NoteImage.State.REFUSED)),
        pk=video_id, state=NoteVideo.State.REFUSED, refusal=FAILED,
    )  # fmt: skip
    with transaction.atomic():
        waits = row.update(state=NoteVideo.State.PROCESSING, progress=0, refusal="")
        if waits:
            NoteImage.objects.filter(video=video_id, refusal=OF_ITS_VIDEO).update(
                state=NoteImage.State.PROCESSING, refusal=""
            )
            note = Note.objects.get(video=video_id)
            if note.is_published:
                keep_text_card_current(note, now=timezone.now())
    return bool(waits)


def cancel_video(note_id: int) -> None:
    """The note is deleted: stop preparing. The upload is kept, because staff may bring it back."""
    NoteVideo.objects.filter(note=note_id, state=NoteVideo.State.PROCESSING).update(
        state=NoteVideo.State.CANCELLED, progress=0
    )


def resume_video(note_id: int) -> None:
    """The note is back: prepare what was cancelled. Call it in the transaction that brought it."""
    for video in NoteVideo.objects.filter(note=note_id, state=NoteVideo.State.CANCELLED):
        NoteVideo.objects.filter(pk=video.pk).update(state=NoteVideo.State.PROCESSING)
        enqueue("videos.process", key=video.pk, video=video.pk)


def video_path(token: str) -> Kept:
    """The folder of a video's renditions."""
    return media_root() / "videos" / token[:2] / token


def forget_video_files(token: str, *, at_once: bool = False) -> None:
    """Once the caller's transaction is committed, or `at_once` where there is none."""
    forget(files=[upload_path(token)], folders=[video_path(token)], at_once=at_once)


def _check_room(note: Note) -> None:
    """Raises Invalid where the note has pictures, or a video that was not refused."""
    kept = NoteVideo.objects.filter(note=note).exclude(state=NoteVideo.State.REFUSED)
    if kept.exists():
        raise Invalid(
            _("A note has one video. Remove it before you choose another."),
            field="video",
            code="too_many",
        )
    own = note.images.filter(is_text_card=False, video=None)
    if own.exclude(state=NoteImage.State.REFUSED).exists():
        raise Invalid(
            _("This note has pictures. A note has either pictures or a video."),
            field="video",
            code="pictures_there",
        )


def _poster(note: Note, alt: str, now: datetime) -> NoteImage:
    """The cover that is to come; no job is noted for it before there is something to look at."""
    return NoteImage.objects.create(
        note=note,
        position=0,
        alt=clean_line(alt, max_length=ALT_LENGTH),
        token=get_random_string(22),
        created_at=now,
    )


def _forget(video: NoteVideo) -> None:
    """The rows now, the files once that is committed."""
    token = video.token
    forget_picture(video.poster)  # and with it the row of the video
    forget_video_files(token)
