"""Prepare an uploaded video: H.264 and AAC in MP4, in two sizes, upright, with nothing else in it.

The files are written into a hidden folder inside the target and moved when all are there, so that
the target never shows half a video, whoever was killed when.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from community.media import ffmpeg
from community.media.pictures import staged
from community.media.video_errors import VideoRefused
from community.media.video_facts import ProcessedVideo, VideoFacts, VideoRendition
from community.media.video_limits import (
    SHOWN_FRAME_RATE,
    SIZES,
    VIDEO_LIMITS,
    Size,
    VideoLimits,
)
from community.media.video_probe import opened, probe

POSTER: Final = "poster.png"
_POSTER_WITHIN: Final = timedelta(seconds=20)
"""The poster is the frame most like the others of the beginning: seldom the black first one."""
_POSTER_OF: Final = 20  # frames that are compared, evenly spread

Told = Callable[[int], None]
"""Gets the progress from 0 to 99, about once a second; what it raises stops the work."""


def process_video(
    source: Path, target_dir: Path, *, tell: Told, limits: VideoLimits = VIDEO_LIMITS
) -> ProcessedVideo:
    """Write the renditions of `source` (`480.mp4`, `720.mp4`) and `poster.png` into `target_dir`.

    Raises VideoRefused when the video is at fault, VideoFailed when we are (try again), OSError
    when the disk is, and whatever `tell` raises. After any of them nothing new is in `target_dir`.
    """
    tell(0)
    facts = probe(source, limits=limits, meanwhile=lambda: tell(0))
    with staged(target_dir) as staging:
        sizes = _fitting(facts)
        _encode(source, facts, sizes, staging, tell=tell, limits=limits)
        files = [staging / _name(size) for size in sizes]
        made = [probe(file, limits=limits, meanwhile=lambda: tell(99)) for file in files]
        _draw_poster(files[-1], made[-1], staging, tell=tell, limits=limits)
        renditions = [
            VideoRendition(known.width, known.height, file.name, file.stat().st_size)
            for file, known in zip(files, made, strict=True)
        ]
    return ProcessedVideo(
        width=made[-1].width,
        height=made[-1].height,
        duration=made[-1].duration,
        has_sound=made[-1].has_sound,
        renditions=tuple(renditions),
    )


def _fitting(facts: VideoFacts) -> Sequence[Size]:
    """The sizes worth writing: the larger one only where the video has more than the smaller."""
    smallest, *larger = SIZES
    below = [smallest, *larger]
    return [smallest] + [
        size
        for size, under in zip(larger, below, strict=False)
        if facts.short_side > under.short_side
    ]


def _name(size: Size) -> str:
    return f"{size.short_side}.mp4"


def _encode(
    source: Path,
    facts: VideoFacts,
    sizes: Sequence[Size],
    staging: Path,
    *,
    tell: Told,
    limits: VideoLimits,
) -> None:
    """Decode once, encode every size from it. No more than the limit is ever read or written."""
    progress = _Progress(facts.duration)
    end = ["-t", f"{(limits.longest + timedelta(seconds=1)).total_seconds():g}"]
    arguments = ["-y", "-progress", "pipe:1", *end, *opened(source)]
    arguments += ["-filter_threads", "1", "-filter_complex_threads", "1"]
    arguments += ["-filter_complex", _filters(facts, sizes)]
    for size in sizes:
        arguments += _output(size, end)
    ffmpeg.run(
        arguments,
        folder=staging,
        cpu=limits.cpu_for(facts.duration),
        limits=limits,
        on_line=progress.read,
        meanwhile=lambda: tell(progress.percent),
    )


def _filters(facts: VideoFacts, sizes: Sequence[Size]) -> str:
    """Largest first, each smaller size made of the one above. Rotation is applied before, by
    ffmpeg itself; pixels that are not square become so."""
    *smaller, largest = sizes
    thin = f"fps={SHOWN_FRAME_RATE}," if facts.frame_rate > SHOWN_FRAME_RATE * 1.05 else ""
    chain = f"[0:V:0]{thin}{_scale(largest)},setsar=1,format=yuv420p"
    for size in reversed(smaller):
        chain += f",split[{sizes[sizes.index(size) + 1].short_side}][more];[more]{_scale(size)}"
    return f"{chain}[{sizes[0].short_side}]"


def _scale(size: Size) -> str:
    """To the short side, never larger, both sides even. Quoted: its commas part no filters."""
    share = f"min(1,{size.short_side}/min(iw*clip(sar,1/4,4),ih))"
    wide = f"max(2,trunc(iw*clip(sar,1/4,4)*{share}/2)*2)"
    return f"scale=w='{wide}':h='max(2,trunc(ih*{share}/2)*2)'"


def _output(size: Size, end: Sequence[str]) -> list[str]:
    return [
        *("-map", f"[{size.short_side}]", "-map", "0:a:0?"),
        *("-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-profile:v", "high"),
        *("-maxrate", f"{size.video_rate}k", "-bufsize", f"{size.video_rate * 2}k"),
        *("-pix_fmt", "yuv420p", "-fps_mode", "vfr", "-g", "120"),
        *("-c:a", "aac", "-b:a", f"{size.audio_rate}k", "-ac", "2", "-ar", "48000"),
        *("-threads", "1", "-map_metadata", "-1", "-map_chapters", "-1", *end),
        *("-movflags", "+faststart", "-f", "mp4", _name(size)),
    ]


class _Progress:
    """Reads what ffmpeg tells of its progress: `out_time_us=` how much is written."""

    def __init__(self, duration: timedelta) -> None:
        self.total = max(duration.total_seconds(), 1e-3)
        self.percent = 0

    def read(self, line: str) -> None:
        name, _equals, value = line.partition("=")
        if name == "out_time_us" and value.isdecimal():
            self.percent = min(99, round(int(value) / 1e6 / self.total * 100))


def _draw_poster(
    file: Path, facts: VideoFacts, staging: Path, *, tell: Told, limits: VideoLimits
) -> None:
    """From our own rendition, so that no untrusted byte is decoded twice."""
    within = min(facts.duration, _POSTER_WITHIN)
    every = f"fps={_POSTER_OF / within.total_seconds():.4f},thumbnail={_POSTER_OF}"
    ffmpeg.run(
        [
            *("-y", "-t", f"{within.total_seconds():.3f}", *opened(file), "-map", "0:V:0"),
            *("-vf", every, "-frames:v", "1", "-threads", "1", "-f", "image2", "-update", "1"),
            POSTER,
        ],
        folder=staging,
        cpu=limits.cpu_for(facts.duration),
        limits=limits,
        on_line=lambda _line: None,
        meanwhile=lambda: tell(99),
    )
    if not (staging / POSTER).exists():
        raise VideoRefused("not_a_video")
