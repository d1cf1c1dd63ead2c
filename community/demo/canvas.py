"""A small drawing board over Pillow: flat shapes, gradients, soft shade, grain.

A picture is always 100 units wide and `height` units high; motifs think in these units.
Everything is drawn at twice the final size and reduced at the end, which is what makes
the edges smooth. Soft things (shade, glow) are painted on a mask an eighth as large:
blurring there costs nothing and nobody can tell.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .palettes import Colour

Point = tuple[float, float]
Points = Sequence[Sequence[float] | np.ndarray] | np.ndarray
Fill = Colour | int

OVERSAMPLE = 2
SOFT_DIVISOR = 8


def at(x: float, y: float, scale: float, points: str) -> np.ndarray:
    """A shape written as 'dx dy, dx dy, ...' in units of `scale` from (x, y). Shape (n, 2)."""
    offsets = [[float(number) for number in point.split()] for point in points.split(",")]
    return np.array(offsets) * scale + (x, y)


def smooth(points: Points, *, closed: bool = False, steps: int = 10) -> np.ndarray:
    """A Catmull-Rom curve through the points. Returns an array of shape (n, 2)."""
    p = np.asarray(points, dtype=float)
    p = np.vstack([p[-1], p, p[:2]]) if closed else np.vstack([p[0], p, p[-1]])
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    a, b, c, d = (p[i : len(p) - 3 + i, None, :] for i in range(4))
    curve = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    flat = curve.reshape(-1, 2)
    return flat if closed else np.vstack([flat, p[-1]])


def oval(cx: float, cy: float, rx: float, ry: float, turn: float = 0.0, n: int = 64) -> np.ndarray:
    """Points of an ellipse, turned by `turn` radians. Shape (n, 2)."""
    a = np.linspace(0, 2 * math.pi, n, endpoint=False)
    x, y = rx * np.cos(a), ry * np.sin(a)
    return np.column_stack(
        [cx + x * math.cos(turn) - y * math.sin(turn), cy + x * math.sin(turn) + y * math.cos(turn)]
    )


def leaf_shape(x: float, y: float, length: float, width: float, angle: float) -> np.ndarray:
    """A pointed leaf from its stem (x, y) outward at `angle` radians. Shape (n, 2)."""
    t = np.linspace(0, 1, 14)
    half = width / 2 * np.sin(np.pi * t**0.8) ** 0.9
    along = np.concatenate([t * length, t[::-1] * length])
    across = np.concatenate([half, -half[::-1]])
    cos, sin = math.cos(angle), math.sin(angle)
    return np.column_stack([x + along * cos - across * sin, y + along * sin + across * cos])


class Pen:
    """Flat shapes in units on one Pillow image."""

    def __init__(self, image: Image.Image, scale: float) -> None:
        self.image = image
        self.scale = scale
        self._draw = ImageDraw.Draw(image)

    def _px(self, points: Points) -> list[float]:
        return (np.asarray(points, dtype=float) * self.scale).ravel().tolist()

    def poly(self, points: Points, fill: Fill) -> None:
        self._draw.polygon(self._px(points), fill=fill)

    def disc(self, cx: float, cy: float, r: float, fill: Fill, ry: float | None = None) -> None:
        ry = r if ry is None else ry
        self._draw.ellipse(self._px([(cx - r, cy - ry), (cx + r, cy + ry)]), fill=fill)

    def discs(self, spots: Iterable[Sequence[float]], fill: Fill) -> None:
        """Many discs of one colour, each (x, y, radius)."""
        for x, y, r in spots:
            self.disc(x, y, r, fill)

    def dot(self, at: Sequence[float] | np.ndarray, r: float, fill: Fill) -> None:
        """A disc about a point."""
        self.disc(float(at[0]), float(at[1]), r, fill)

    def ring(self, cx: float, cy: float, r: float, width: float, fill: Fill) -> None:
        box = self._px([(cx - r, cy - r), (cx + r, cy + r)])
        self._draw.ellipse(box, outline=fill, width=max(1, round(width * self.scale)))

    def box(
        self, x0: float, y0: float, x1: float, y1: float, fill: Fill, *, round_by: float = 0
    ) -> None:
        corners = self._px([(x0, y0), (x1, y1)])
        if round_by:
            self._draw.rounded_rectangle(corners, round_by * self.scale, fill=fill)
        else:
            self._draw.rectangle(corners, fill=fill)

    def stroke(self, points: Points, width: float, fill: Fill) -> None:
        """A line with round ends and joints."""
        px = self._px(points)
        self._draw.line(px, fill=fill, width=max(1, round(width * self.scale)), joint="curve")
        if width * self.scale > 4:
            for x, y in (points[0], points[-1]):
                self.disc(x, y, width / 2, fill)


class Canvas(Pen):
    """The picture itself: a Pen that also knows gradients, shade and light."""

    def __init__(self, *, width: int, ratio: float, ground: Colour) -> None:
        size = (width * OVERSAMPLE, round(width * ratio) * OVERSAMPLE)
        super().__init__(Image.new("RGB", size, ground), size[0] / 100)
        self.height = size[1] / self.scale

    def wash(self, top: Colour, bottom: Colour, y0: float = 0, y1: float | None = None) -> None:
        """A vertical gradient over the full width from y0 to y1."""
        _, high = self.image.size
        first = max(0, round(y0 * self.scale))
        last = high if y1 is None else min(high, round(y1 * self.scale) + 1)
        self.image.paste(_gradient(top, bottom, self.image.width, last - first), (0, first))

    def wash_poly(self, points: Points, top: Colour, bottom: Colour) -> None:
        """A polygon filled with a vertical gradient."""
        px = np.asarray(points, dtype=float) * self.scale
        low = np.clip(np.floor(px.min(axis=0)), 0, self.image.size).astype(int)
        high = np.clip(np.ceil(px.max(axis=0)) + 1, 0, self.image.size).astype(int)
        width, height = (int(v) for v in high - low)
        if width < 1 or height < 1:
            return
        mask = Image.new("L", (width, height), 0)
        ImageDraw.Draw(mask).polygon((px - low).ravel().tolist(), fill=255)
        self.image.paste(_gradient(top, bottom, width, height), (int(low[0]), int(low[1])), mask)

    def soft(
        self, paint: Callable[..., object], colour: Colour, *, opacity: float, blur: float
    ) -> None:
        """Lay a blurred shape of one colour over the picture; `blur` is in units."""
        wide, high = (max(1, side // SOFT_DIVISOR) for side in self.image.size)
        pen = Pen(Image.new("L", (wide, high), 0), self.scale / SOFT_DIVISOR)
        paint(pen)
        mask = pen.image.filter(ImageFilter.GaussianBlur(blur * pen.scale))
        mask = mask.point(lambda v: round(v * opacity))
        touched = mask.getbbox()
        if touched is None:
            return
        # Only the touched part is scaled up and pasted: most shade is small.
        mask = mask.crop(touched)
        left, top, right, bottom = (side * SOFT_DIVISOR for side in touched)
        mask = mask.resize((right - left, bottom - top), Image.Resampling.BILINEAR)
        self.image.paste(colour, (left, top), mask)

    def glow(self, cx: float, cy: float, r: float, colour: Colour, opacity: float = 0.6) -> None:
        self.soft(lambda pen: pen.disc(cx, cy, r * 0.6, 255), colour, opacity=opacity, blur=r * 0.4)

    def shadow(
        self,
        shapes: Iterable[Points],
        colour: Colour,
        opacity: float = 0.3,
        blur: float = 1.6,
        dx: float = 1.2,
        dy: float = 1.8,
    ) -> None:
        """One soft cast shadow for all the shapes."""

        def paint(pen: Pen) -> None:
            for shape in shapes:
                pen.poly(np.asarray(shape, dtype=float) + np.array([dx, dy]), 255)

        self.soft(paint, colour, opacity=opacity, blur=blur)

    def inside(self, shape: Points, paint: Callable[..., object]) -> None:
        """Paint, and keep only what falls inside the shape."""
        px = np.asarray(shape, dtype=float) * self.scale
        low = np.clip(np.floor(px.min(axis=0)) - 1, 0, self.image.size).astype(int)
        high = np.clip(np.ceil(px.max(axis=0)) + 1, 0, self.image.size).astype(int)
        if (high <= low).any():
            return
        left, top, right, bottom = (int(v) for v in (*low, *high))
        before = self.image.copy()
        paint()
        mask = Image.new("L", (right - left, bottom - top), 0)
        ImageDraw.Draw(mask).polygon((px - low).ravel().tolist(), fill=255)
        kept = self.image.crop((left, top, right, bottom))
        self.image.paste(before)
        self.image.paste(kept, (left, top), mask)

    def finished(self) -> Image.Image:
        """The picture at its final size, with a breath of shade and paper grain."""
        image = self.image.reduce(OVERSAMPLE)
        image = ImageChops.multiply(image, _falloff(image.size))
        return ImageChops.add(image, _grain(image.size), scale=1, offset=-128)


def _gradient(top: Colour, bottom: Colour, width: int, height: int) -> Image.Image:
    t = np.linspace(0, 1, height)[:, None, None]
    strip = np.array(top)[None, None, :] * (1 - t) + np.array(bottom)[None, None, :] * t
    strip = strip + np.random.default_rng(1).uniform(-0.5, 0.5, (height, 1, 1))
    image = Image.fromarray(np.clip(np.rint(strip), 0, 255).astype(np.uint8), "RGB")
    return image.resize((width, height), Image.Resampling.NEAREST)


@lru_cache(maxsize=8)
def _falloff(size: tuple[int, int]) -> Image.Image:
    """Light from the upper left: a multiplier close to white, darker in the far corners."""
    x = np.linspace(-1, 1, 64)[None, :]
    y = np.linspace(-1, 1, 64)[:, None]
    light = 255 - 16 * np.clip((x + 0.25) ** 2 + (y + 0.3) ** 2 - 0.35, 0, 2)
    small = Image.fromarray(light.astype(np.uint8), "L").resize(size, Image.Resampling.BICUBIC)
    return Image.merge("RGB", (small, small, small))


@lru_cache(maxsize=8)
def _grain(size: tuple[int, int]) -> Image.Image:
    noise = np.random.default_rng(7).normal(128, 2.6, (size[1], size[0]))
    grain = Image.fromarray(np.clip(noise, 0, 255).astype(np.uint8), "L")
    return Image.merge("RGB", (grain, grain, grain))
