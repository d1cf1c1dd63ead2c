"""Count the frames of a GIF from its block structure.

Pillow counts by walking all of them, and a 25 MB GIF can have 200,000; this stops at the limit.
"""

from typing import BinaryIO

from community.media.errors import PictureRefused

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B


def count_gif_frames(file: BinaryIO, *, stop_above: int) -> int:
    """Frames from the beginning of `file`, at most `stop_above + 1`.

    Raises PictureRefused("truncated") when the file ends, or turns into something else, before
    its first frame.
    """
    file.seek(0)
    _skip_colours(file, _exactly(file, 13)[10])
    frames = 0
    while frames <= stop_above and _skip_block(file):
        frames += 1
    if not frames:
        raise PictureRefused("truncated")
    return frames


def _skip_block(file: BinaryIO) -> bool:
    """Move past the next frame, extensions before it included. False where there is none."""
    while (kind := file.read(1)) and kind[0] == _EXTENSION:
        file.seek(1, 1)
        _skip_data(file)
    if not kind or kind[0] != _IMAGE:
        return False
    _skip_colours(file, _exactly(file, 9)[8])
    file.seek(1, 1)
    _skip_data(file)
    return True


def _skip_colours(file: BinaryIO, flags: int) -> None:
    if flags & 0x80:
        file.seek(3 << ((flags & 7) + 1), 1)


def _skip_data(file: BinaryIO) -> None:
    while (size := file.read(1)) and size[0]:
        file.seek(size[0], 1)


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) < count:
        raise PictureRefused("truncated")
    return data
