"""From an untrusted file to an upright RGB picture without metadata, in bounded memory.

Runs in the decoding child. A picture larger than needed is shrunk and converted in bands, so that
beside the decoded original (4 bytes per pixel at most) there is never a second full-size copy.
"""

import io
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np
from PIL import ExifTags, Image, ImageCms

from community.media.errors import PictureRefused
from community.media.intake import inspect_upload, open_header

_SPARE: Final = 2
"""Shrink in bands to this many times the wanted width; a good filter does the rest."""
_BAND_ROWS: Final = 256
_MATTE: Final = (255, 255, 255)
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation to the turn that sets the picture upright (Exif 3.0, table 4)."""


def decode_upright(source: Path, *, width: int) -> Image.Image:
    """The first frame of `source` as upright sRGB, on white where it is transparent.

    It keeps at least `width` pixels of width where the original has them. Raises PictureRefused.
    """
    with source.open("rb") as file:
        facts = inspect_upload(file, name=source.name)
        image = open_header(file, expected=facts.format)
        profile = image.info.get("icc_profile")
        _load(image, width=width * _SPARE)
    orientation = _orientation(image)
    across = image.height if orientation >= 5 else image.width
    small = _shrink(image, factor=max(1, across // (width * _SPARE)))
    image.close()
    upright = _to_srgb(small, profile)
    turn = _TURNS.get(orientation)
    return upright if turn is None else upright.transpose(turn)


def _load(image: Image.Image, *, width: int) -> None:
    """Decode the pixels; a JPEG is decoded at a half, quarter or eighth where that suffices."""
    if image.format in ("JPEG", "MPO"):
        image.draft(None, (1, width) if _orientation(image) >= 5 else (width, 1))
    try:
        image.load()
    except MemoryError:
        raise PictureRefused("too_many_pixels") from None
    except OSError as error:
        if error.errno is not None:
            raise  # the disk failed, not the picture
        raise PictureRefused("truncated") from error
    except Exception as error:  # a decoder given hostile bytes raises anything at all
        raise PictureRefused("truncated") from error


def _orientation(image: Image.Image) -> int:
    with suppress(Exception):  # broken EXIF data does not make a broken picture
        value = int(image.getexif().get(ExifTags.Base.Orientation, 1))
        return value if value in _TURNS else 1
    return 1


def _shrink(image: Image.Image, *, factor: int) -> Image.Image:
    """A copy `factor` times smaller each way, as RGB, or as L or CMYK if an ICC profile may apply.

    The copy is new, so nothing that the file carried beside pixels comes along.
    """
    mode = image.mode if image.mode in ("L", "CMYK") else "RGB"
    small = Image.new(mode, (-(-image.width // factor), -(-image.height // factor)))
    rows = max(1, _BAND_ROWS // factor) * factor
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(top + rows, image.height)))
        small.paste(_flatten(band, mode).reduce(factor), (0, top // factor))
    return small


def _flatten(band: Image.Image, mode: str) -> Image.Image:
    if band.mode.startswith(("I", "F")):
        return _eight_bits(band).convert(mode)
    if band.has_transparency_data:
        matte = Image.new("RGB", band.size, _MATTE)
        clear = band.convert("RGBA")
        matte.paste(clear, mask=clear.getchannel("A"))
        return matte
    return band if band.mode == mode else band.convert(mode)


def _eight_bits(band: Image.Image) -> Image.Image:
    """16-bit grey scaled down: Pillow's own conversion would clip it to white."""
    values = np.asarray(band).astype(np.float32) / 257
    return Image.fromarray(values.round().clip(0, 255).astype(np.uint8))


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as the profile means them; a profile that does not fit the picture is ignored."""
    if profile:
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, own, srgb, outputMode="RGB")
            if converted is not None:
                return _bare(converted)
    return image.convert("RGB")


def _bare(image: Image.Image) -> Image.Image:
    """The pixels alone: conversions note their profile in `info`, and savers write it out."""
    image.info.clear()
    return image
