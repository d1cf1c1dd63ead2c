"""From an uploaded file to renditions, through a limited ffmpeg."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from PIL import Image

from community.media import ffmpeg
from community.media.video_errors import VideoFailed, VideoRefused
from community.media.video_facts import ProcessedVideo
from community.media.video_limits import VideoLimits
from community.media.videos import POSTER, process_video

from .conftest import Film, make

PLACE = "+48.8584+002.2945/"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "renditions"


@pytest.fixture
def process(target: Path) -> Callable[..., ProcessedVideo]:
    def run(source: Path, **limits: object) -> ProcessedVideo:
        return process_video(source, target, tell=lambda _: None, limits=VideoLimits(**limits))  # type: ignore[arg-type]

    return run


def leftovers(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*")) if folder.exists() else []


def much(film: Film) -> Path:
    """A video that keeps a core busy for seconds, and is made in one."""
    picture = "testsrc2=size=1280x720:rate=30:duration=6"
    return film("much.mp4", "-preset", "ultrafast", picture=picture, sound="")


def said_about(path: Path) -> str:
    """What ffmpeg prints about a file."""
    told = subprocess.run(
        [ffmpeg.program(), "-hide_banner", "-i", str(path)], capture_output=True, text=True
    )
    return told.stderr


def test_a_clip_becomes_an_mp4_that_every_browser_plays(
    clip: Path, process: Callable[..., ProcessedVideo], target: Path
) -> None:
    video = process(clip)
    assert (video.width, video.height, video.has_sound) == (64, 64, True)
    assert timedelta(seconds=0.9) < video.duration < timedelta(seconds=1.2)
    [rendition] = video.renditions
    written = target / rendition.filename
    assert written.stat().st_size == rendition.bytes
    assert sorted(path.name for path in leftovers(target)) == ["480.mp4", POSTER]
    told = said_about(written)
    for word in ("h264 (High)", "yuv420p", "aac", "48000 Hz, stereo"):
        assert word in told
    # The index comes before the pictures, so that playing begins at once.
    content = written.read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")
    with Image.open(target / POSTER) as poster:
        assert poster.size == (64, 64)


@pytest.mark.parametrize(
    ("picture", "sizes"),
    [
        ("1920x1080", [(852, 480), (1280, 720)]),
        ("1080x1920", [(480, 852), (720, 1280)]),
        ("960x540", [(852, 480), (960, 540)]),
        ("480x360", [(480, 360)]),
        ("65x33", [(64, 32)]),
    ],
)
def test_there_are_two_sizes_by_the_short_side_and_none_is_enlarged(
    picture: str,
    sizes: list[tuple[int, int]],
    film: Film,
    process: Callable[..., ProcessedVideo],
) -> None:
    source = film(
        f"{picture}.mp4", "-pix_fmt", "yuv444p",
        picture=f"testsrc=size={picture}:rate=5:duration=1", sound="",
    )  # fmt: skip
    video = process(source)
    assert [(r.width, r.height) for r in video.renditions] == sizes
    assert (video.width, video.height) == sizes[-1]
    assert not video.has_sound


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("clip.mov", ()),
        ("vp9.webm", ("-c:v", "libvpx-vp9", "-b:v", "100k", "-c:a", "libopus")),
        ("vp8.webm", ("-c:v", "libvpx", "-b:v", "100k", "-c:a", "libvorbis")),
        ("hevc.mp4", ("-c:v", "libx265", "-x265-params", "log-level=none")),
        ("av1.mp4", ("-c:v", "libaom-av1", "-cpu-used", "8", "-b:v", "100k")),
    ],
)
def test_what_cameras_phones_and_browsers_write_is_taken(
    name: str, arguments: tuple[str, ...], film: Film, process: Callable[..., ProcessedVideo]
) -> None:
    video = process(film(name, *arguments))
    assert (video.width, video.height, video.has_sound) == (64, 64, True)


def test_rotation_is_applied_and_not_left_to_the_player(
    film: Film, process: Callable[..., ProcessedVideo], target: Path, tmp_path: Path
) -> None:
    lying = film("lying.mp4", picture="testsrc=size=128x64:rate=10:duration=1", sound="")
    held = make(tmp_path / "held.mp4", "-display_rotation", "90", "-i", str(lying), "-c", "copy")
    assert "rotation of" in said_about(held)  # the control
    video = process(held)
    assert (video.width, video.height) == (64, 128)
    assert "rotation of" not in said_about(target / "480.mp4")
    with Image.open(target / POSTER) as poster:
        assert poster.size == (64, 128)


def test_neither_place_nor_device_nor_title_survives(
    film: Film, process: Callable[..., ProcessedVideo], target: Path
) -> None:
    told = [f"location={PLACE}", f"com.apple.quicktime.location.ISO6709={PLACE}",
            "com.apple.quicktime.make=Tidewater", "title=Our secret cove",
            "creation_time=2026-01-31T12:00:00Z"]  # fmt: skip
    source = film(
        "told.mov", "-movflags", "use_metadata_tags",
        *(part for word in told for part in ("-metadata", word)),
        *("-metadata:s:v", "handler_name=Secret handler"),
    )  # fmt: skip
    words = [PLACE.encode(), b"Tidewater", b"secret cove", b"Secret handler"]
    assert all(word in source.read_bytes() for word in words)  # the control
    process(source)
    for file in leftovers(target):
        content = file.read_bytes()
        assert [word for word in [*words, b"creation_time"] if word in content] == []
    assert "creation_time" not in said_about(target / "480.mp4")


def test_fast_videos_are_thinned_out_and_slow_ones_keep_their_timing(
    film: Film, process: Callable[..., ProcessedVideo], target: Path
) -> None:
    process(film("fast.mp4", picture="testsrc=size=64x64:rate=120:duration=1", sound=""))
    assert "30 fps" in said_about(target / "480.mp4")
    process(film("slow.mp4", picture="testsrc=size=64x64:rate=12:duration=1", sound=""))
    assert "12 fps" in said_about(target / "480.mp4")


def test_progress_is_told_from_nothing_to_nearly_all(film: Film, target: Path) -> None:
    told: list[int] = []
    source = much(film)
    process_video(source, target, tell=told.append)
    assert told[0] == 0
    assert told == sorted(told)
    assert told[-1] <= 99


def test_what_the_listener_raises_ends_ffmpeg_and_leaves_nothing(film: Film, target: Path) -> None:
    class Enough(Exception):
        pass

    def tell(percent: int) -> None:
        if target.exists() and leftovers(target):
            raise Enough

    source = much(film)
    with pytest.raises(Enough):
        process_video(source, target, tell=tell)
    assert leftovers(target) == []


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"longest": timedelta(milliseconds=300)}, "too_long"),
        ({"address_space": 120 * 1024 * 1024}, "too_demanding"),
        ({"file_size": 2_000}, "too_demanding"),
    ],
)
def test_more_than_the_limits_is_refused_and_leaves_nothing(
    limits: dict[str, object],
    code: str,
    clip: Path,
    process: Callable[..., ProcessedVideo],
    target: Path,
) -> None:
    with pytest.raises(VideoRefused) as refused:
        process(clip, **limits)
    assert refused.value.code == code
    assert leftovers(target) == []


def test_a_video_that_eats_processor_time_is_stopped(
    film: Film, process: Callable[..., ProcessedVideo], target: Path
) -> None:
    source = much(film)
    with pytest.raises(VideoRefused) as refused:
        process(source, least_cpu=timedelta(seconds=1), cpu_per_second=0)
    assert refused.value.code == "too_demanding"
    assert leftovers(target) == []


def test_a_full_disk_is_our_fault_and_tried_again(
    clip: Path, process: Callable[..., ProcessedVideo], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ffmpeg, "_judge", lambda *_, **__: None)
    with pytest.raises(OSError, match="No space left"):
        _judge_of(228, b"Error writing trailer: No space left on device")
    with pytest.raises(VideoFailed):
        _judge_of(-9, b"")
    with pytest.raises(VideoFailed):
        _judge_of(255, b"")
    with pytest.raises(VideoRefused, match="not_a_video"):
        _judge_of(-11, b"")


_judge = ffmpeg._judge


def _judge_of(code: int, complaint: bytes) -> None:
    _judge(code, complaint, time_is_up=False)


# ---------------------------------------------------------------- the tether
DRIVER = """
import sys
from datetime import timedelta
from pathlib import Path
from community.media.videos import process_video
process_video(Path(sys.argv[1]), Path(sys.argv[2]), tell=lambda percent: None)
"""


def children_of(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def ffmpeg_under(pid: int) -> list[psutil.Process]:
    found = []
    for child in children_of(pid):
        with suppress(psutil.NoSuchProcess):
            if child.cmdline()[0] == ffmpeg.program() and "libx264" in child.cmdline():
                found.append(child)
    return found


def wait_for(happened: Callable[[], object], seconds: float = 30) -> bool:
    give_up = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.02)
    return True


def test_a_worker_that_is_killed_takes_its_ffmpeg_with_it(film: Film, target: Path) -> None:
    """Nothing could run in the worker any more: the kernel does it."""
    worker = subprocess.Popen([sys.executable, "-c", DRIVER, str(much(film)), str(target)])
    try:
        assert wait_for(lambda: ffmpeg_under(worker.pid))
        [child] = ffmpeg_under(worker.pid)
        assert child.nice() == min(19, os.nice(0) + 10)
        limits = Path(f"/proc/{child.pid}/limits").read_text()
        assert "Max address space         754974720" in limits
    finally:
        worker.kill()
        worker.wait()
    assert wait_for(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, 5)
    # What it was writing is half, so it has no name of its own.
    assert all(path.name.startswith(".incoming-") for path in target.iterdir())


def test_a_program_whose_parent_is_gone_already_does_not_begin() -> None:
    limits = '{"parent": 1, "cpu": 5, "address_space": 100000000, "file_size": 100}'
    command = [sys.executable, "-I", "-S", str(ffmpeg._TETHER), limits, "/bin/echo", "alive"]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (1, "")
