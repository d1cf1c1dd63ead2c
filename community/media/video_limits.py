"""How large, how long and how many: every bound on a video in one place.

What an operator may move (size and length) comes from the settings; see services/videos.py.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

MAX_PIXELS: Final = 4096 * 2304
"""Of one frame: 4K and a little. ffmpeg refuses larger ones wherever in the file they come."""

MAX_FRAME_RATE: Final = 240
"""Frames a second of what comes in: a phone's slow motion has 240."""

SHOWN_FRAME_RATE: Final = 30
"""What comes in faster is thinned out to this; slower videos keep their own timing."""

MAX_STREAMS: Final = 16
"""Tracks of any kind in the file. A phone writes up to six, an action camera seven."""

SHORTEST: Final = timedelta(milliseconds=200)

VIDEO_CODECS: Final = (
    "h264", "hevc", "av1", "libdav1d", "vp8", "vp9", "mpeg4", "mjpeg", "prores",
)  # fmt: skip
AUDIO_CODECS: Final = (
    "aac", "mp3", "mp3float", "opus", "vorbis", "alac", "pcm_s16le", "pcm_s16be", "pcm_s24le",
    "pcm_s24be",
)  # fmt: skip
"""ffmpeg's names of the decoders that what cameras, phones and browsers write may reach."""


@dataclass(frozen=True, slots=True)
class Size:
    """One rendition: its short side in pixels, the most of video and of audio in kbit/s."""

    short_side: int
    video_rate: int
    audio_rate: int


SIZES: Final = (Size(480, 1200, 96), Size(720, 2500, 128))
"""Ascending. The larger one is left out where it would only repeat the smaller."""


@dataclass(frozen=True, slots=True)
class VideoLimits:
    """What a file and the ffmpeg that reads it may use.

    `address_space` is virtual memory in bytes: 1080p needs 350 MB of it (195 MB resident), 2160p
    500 MB (270), and with HEVC in 10 bits 700 MB (360). `file_size` bounds each written file.
    Processor time grows with the length: one core prepares a second of 1080p in 0.85 s.
    """

    longest: timedelta = timedelta(minutes=5)
    probe_cpu: timedelta = timedelta(seconds=20)
    least_cpu: timedelta = timedelta(seconds=30)
    cpu_per_second: float = 8.0
    # The machine may be busy: real time may be this many times the processor's.
    patience: float = 4.0
    address_space: int = 720 * 1024 * 1024
    file_size: int = 256 * 1024 * 1024

    def cpu_for(self, duration: timedelta) -> timedelta:
        return self.least_cpu + duration * self.cpu_per_second


VIDEO_LIMITS: Final = VideoLimits()
