"""Pictures as a phone takes them: made here, with all that must not be published."""

from __future__ import annotations

import io
from typing import TypedDict

from PIL import Image, ImageDraw

ROTATED_RIGHT = 6  # EXIF: turn by 90 degrees clockwise to see it upright
ORIENTATION, GPS_INFO, MAKER = 0x0112, 0x8825, 0x010F
# Lies in the raw picture at the left edge, so upright at the top.
SKY, SEA = (250, 214, 150), (20, 110, 130)


class Photo(TypedDict):
    """A file for an <input type=file>."""

    name: str
    mimeType: str
    buffer: bytes


def plain_photo(name: str = "cup.jpg") -> Photo:
    """1200 x 900, upright, nothing told."""
    picture = Image.radial_gradient("L").resize((1200, 900))
    coloured = Image.merge("RGB", (picture, picture.rotate(180), picture.point(lambda v: 255 - v)))
    return _as_file(name, coloured, Image.Exif())


def tilted_photo(name: str = "shore.jpg") -> Photo:
    """1200 x 800 as stored, 800 x 1200 as held, sky above sea; says where and with what."""
    picture = Image.new("RGB", (1200, 800), SEA)
    ImageDraw.Draw(picture).rectangle((0, 0, 500, 800), fill=SKY)
    ImageDraw.Draw(picture).ellipse((640, 300, 800, 460), fill=(232, 80, 58))
    told = Image.Exif()
    told[ORIENTATION] = ROTATED_RIGHT
    told[MAKER] = "Tidewater"
    told[GPS_INFO] = {1: "N", 2: (30.0, 13.0, 25.0), 3: "E", 4: (120.0, 7.0, 2.0)}
    return _as_file(name, picture, told)


def _as_file(name: str, picture: Image.Image, told: Image.Exif) -> Photo:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85, exif=told)
    return {"name": name, "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))
