"""Which kind of video this is, by its first bytes. Names and declared types are never believed."""

from typing import Final, Literal

from community.media.errors import PictureRefused
from community.media.signatures import picture_format
from community.media.video_errors import VideoRefused

HEAD_BYTES: Final = 4096

Container = Literal["mov", "matroska"]
"""ffmpeg's names of the only two demuxers that are ever asked: MP4 and MOV, and WebM."""

_FIRST_BOXES: Final = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
_STILLS: Final = frozenset((b"heic", b"heix", b"heim", b"heis", b"mif1", b"avif"))
_SOUND_ONLY: Final = frozenset((b"M4A ", b"M4B ", b"M4P "))
_EBML: Final = b"\x1a\x45\xdf\xa3"
_WEBM: Final = b"\x42\x82\x84webm"  # DocType, of four characters


def video_container(head: bytes) -> Container:
    """The demuxer for a file that begins with `head`.

    Raises VideoRefused: `empty`, `wrong_type` (a picture, Matroska that is no WebM, other known
    kinds) or `not_a_video`.
    """
    if not head:
        raise VideoRefused("empty")
    if head.startswith(_EBML):
        if _WEBM not in head:
            raise VideoRefused("wrong_type")
        return "matroska"
    if head[4:8] in _FIRST_BOXES:
        if head[4:8] == b"ftyp" and head[8:12] in _STILLS | _SOUND_ONLY:
            raise VideoRefused("wrong_type")
        return "mov"
    raise VideoRefused("wrong_type" if _is_picture(head) else "not_a_video")


def _is_picture(head: bytes) -> bool:
    try:
        return bool(picture_format(head))
    except PictureRefused as refusal:
        return refusal.code == "wrong_type"
