"""What is known about a picture: before decoding, and after it was prepared."""

from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What the header declares. Width and height in pixels, before EXIF orientation."""

    format: str
    width: int
    height: int
    frames: int


@dataclass(frozen=True, slots=True)
class Rendition:
    """One written file. `format` is the part after `image/` in its media type."""

    width: int
    height: int
    format: str
    filename: str
    bytes: int


@dataclass(frozen=True, slots=True)
class ProcessedPicture:
    """A picture ready to be served.

    `width` and `height` are those of the largest rendition, upright. `placeholder` is a
    `data:image/webp` URI, `phash` 16 hex digits (64 bits), `colour` is `#rrggbb`. `quality` has
    `sharpness` (variance of the Laplacian), `brightness` and `contrast` (mean and standard
    deviation of grey, 0 to 255) and `entropy` (bits per pixel, 0 to 8).
    """

    width: int
    height: int
    renditions: tuple[Rendition, ...]
    placeholder: str
    phash: str
    colour: str
    quality: dict[str, float]

    @property
    def signed_phash(self) -> int:
        """The hash as a signed 64-bit integer, the widest that a database column holds."""
        unsigned = int(self.phash, 16)
        return unsigned - (1 << 64) if unsigned >> 63 else unsigned

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        renditions = tuple(Rendition(**rendition) for rendition in data["renditions"])
        return cls(**{**data, "renditions": renditions})
