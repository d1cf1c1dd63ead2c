"""How large, how many and how long: every bound on a picture in one place.

This module imports nothing but the standard library, because the decoding child reads it too.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

MAX_UPLOAD_BYTES: Final = 25 * 1024 * 1024
"""One uploaded file. A 50-megapixel phone JPEG is about 20 MB."""

MAX_PIXELS: Final = 50_000_000
"""Width times height as the header declares them, checked before any pixel is decoded."""

MAX_SIDE: Final = 20_000
"""Longest side. Lets long screenshots and panoramas through, stops pictures one pixel high."""

MAX_FRAMES: Final = 200
"""Frames of an animation. Only the first is kept, but walking the others costs time."""

ALLOWED_FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF")
"""Pillow's names. HEIF is only read (through pillow-heif): its writer keeps GPS data."""

RENDITION_WIDTHS: Final = (240, 480, 960, 1600)
"""Widths written in pixels; those above the picture's own width are left out."""

RENDITION_FORMATS: Final = ("AVIF", "JPEG")
"""Best first, JPEG last as the one every browser reads.

AVIF rather than WebP because it costs no more: for a 12-megapixel photograph-like picture the
widths up to 960 took 0.07 s and all four 0.19 s at speed 8 (0.36 s and 0.86 s at speed 6), WebP
0.09 s and 0.26 s, and at the same file size AVIF was 1.1 dB closer to the original.
"""

MAX_RENDITION_PIXELS: Final = 12_000_000
"""A very tall picture leaves out the widths at which it would exceed this."""

AVATAR_SIDES: Final = (96, 320)
"""Avatars are squares; both sizes are always written, so a template may name either."""

AVATAR_FORMATS: Final = ("WEBP", "JPEG")

PLACEHOLDER_SIDE: Final = 24
PLACEHOLDER_CHARS: Final = 300
"""The placeholder stands in the page itself, once per card: it has to stay this short."""


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What the decoding child may use before the kernel or its parent stops it.

    `address_space` is virtual memory in bytes, `file_size` that of any one file it writes. At 50
    megapixels a JPEG needs less than 300 MB of address space (500 when progressive), PNG 500,
    HEIF 500, AVIF 600, and WebP, whose decoder keeps two canvases, 1000.
    """

    wall: timedelta = timedelta(seconds=20)
    cpu: timedelta = timedelta(seconds=15)
    address_space: int = 1200 * 1024 * 1024
    file_size: int = 64 * 1024 * 1024


CHILD_LIMITS: Final = ChildLimits()
