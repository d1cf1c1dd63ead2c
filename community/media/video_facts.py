"""What is known about a video: before it is prepared, and after."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What the file holds, counted from its packets. Width and height in pixels as stored, before
    any rotation; `frame_rate` is the mean of frames a second."""

    width: int
    height: int
    duration: timedelta
    frames: int
    has_sound: bool

    @property
    def frame_rate(self) -> float:
        return self.frames / max(self.duration.total_seconds(), 1e-3)

    @property
    def short_side(self) -> int:
        return min(self.width, self.height)


@dataclass(frozen=True, slots=True)
class VideoRendition:
    """One written MP4."""

    width: int
    height: int
    filename: str
    bytes: int


@dataclass(frozen=True, slots=True)
class ProcessedVideo:
    """A video ready to be served: upright, without metadata, smallest rendition first."""

    width: int
    height: int
    duration: timedelta
    has_sound: bool
    renditions: tuple[VideoRendition, ...]
