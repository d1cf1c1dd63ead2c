"""What Celery does with a video: two sizes and a poster, or a refusal with its reason.

It takes minutes, so it looks up every second: whether the job is still this worker's, and whether
the video is still wanted.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.file_store import Kept, at_hand, filled, forget, move, remove_abandoned, remove_all
from community.media.video_errors import VideoRefused
from community.media.video_facts import ProcessedVideo
from community.media.video_limits import VideoLimits
from community.media.videos import POSTER, process_video
from community.models import Note, NoteImage, NoteVideo
from community.outbox.jobs import enqueue, hold_on

from .pictures import finish_picture, upload_path
from .videos import FAILED, OF_ITS_VIDEO, forget_video_files, video_path


class _NotWanted(Exception):
    """The note or its video was taken away while it was being prepared."""


def prepare(video: NoteVideo) -> None:
    """Make one video ready. May be killed at any line and run again, also beside itself: what is
    in its folder under its own name is whole, and the row decides once."""
    folder = video_path(video.token)
    try:
        with at_hand(_upload_of(video)) as upload, filled(folder) as into:
            made = process_video(
                upload,
                into,
                tell=lambda percent: _tell(video, percent),
                limits=VideoLimits(longest=settings.VIDEO_LONGEST),
            )
    except VideoRefused as refusal:
        _refuse(video, refusal)
    except _NotWanted:
        _clear(video)
    else:
        _accept(video, made, folder)


def _upload_of(video: NoteVideo) -> Kept:
    source = upload_path(video.token)
    if not source.exists():
        raise VideoRefused("truncated")
    return source


def _tell(video: NoteVideo, percent: int) -> None:
    """Keep the job, say how far it is. Raises LetGo, _NotWanted."""
    hold_on(now=timezone.now())
    row = NoteVideo.objects.filter(pk=video.pk, state=NoteVideo.State.PROCESSING)
    wanted = row.exists() if percent == video.progress else row.update(progress=percent)
    if not wanted:
        raise _NotWanted
    video.progress = percent


def _accept(video: NoteVideo, made: ProcessedVideo, folder: Kept) -> None:
    """1. The row. 2. The poster goes the way of an uploaded picture. 3. Nothing else is kept."""
    with transaction.atomic():
        accepted = _settle(video, state=NoteVideo.State.READY, progress=100, **_facts(made))
        if accepted:
            move(folder / POSTER, upload_path(video.poster.token))
            enqueue("pictures.process", key=video.poster_id, image=video.poster_id)
            Note.objects.filter(pk=video.note_id).update(revision=F("revision") + 1)
    if not accepted:
        _clear(video)
        return
    forget(files=[upload_path(video.token)], at_once=True)
    remove_abandoned(folder)


def _refuse(video: NoteVideo, refusal: VideoRefused) -> None:
    """The note goes on without: its cover is refused with it, and a card of its words is drawn."""
    now = timezone.now()
    with transaction.atomic():
        refused = _settle(video, state=NoteVideo.State.REFUSED, refusal=refusal.code)
        if refused:
            facts = {"state": NoteImage.State.REFUSED, "refusal": OF_ITS_VIDEO}
            finish_picture(video.poster, now=now, **facts)
    if refused:
        forget_video_files(video.token, at_once=True)


def give_up(video: NoteVideo) -> None:
    """The last try failed, and not by the video: its author is told and may have it tried again, so
    the upload stays."""
    with transaction.atomic():
        if _settle(video, state=NoteVideo.State.REFUSED, refusal=FAILED):
            facts = {"state": NoteImage.State.REFUSED, "refusal": OF_ITS_VIDEO}
            finish_picture(video.poster, now=timezone.now(), **facts)


def _settle(video: NoteVideo, **facts: Any) -> bool:
    """Whether this worker is the one whose answer counts."""
    row = NoteVideo.objects.filter(pk=video.pk, state=NoteVideo.State.PROCESSING)
    return bool(row.update(**facts))


def _clear(video: NoteVideo) -> None:
    """Leave nothing of a video that is gone; of a cancelled one the upload, of a ready one all."""
    state = NoteVideo.objects.filter(pk=video.pk).values_list("state", flat=True).first()
    if state is None:
        forget_video_files(video.token, at_once=True)
    elif state == NoteVideo.State.CANCELLED:
        remove_all(video_path(video.token))


def _facts(made: ProcessedVideo) -> dict[str, Any]:
    return {
        "width": made.width,
        "height": made.height,
        "seconds": round(made.duration.total_seconds(), 3),
        "has_sound": made.has_sound,
        "renditions": [asdict(rendition) for rendition in made.renditions],
    }
