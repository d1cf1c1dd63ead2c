"""Which kind of file this is, by its first bytes. Names and declared types are never believed."""

from typing import Final

from community.media.errors import PictureRefused

HEAD_BYTES: Final = 512

_PICTURES: Final = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
)
_HEIF_BRANDS: Final = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
)
_AVIF_BRANDS: Final = frozenset((b"avif", b"avis"))
_KNOWN_OTHERS: Final = (
    b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"8BPS", b"%!PS", b"\xc5\xd0\xd3\xc6", b"%PDF", b"BM",
    b"PK\x03\x04", b"RIFF", b"\0\0\x01\0", b"\0\0\0\x0cjP  ",
    b"\xff\x4f\xff\x51", b"\x1a\x45\xdf\xa3",
)  # fmt: skip
"""TIFF, PSD, EPS, PDF, BMP, zip, AVI, ICO, JPEG 2000, Matroska: real files, not accepted ones."""


def picture_format(head: bytes) -> str:
    """Pillow's name of the allowed format that `head` begins.

    Raises PictureRefused: `empty`, `wrong_type` (a known other kind, SVG and HTML among them) or
    `not_a_picture`.
    """
    if not head:
        raise PictureRefused("empty")
    for signature, name in _PICTURES:
        if head.startswith(signature):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        return _boxed_format(head)
    raise PictureRefused("wrong_type" if _is_another_kind(head) else "not_a_picture")


def _boxed_format(head: bytes) -> str:
    """AVIF and HEIF share a container with MP4; the brands in the first box tell them apart."""
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))}
    if brands & _AVIF_BRANDS:
        return "AVIF"
    if brands & _HEIF_BRANDS:
        return "HEIF"
    raise PictureRefused("wrong_type")


def _is_another_kind(head: bytes) -> bool:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith(_KNOWN_OTHERS) or text.startswith(b"<")
