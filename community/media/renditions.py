"""Write a picture in the widths and formats that pages use.

`image` is always upright RGB here, whether it was decoded or drawn.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PIL import AvifImagePlugin, Image, JpegImagePlugin, WebPImagePlugin  # noqa: F401

from community.media.facts import ProcessedPicture, Rendition
from community.media.limits import (
    AVATAR_FORMATS,
    AVATAR_SIDES,
    MAX_RENDITION_PIXELS,
    RENDITION_FORMATS,
    RENDITION_WIDTHS,
)
from community.media.measures import (
    dominant_colour,
    draw_placeholder,
    measure_quality,
    perceptual_hash,
)

_ENCODERS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "AVIF": ("avif", {"quality": 60, "speed": 8, "max_threads": 1}),
    "WEBP": ("webp", {"quality": 80, "method": 4}),
    "JPEG": ("jpg", {"quality": 82, "progressive": True, "optimize": True}),
}
"""Suffix and options per format. One thread: workers already use every core."""


def write_renditions(image: Image.Image, target_dir: Path) -> ProcessedPicture:
    """Write `image` into the existing folder `target_dir` at every fitting width; measure it.

    Files are named for their width (`480.avif`). The caller gives a folder of its own and moves
    the files when all are there.
    """
    sizes = [_scaled(image.size, width) for width in fitting_widths(image.size)]
    scaled = [_resize(image, size) for size in sizes]
    return _write_all(scaled, target_dir, formats=RENDITION_FORMATS)


def write_avatar(image: Image.Image, target_dir: Path) -> ProcessedPicture:
    """Write the central square of `image` at every avatar side, like `write_renditions`."""
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    square = image.crop((left, top, left + side, top + side))
    scaled = [_resize(square, (length, length)) for length in AVATAR_SIDES]
    return _write_all(scaled, target_dir, formats=AVATAR_FORMATS)


def fitting_widths(size: tuple[int, int]) -> list[int]:
    """The rendition widths for a picture of `size`: none enlarges, at least one, ascending.

    A picture between two steps keeps its own width too, so that none is shown smaller than it is.
    """
    steps = [*(width for width in RENDITION_WIDTHS if width <= size[0])]
    if not steps or size[0] < RENDITION_WIDTHS[-1]:
        steps.append(size[0])
    fitting = [w for w in steps if w * _scaled(size, w)[1] <= MAX_RENDITION_PIXELS]
    return sorted(set(fitting)) or [min(size[0], RENDITION_WIDTHS[0])]


def _scaled(size: tuple[int, int], width: int) -> tuple[int, int]:
    return width, max(1, round(size[1] * width / size[0]))


def _resize(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    if image.size == size:
        return image
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _write_all(
    scaled: Sequence[Image.Image], target_dir: Path, *, formats: Sequence[str]
) -> ProcessedPicture:
    largest = scaled[-1]
    return ProcessedPicture(
        width=largest.width,
        height=largest.height,
        renditions=tuple(_write(image, target_dir, name) for image in scaled for name in formats),
        placeholder=draw_placeholder(scaled[0]),
        phash=perceptual_hash(largest),
        colour=dominant_colour(scaled[0]),
        quality=measure_quality(largest),
    )


def _write(image: Image.Image, target_dir: Path, format_name: str) -> Rendition:
    suffix, options = _ENCODERS[format_name]
    path = target_dir / f"{image.width}.{suffix}"
    image.save(path, format_name, **options)
    return Rendition(image.width, image.height, format_name.lower(), path.name, path.stat().st_size)
