"""What is no video, what only claims to be one, and what would never end."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from community.media.video_errors import VideoRefused
from community.media.video_intake import inspect_video
from community.media.video_limits import VideoLimits
from community.media.videos import process_video

from .conftest import Film

pytestmark = pytest.mark.letter("E5")

LARGEST = 1_000_000
SECRET = "The tide tables of the harbour master"


def png() -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (64, 64), "teal").save(buffer, "PNG")
    return buffer.getvalue()


def avif() -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (64, 64), "teal").save(buffer, "AVIF")
    return buffer.getvalue()


# What a name and a browser say counts nothing: all of these are called clip.mp4.
NO_VIDEOS = {
    "nothing": (b"", "empty"),
    "words": (b"a video, honestly", "not_a_video"),
    "an HLS playlist": (b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n#EXT-X-ENDLIST\n", "not_a_video"),
    "a concat script": (b"ffconcat version 1.0\nfile /etc/passwd\n", "not_a_video"),
    "an SDP": (b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n", "not_a_video"),
    "a subtitle": (b"1\n00:00:00,000 --> 00:00:10,000\nhello\n", "not_a_video"),
    "a page": (b"<html><video src=x>", "wrong_type"),
    "an SVG": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "wrong_type"),
    "a PNG": (png(), "wrong_type"),
    "an AVIF": (avif(), "wrong_type"),
    "an AVI": (b"RIFF\x00\x10\x00\x00AVI LIST", "wrong_type"),
    "Matroska that is no WebM": (b"\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska", "wrong_type"),
    "a song": (b"\0\0\0\x1cftypM4A \0\0\2\0", "wrong_type"),
    "too much": (b"\0\0\0\x18ftypisom" + bytes(LARGEST), "too_large"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "code"), NO_VIDEOS.values(), ids=NO_VIDEOS.keys())
def test_the_request_refuses_what_is_no_video(content: bytes, code: str) -> None:
    file = BytesIO(content)
    with pytest.raises(VideoRefused) as refused:
        inspect_video(file, name="clip.mp4", largest=LARGEST)
    assert refused.value.code == code
    assert str(refused.value.message)
    assert refused.value.__notes__ == ["clip.mp4"]


def refusal(path: Path, target: Path, **limits: object) -> str:
    """Why preparing it is refused; nothing may be left of it."""
    with pytest.raises(VideoRefused) as refused:
        process_video(path, target, tell=lambda _: None, limits=VideoLimits(**limits))  # type: ignore[arg-type]
    assert not target.exists() or list(target.rglob("*")) == []
    return refused.value.code


@pytest.fixture
def written(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        path = tmp_path / "source"
        path.write_bytes(content)
        return path

    return write


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "renditions"


@pytest.mark.parametrize(("content", "code"), list(NO_VIDEOS.values())[:-1])
def test_the_worker_checks_again_what_the_request_checked(
    content: bytes, code: str, written: Callable[[bytes], Path], target: Path
) -> None:
    assert refusal(written(content), target) == code


def test_a_video_that_was_cut_off_is_refused(
    film: Film, written: Callable[[bytes], Path], target: Path
) -> None:
    index_last, index_first = film(), film("first.mp4", "-movflags", "+faststart")
    for source in (index_last, index_first):
        content = source.read_bytes()
        assert refusal(written(content[: len(content) * 2 // 3]), target) == "truncated"


def test_sound_alone_is_refused(film: Film, target: Path) -> None:
    assert refusal(film("sound.mov", "-vn", picture=""), target) == "no_picture"


def test_a_still_picture_is_no_video(film: Film, target: Path) -> None:
    source = film("one.mp4", "-frames:v", "1", sound="")
    assert refusal(source, target) == "too_short"


def test_what_plays_too_long_is_refused_whatever_its_head_says(
    film: Film, written: Callable[[bytes], Path], target: Path
) -> None:
    """Two frames with an hour between them: a few kilobytes that would be an hour of video."""
    slow = film(
        "slow.mp4", "-vf", "setpts=N*3600/TB", "-fps_mode", "vfr", "-frames:v", "2", sound=""
    )
    assert slow.stat().st_size < 20_000
    assert refusal(slow, target) == "too_long"
    modest = slow.read_bytes()
    for box in (b"mvhd", b"mdhd", b"tkhd"):  # the same, claiming to be over at once
        at = modest.index(box)
        length = at + (24 if box == b"tkhd" else 20)
        modest = modest[:length] + struct.pack(">I", 1) + modest[length + 4 :]
    assert refusal(written(modest), target) in ("too_long", "too_short")


def test_a_small_file_of_huge_frames_is_refused_quickly(film: Film, target: Path) -> None:
    bomb = film("bomb.mp4", picture="color=black:size=8192x8192:rate=1:duration=2", sound="")
    assert bomb.stat().st_size < 300_000
    began = time.monotonic()
    assert refusal(bomb, target) == "too_many_pixels"
    assert time.monotonic() - began < 10


def test_huge_frames_that_the_head_calls_small_are_refused_too(
    film: Film, written: Callable[[bytes], Path], target: Path
) -> None:
    content = film(
        "bomb.mp4", picture="color=black:size=8192x8192:rate=1:duration=2", sound=""
    ).read_bytes()
    real, claimed = struct.pack(">HH", 8192, 8192), struct.pack(">HH", 64, 64)
    at = content.index(b"avc1", content.index(b"stsd")) + 28
    assert content[at : at + 4] == real
    modest = content[:at] + claimed + content[at + 4 :]
    assert refusal(written(modest), target) in ("too_many_pixels", "not_a_video", "too_demanding")


def test_more_frames_than_anybody_films_are_refused(film: Film, target: Path) -> None:
    source = film("swift.mp4", picture="color=size=64x64:rate=500:duration=1", sound="")
    assert refusal(source, target) == "too_many_frames"


def test_a_file_of_very_many_streams_is_refused(film: Film, target: Path) -> None:
    maps = [part for _ in range(40) for part in ("-map", "0:v")]
    source = film("many.mp4", *maps, picture="color=size=64x64:rate=5:duration=1", sound="")
    assert refusal(source, target) in ("not_a_video", "too_demanding")


def test_a_movie_that_points_at_another_file_reads_nothing_of_it(
    film: Film, written: Callable[[bytes], Path], target: Path, tmp_path: Path
) -> None:
    """QuickTime may keep its pictures elsewhere, by a path. It is not followed."""
    other = tmp_path / "other"
    other.write_text(SECRET * 1000, encoding="utf-8")
    content = film("points.mov", sound="").read_bytes()
    own = b"\0\0\0\x0curl \0\0\0\x01"  # a data reference: "in this file"
    assert own in content
    path = str(other).encode() + b"\0"
    elsewhere = struct.pack(">I", 12 + len(path)) + b"url \0\0\0\0" + path
    moved = content.replace(own, elsewhere)
    for box in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"):
        at = moved.index(box) - 4 if box != b"dref" else moved.index(b"dref") - 4
        size = struct.unpack(">I", moved[at : at + 4])[0] + len(elsewhere) - len(own)
        moved = moved[:at] + struct.pack(">I", size) + moved[at + 4 :]
    try:
        process_video(written(moved), target, tell=lambda _: None)
    except VideoRefused:
        return
    for file in target.rglob("*.mp4"):
        assert SECRET.encode() not in file.read_bytes()
