"""A video as pages show it: addresses by size, length in words, and when to look again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from .models import Note, NoteVideo

# A page that waits looks soon at first and less often the longer it takes: (until, every) s.
LOOKS: Final = ((20, 2), (60, 4), (300, 10))
LAST_LOOKS: Final = 30


@dataclass(frozen=True, slots=True)
class ShownVideo:
    """`small` and `large` are the same address where there is one size."""

    state: str
    progress: int
    small: str
    large: str
    width: int
    height: int
    seconds: float
    length: str
    look_again: int

    @property
    def is_ready(self) -> bool:
        return self.state == NoteVideo.State.READY

    @property
    def is_processing(self) -> bool:
        return self.state == NoteVideo.State.PROCESSING

    @property
    def is_wide(self) -> bool:
        """Wide ones are small on a phone held upright: the small size is enough there."""
        return self.width > self.height


def video_of(note: Note) -> NoteVideo | None:
    return getattr(note, "video", None)


def shown_video(note: Note, *, now: datetime | None = None) -> ShownVideo | None:
    """What a page needs of the note's video; None where it has none."""
    video = video_of(note)
    if video is None:
        return None
    files = video.smallest_first
    return ShownVideo(
        state=video.state,
        progress=video.progress,
        small=video_address(video.token, files[0]["filename"]) if files else "",
        large=video_address(video.token, files[-1]["filename"]) if files else "",
        width=video.width,
        height=video.height,
        seconds=video.seconds,
        length=length_in_words(video.duration),
        look_again=_look_again((now or timezone.now()) - video.created_at),
    )


def video_address(token: str, filename: str) -> str:
    return f"/media/videos/{token}/{filename}"


def length_in_words(duration: timedelta) -> str:
    """As players write it: 0:07, 4:59, 1:02:03. Never 0:00."""
    seconds = max(1, round(duration.total_seconds()))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _look_again(age: timedelta) -> int:
    waited = age.total_seconds()
    return next((every for until, every in LOOKS if waited < until), LAST_LOOKS)
