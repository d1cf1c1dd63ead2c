"""Videos for these tests, made here by the same ffmpeg that the community uses."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from community.media import ffmpeg

Film = Callable[..., Path]
PICTURE = "testsrc=size=64x64:rate=10:duration=1"
SOUND = "sine=duration=1"


def make(target: Path, *arguments: str) -> Path:
    command = [ffmpeg.program(), "-y", "-v", "error", "-nostdin", *arguments, str(target)]
    subprocess.run(command, check=True, timeout=60)
    return target


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Film:
    """`film("name.mp4", "-an", picture="testsrc=...")` is a file of one second, made once."""
    folder = tmp_path_factory.mktemp("films")

    def shoot(
        name: str = "clip.mp4", *arguments: str, picture: str = PICTURE, sound: str = SOUND
    ) -> Path:
        recipe = blake2b(repr((arguments, picture, sound)).encode(), digest_size=6)
        target = folder / recipe.hexdigest() / name
        if target.exists():
            return target
        target.parent.mkdir(exist_ok=True)
        sources = [part for source in (picture, sound) if source
                   for part in ("-f", "lavfi", "-i", source)]  # fmt: skip
        return make(target, *sources, "-pix_fmt", "yuv420p", *arguments)

    return shoot


@pytest.fixture
def clip(film: Film) -> Path:
    """One second of 64 by 64 with a tone, as MP4."""
    return film()


def upload(path: Path) -> BytesIO:
    file = BytesIO(path.read_bytes())
    file.name = path.name
    return file


@pytest.fixture
def video_note(make_note: Callable[..., Any], clip: Path) -> Callable[..., Any]:
    """A draft with a video that nobody has prepared yet; published if asked."""
    from community.services.videos import add_video
    from community.services.writing import publish_note

    def write(author: Any, *, path: Path = clip, publish: bool = False, **content: Any) -> Any:
        note = make_note(author, publish=False, **content)
        add_video(author=author, note_id=note.pk, upload=upload(path), name=path.name)
        return publish_note(author=author, note_id=note.pk) if publish else note

    return write


@pytest.fixture
def prepare(work_off: Callable[..., int]) -> Callable[[], int]:
    """Do what waits for the worker: the video, then its poster."""
    return lambda: work_off("video", "media")


@pytest.fixture
def photo_of() -> Callable[[str], BytesIO]:
    """A small picture of one colour, as somebody uploads it."""

    def draw(colour: str) -> BytesIO:
        file = BytesIO()
        Image.new("RGB", (64, 48), colour).save(file, "JPEG")
        file.seek(0)
        return file

    return draw
