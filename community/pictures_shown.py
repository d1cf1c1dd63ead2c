"""Pictures as pages show them: addresses by width, shape, placeholder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from .models import NoteImage

# Width that programs and browsers without srcset get.
USUAL_WIDTH = 480


class Shown(Protocol):
    """A row of a picture that was taken in: a note's, a product's, a logo."""

    media_folder: ClassVar[str]
    token: Any
    renditions: Any
    width: Any
    height: Any
    placeholder: Any
    alt: Any
    state: Any


@dataclass(frozen=True, slots=True)
class CoverPicture:
    src: str
    srcset_modern: str
    modern_type: str
    srcset_jpeg: str
    largest: str
    width: int
    height: int
    placeholder: str
    alt: str
    processing: bool

    @property
    def shape(self) -> str:
        """The nearest of the three shapes covers are cropped to: tall 3:4, square, wide 4:3."""
        ratio = self.width / self.height if self.height else 0.75
        return "tall" if ratio < 0.866 else "square" if ratio <= 1.155 else "wide"


def picture_of(image: Shown) -> CoverPicture:
    """What a page needs to show this picture; one still processing has no addresses yet."""
    renditions = sorted(image.renditions, key=lambda r: r["width"])
    jpeg = [r for r in renditions if r["format"] == "jpeg"]
    modern = [r for r in renditions if r["format"] != "jpeg"]
    usual = next((r for r in jpeg if r["width"] >= USUAL_WIDTH), jpeg[-1] if jpeg else None)
    return CoverPicture(
        src=_address(image, usual) if usual else "",
        srcset_modern=_srcset(image, modern),
        modern_type=f"image/{modern[0]['format']}" if modern else "",
        srcset_jpeg=_srcset(image, jpeg),
        largest=_address(image, jpeg[-1]) if jpeg else "",
        width=image.width,
        height=image.height,
        placeholder=image.placeholder,
        alt=image.alt,
        processing=image.state == NoteImage.State.PROCESSING,
    )


def _address(image: Shown, rendition: dict[str, str]) -> str:
    return f"/media/{image.media_folder}/{image.token}/{rendition['filename']}"


def _srcset(image: Shown, renditions: list[dict[str, str]]) -> str:
    return ", ".join(f"{_address(image, r)} {r['width']}w" for r in renditions)
