"""The grounds of text cards: a palette and a quiet drawing, both chosen by a seed.

Everything is drawn at twice the size and scaled down, which gives smooth edges to lines that
Pillow draws without. A ground leaves its upper left calm: that is where the words stand.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np
from PIL import Image, ImageChops, ImageDraw

WIDTH: Final = 960
HEIGHT: Final = 1280
_OVERSAMPLING: Final = 2

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Tint:
    """One palette: the paper from top to bottom, what is drawn on it, and the ink for words."""

    top: Colour
    bottom: Colour
    deep: Colour
    soft: Colour
    accent: Colour
    ink: Colour
    quiet: Colour


_INK, _QUIET = (0x12, 0x26, 0x2B), (0x4C, 0x60, 0x65)
_CORAL, _TEAL = (0xE8, 0x50, 0x3A), (0x0B, 0x7F, 0x83)

TINTS: Final = (
    Tint((0xF6, 0xF8, 0xF7), (0xDF, 0xEE, 0xEC), _TEAL, (0x8C, 0xC9, 0xC6), _CORAL, _INK, _QUIET),
    Tint((0xFF, 0xF7, 0xF2), (0xFB, 0xE0, 0xD6), _CORAL, (0xF5, 0xB0, 0x9F), _CORAL, _INK,
         (0x6B, 0x56, 0x50)),
    Tint((0xFB, 0xF8, 0xEF), (0xF1, 0xE8, 0xD0), (0xC9, 0x97, 0x3B), (0xE5, 0xCB, 0x92), _TEAL,
         _INK, (0x63, 0x5C, 0x4B)),
    Tint((0xEE, 0xF5, 0xF9), (0xD2, 0xE5, 0xEF), (0x2F, 0x6F, 0x95), (0x94, 0xBE, 0xD6), _CORAL,
         _INK, (0x48, 0x5F, 0x6D)),
    Tint((0x16, 0x2F, 0x36), (0x0F, 0x22, 0x28), (0x3F, 0xC1, 0xBE), (0x2A, 0x6C, 0x70),
         (0xFF, 0x7A, 0x63), (0xF2, 0xF7, 0xF6), (0xA4, 0xBA, 0xBD)),
    Tint((0xF4, 0xF7, 0xEE), (0xDF, 0xE9, 0xCF), (0x5B, 0x86, 0x3F), (0xB0, 0xCB, 0x97), _CORAL,
         _INK, (0x52, 0x5F, 0x4A)),
)  # fmt: skip


def draw_ground(*, seed: int) -> tuple[Image.Image, Tint]:
    """A 960 by 1280 RGB ground for `seed`, and the tint whose inks stand out on it."""
    layout = _LAYOUTS[seed % len(_LAYOUTS)]
    tint = TINTS[seed // len(_LAYOUTS) % len(TINTS)]
    large = _paper(tint)
    layout(large, tint, Random(seed))
    return large.reduce(_OVERSAMPLING), tint


def _paper(tint: Tint) -> Image.Image:
    """A vertical gradient from the tint's top to its bottom colour."""
    size = (WIDTH * _OVERSAMPLING, HEIGHT * _OVERSAMPLING)
    slope = Image.linear_gradient("L").resize(size)
    return Image.composite(
        Image.new("RGB", size, tint.bottom), Image.new("RGB", size, tint.top), slope
    )


def _tide_lines(image: Image.Image, tint: Tint, random: Random) -> None:
    """Overlapping translucent swells in the lower third, a thin line of foam on each."""
    phase, width = random.uniform(0, math.tau), image.width
    for swell in range(5):
        base = image.height * (0.775 + 0.052 * swell)
        high, waves = image.height * random.uniform(0.012, 0.026), random.uniform(0.7, 1.5)
        phase += random.uniform(0.7, 1.6)
        crest = [
            (x, base + high * math.sin(phase + waves * math.tau * x / width))
            for x in range(0, width + 16, 16)
        ]
        _fill(
            image,
            tint.deep,
            0.10 + 0.025 * swell,
            _polygon([*crest, (width, image.height), (0, image.height)]),
        )
        _fill(image, tint.top, 0.55, _line(crest, 5))


def _pebbles(image: Image.Image, tint: Tint, random: Random) -> None:
    """Large soft discs half out of the picture, and one small bright one."""
    width, height = image.size
    for x, y, radius, colour, strength in (
        (0.94, 1.00, 0.48, tint.soft, 0.55),
        (0.38, 1.10, 0.42, tint.deep, 0.16),
        (1.06, 0.28, 0.17, tint.soft, 0.35),
    ):
        centre = (
            width * (x + random.uniform(-0.05, 0.05)),
            height * (y + random.uniform(-0.03, 0.03)),
        )
        _fill(image, colour, strength, _disc(centre, width * radius * random.uniform(0.9, 1.1)))
    bright = (width * random.uniform(0.60, 0.72), height * random.uniform(0.80, 0.85))
    _fill(image, tint.accent, 0.9, _disc(bright, width * 0.045))


def _ripples(image: Image.Image, tint: Tint, random: Random) -> None:
    """Rings spreading from a drop in the lower right, fading outwards."""
    centre = (image.width * random.uniform(0.68, 0.82), image.height * random.uniform(0.80, 0.87))
    for ring in range(1, 11):
        radius = image.width * 0.075 * ring * (1 + 0.018 * ring)
        _fill(image, tint.deep, 0.52 * (1 - ring / 11.5), _ring(centre, radius, 7 - ring // 2))
    _fill(image, tint.accent, 0.95, _disc(centre, image.width * 0.022))


def _paper_grain(image: Image.Image, tint: Tint, random: Random) -> None:
    """A sheet of laid paper: fine fibres, a margin line, a torn coloured foot."""
    width, height = image.size
    grain = np.random.default_rng(random.getrandbits(32)).normal(128, 14, (height // 4, width // 4))
    noise = Image.fromarray(grain.clip(0, 255).astype(np.uint8)).resize(image.size)
    image.paste(ImageChops.soft_light(image, Image.merge("RGB", [noise] * 3)))
    phase = random.uniform(0, math.tau)
    edge = [
        (x, height * 0.84 + 16 * math.sin(phase + x / 300) + random.uniform(-7, 7))
        for x in range(0, width + 24, 24)
    ]
    _fill(image, tint.soft, 0.62, _polygon([*edge, (width, height), (0, height)]))
    _fill(image, tint.top, 0.8, _line(edge, 9))


def _quote_mark(image: Image.Image, tint: Tint, random: Random) -> None:
    """One opening quotation mark, drawn large and pale from two drops, low on the right."""
    unit = image.width * random.uniform(0.108, 0.120)
    for drop in (0, 1):
        x, y = image.width * 0.54 + drop * unit * 2.3, image.height * 0.87
        _fill(image, tint.soft, 0.7, _drop((x, y), unit))


_LAYOUTS: Final = (_tide_lines, _pebbles, _ripples, _paper_grain, _quote_mark)

Shape = Callable[[ImageDraw.ImageDraw, int], None]
Point = tuple[float, float]


def _fill(image: Image.Image, colour: Colour, strength: float, shape: Shape) -> None:
    """Lay `colour` over the shape, `strength` of it from 0 to 1."""
    mask = Image.new("L", image.size)
    shape(ImageDraw.Draw(mask), round(255 * strength))
    image.paste(colour, mask=mask)


def _polygon(points: Sequence[Point]) -> Shape:
    return lambda draw, fill: draw.polygon(points, fill=fill)


def _line(points: Sequence[Point], width: int) -> Shape:
    return lambda draw, fill: draw.line(points, fill=fill, width=width, joint="curve")


def _disc(centre: Point, radius: float) -> Shape:
    return lambda draw, fill: draw.ellipse(_box(centre, radius), fill=fill)


def _ring(centre: Point, radius: float, width: int) -> Shape:
    return lambda draw, fill: draw.ellipse(_box(centre, radius), outline=fill, width=width)


def _drop(centre: Point, radius: float) -> Shape:
    """A disc with a tail that curls up to the right: half of an opening quotation mark."""
    x, y = centre

    def draw_it(draw: ImageDraw.ImageDraw, fill: int) -> None:
        outer = (x - radius, y - 2.6 * radius, x + 4.2 * radius, y + 2.6 * radius)
        draw.pieslice(outer, 180, 245, fill=fill)
        draw.ellipse(
            (x - radius * 0.08, y - 1.75 * radius, x + 4.6 * radius, y + 2.4 * radius), fill=0
        )
        draw.ellipse(_box(centre, radius), fill=fill)

    return draw_it


def _box(centre: Point, radius: float) -> tuple[float, float, float, float]:
    return centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius
