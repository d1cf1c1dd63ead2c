"""The check in the request: is this a video we take? First bytes and size; nothing is decoded."""

import os
from typing import BinaryIO

from community.media.video_errors import VideoRefused
from community.media.video_signatures import HEAD_BYTES, video_container


def inspect_video(file: BinaryIO, *, name: str, largest: int) -> None:
    """Look at the beginning of `file` and leave it there; `largest` is in bytes.

    `name` is what the person called it: it is attached to a refusal, and never believed. Raises
    VideoRefused: `empty`, `too_large`, `wrong_type` or `not_a_video`.
    """
    try:
        if file.seek(0, os.SEEK_END) > largest:
            raise VideoRefused("too_large")
        file.seek(0)
        video_container(file.read(HEAD_BYTES))
    except VideoRefused as refusal:
        refusal.add_note(name)
        raise
    finally:
        file.seek(0)
