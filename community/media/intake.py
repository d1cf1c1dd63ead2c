"""The check in the request: is this a picture we take? The header is read, no pixel is decoded."""

import os
import warnings
from typing import BinaryIO

import pillow_heif
from PIL import AvifImagePlugin, Image, WebPImagePlugin  # noqa: F401  (importing registers them)

from community.media.errors import PictureRefused
from community.media.facts import PictureFacts
from community.media.gif_frames import count_gif_frames
from community.media.limits import MAX_FRAMES, MAX_PIXELS, MAX_SIDE, MAX_UPLOAD_BYTES
from community.media.signatures import HEAD_BYTES, picture_format

warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
pillow_heif.register_heif_opener(thumbnails=False)
pillow_heif.options.DECODE_THREADS = 1  # each thread reserves memory, and workers use every core
AvifImagePlugin.DEFAULT_MAX_THREADS = 1


def inspect_upload(file: BinaryIO, *, name: str) -> PictureFacts:
    """What the header of `file` declares; the file is left at its beginning.

    `name` is what the person called it: it is attached to a refusal, and never believed. Raises
    PictureRefused with any code but `too_slow`.
    """
    try:
        _check_size(file)
        facts = _read_header(file)
        _check_bounds(facts)
    except PictureRefused as refusal:
        refusal.add_note(name)
        raise
    finally:
        file.seek(0)
    return facts


def open_header(file: BinaryIO, *, expected: str) -> Image.Image:
    """The Pillow image of `file`, undecoded, read as the `expected` format and no other.

    Its first bytes are known to be right, so whatever else is wrong, part of it is missing.
    """
    file.seek(0)
    try:
        return Image.open(file, formats=[expected])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureRefused("too_many_pixels") from None
    except MemoryError:
        raise PictureRefused("too_many_pixels") from None
    except Exception as error:  # a parser given hostile bytes raises anything at all
        raise PictureRefused("truncated") from error


def _check_size(file: BinaryIO) -> None:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size == 0:
        raise PictureRefused("empty")
    if size > MAX_UPLOAD_BYTES:
        raise PictureRefused("too_large")


def _read_header(file: BinaryIO) -> PictureFacts:
    expected = picture_format(file.read(HEAD_BYTES))
    if expected == "GIF":
        frames = count_gif_frames(file, stop_above=MAX_FRAMES)
    image = open_header(file, expected=expected)
    if expected == "JPEG":
        frames = 1  # a phone's JPEG may carry a second picture for depth; it is left behind
    elif expected != "GIF":
        frames = int(getattr(image, "n_frames", 1))
    return PictureFacts(expected, image.width, image.height, frames)


def _check_bounds(facts: PictureFacts) -> None:
    if facts.width < 1 or facts.height < 1:
        raise PictureRefused("not_a_picture")
    if facts.width * facts.height > MAX_PIXELS or max(facts.width, facts.height) > MAX_SIDE:
        raise PictureRefused("too_many_pixels")
    if facts.frames > MAX_FRAMES:
        raise PictureRefused("too_many_frames")
