"""What a video file holds, counted packet by packet by ffmpeg itself; nothing is decoded.

The ffmpeg that a Python package ships comes without ffprobe, and what `ffmpeg -i` prints is prose
in which a title can say "Stream #0". The muxer `framecrc` writes neither: a head of `#key: value`
lines, then one line of numbers for each packet. So the duration is that of the packets and not the
one that the file claims, and a file that ends too early is found out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Final

from community.media import ffmpeg
from community.media.video_errors import VideoRefused
from community.media.video_facts import VideoFacts
from community.media.video_limits import (
    AUDIO_CODECS,
    MAX_FRAME_RATE,
    MAX_PIXELS,
    MAX_STREAMS,
    SHORTEST,
    VIDEO_CODECS,
    VideoLimits,
)
from community.media.video_signatures import HEAD_BYTES, video_container

_SLACK: Final = timedelta(milliseconds=500)
"""A recorder that was set to the limit stops a moment after it."""

_COVERS: Final = "0:V"  # video streams but for pictures of an album


def opened(source: Path) -> list[str]:
    """ffmpeg's arguments that open `source` as what it is: one local file of one known kind, with
    known decoders and no others. Raises VideoRefused."""
    with source.open("rb") as file:
        container = video_container(file.read(HEAD_BYTES))
    return [
        *("-protocol_whitelist", "file", "-max_streams", str(MAX_STREAMS)),
        *("-codec_whitelist", ",".join(VIDEO_CODECS + AUDIO_CODECS)),
        *("-max_pixels", str(MAX_PIXELS), "-threads", "1"),
        *("-f", container, "-i", str(source.resolve())),
    ]


def probe(source: Path, *, limits: VideoLimits, meanwhile: Callable[[], None]) -> VideoFacts:
    """Count what `source` holds and hold it against the limits. Raises VideoRefused."""
    tally = _Tally(limits)
    arguments = ["-xerror", *opened(source), "-map", f"{_COVERS}:0", "-map", "0:a:0?"]
    arguments += ["-c", "copy", "-f", "framecrc", "-"]
    try:
        ffmpeg.run(
            arguments,
            folder=source.parent,
            cpu=limits.probe_cpu,
            limits=limits,
            on_line=tally.read,
            meanwhile=meanwhile,
        )
    except VideoRefused as refusal:
        # What was readable at first and then was not is cut off.
        if refusal.code == "not_a_video" and tally.frames:
            raise VideoRefused("truncated") from refusal
        raise
    return tally.facts()


@dataclass
class _Tally:
    """Reads framecrc. Packets of stream 0 are pictures, those of stream 1 sound."""

    limits: VideoLimits
    heads: dict[str, str] = field(default_factory=dict)
    frames: int = 0
    first: Fraction | None = None
    until: Fraction = Fraction(0)

    def read(self, line: str) -> None:
        if line.startswith("#"):
            name, _colon, value = line[1:].partition(":")
            self.heads[name.strip()] = value.strip()
            return
        # stream, dts, pts, duration, size, checksum
        stream, _dts, pts, duration, *_rest = (word.strip() for word in line.split(","))
        if stream == "0":
            self._count(int(pts), int(duration))

    def _count(self, pts: int, duration: int) -> None:
        tick = Fraction(self.heads["tb 0"])
        start = pts * tick
        if self.first is None or start < self.first:
            self.first = start
        self.until = max(self.until, start + duration * tick)
        self.frames += 1
        # Said while it is being read: an endless file is not read to its end.
        if self.frames % 1000 == 0:
            self._check_length()

    @property
    def duration(self) -> timedelta:
        return timedelta(seconds=float(self.until - (self.first or 0)))

    def _check_length(self) -> None:
        longest = self.limits.longest + _SLACK
        if self.duration > longest:
            raise VideoRefused("too_long")
        if self.frames > longest.total_seconds() * MAX_FRAME_RATE:
            raise VideoRefused("too_many_frames")

    def facts(self) -> VideoFacts:
        """Raises VideoRefused where something is beyond a limit."""
        if not self.frames:
            raise VideoRefused("no_picture")
        width, height = (int(side) for side in self.heads["dimensions 0"].split("x"))
        facts = VideoFacts(width, height, self.duration, self.frames, "tb 1" in self.heads)
        if width < 1 or height < 1:
            raise VideoRefused("not_a_video")
        if width * height > MAX_PIXELS:
            raise VideoRefused("too_many_pixels")
        self._check_length()
        if facts.duration < SHORTEST:
            raise VideoRefused("too_short")
        if facts.frame_rate > MAX_FRAME_RATE * 1.05:
            raise VideoRefused("too_many_frames")
        return facts
