"""What preparing a video costs: a minute of 1080p, full of noise, on one core."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from pathlib import Path

import pytest

from community.media import ffmpeg
from community.media.videos import process_video

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]
SECONDS = 60
NOISE = f"testsrc2=size=1920x1080:rate=30:duration={SECONDS},noise=alls=12:allf=t"


def test_a_minute_of_1080p_is_ready_in_less_than_one_and_a_half(figures, tmp_path: Path):
    source = tmp_path / "source"
    subprocess.run(
        [
            *(ffmpeg.program(), "-v", "error", "-f", "lavfi", "-i", NOISE),
            *("-f", "lavfi", "-i", f"sine=duration={SECONDS}", "-preset", "ultrafast"),
            *("-b:v", "16M", "-pix_fmt", "yuv420p", "-f", "mp4", str(source)),
        ],
        check=True,
    )
    before, begun = _children(), time.monotonic()
    anywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(anywhere)})
    try:
        peak = _Peak()
        process_video(source, tmp_path / "made", tell=peak.look)
    finally:
        os.sched_setaffinity(0, anywhere)
    took, worked = time.monotonic() - begun, _children() - before
    figures.note(
        f"a video of {SECONDS} s in 1080p ({source.stat().st_size / 1e6:.0f} MB), on one core",
        must="≤ 1.5 times its length, < 400 MB",
        measured=f"{took:.0f} s ({worked:.0f} s of CPU), {peak.megabytes:.0f} MB",
        holds=took <= 1.5 * SECONDS and peak.megabytes < 400,
    )


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class _Peak:
    """The most that ffmpeg held at any look, as the kernel kept it."""

    megabytes = 0.0

    def look(self, _percent: int) -> None:
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                words = status.read_text()
            except OSError:
                continue
            if f"PPid:\t{os.getpid()}\n" in words and "VmHWM:" in words:
                held = int(words.partition("VmHWM:")[2].split()[0]) / 1024
                self.megabytes = max(self.megabytes, held)
