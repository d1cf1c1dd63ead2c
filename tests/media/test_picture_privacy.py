"""Nothing private leaves in a rendition: planted strings are looked for in every written byte."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from community.media.pictures import process_avatar, process_picture

pytestmark = pytest.mark.letter("E5")

NEEDLE = "cnry-7f3a"
MARKS = (b"Exif", b"http://ns.adobe.com", b"<x:xmpmeta", b"ICC_PROFILE", b"acsp", b"Photoshop")
XMP = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><GPSLatitude>{NEEDLE}</GPSLatitude></x:xmpmeta>"


def private_exif() -> bytes:
    exif = Image.Exif()
    exif[0x010F], exif[0x013B], exif[0x0112] = f"Maker {NEEDLE}", f"Artist {NEEDLE}", 6
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (31.0, 13.0, 49.0), "E", (121.0, 28.0, 25.0)
    place[29] = NEEDLE
    return exif.tobytes()


def plant(format_name: str) -> dict[str, Any]:
    """Everything that a format can carry beside its pixels."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options: dict[str, Any] = {"exif": private_exif(), "icc_profile": profile}
    if format_name != "PNG":
        options["xmp"] = XMP.encode()
    if format_name == "JPEG":
        options["comment"] = NEEDLE
    if format_name == "PNG":
        options["pnginfo"] = PngInfo()
        options["pnginfo"].add_text("Comment", NEEDLE)
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", XMP)
    return options


@pytest.mark.parametrize("prepare", [process_picture, process_avatar])
@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF"])
def test_no_rendition_carries_where_or_who(
    format_name: str,
    prepare: Callable[..., Any],
    scene: Image.Image,
    saved: Callable[..., bytes],
    tmp_path: Path,
    target: Path,
) -> None:
    data = saved(scene, format_name, **plant(format_name)) + b"PK\x03\x04 tail " + NEEDLE.encode()
    assert data.count(NEEDLE.encode()) >= 4
    (tmp_path / "source").write_bytes(data)
    written = prepare(tmp_path / "source", target)
    assert {r.format for r in written.renditions} >= {"jpeg"}
    assert len(written.renditions) == len(list(target.iterdir())) >= 2
    for rendition in written.renditions:
        check_bare((target / rendition.filename).read_bytes())


def check_bare(data: bytes) -> None:
    assert NEEDLE.encode() not in data
    assert not [mark for mark in MARKS if mark in data]
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        assert not image.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & set(image.info)
