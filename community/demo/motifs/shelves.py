"""Pots on a shelf and books in a case."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from ..canvas import Canvas, at, leaf_shape, oval, smooth
from ..palettes import WHITE, Colour, Palette, mix
from .surfaces import WOOD, wall


def _profile(r: Random, w: float, tall: float) -> np.ndarray:
    """Half the outline of a thrown pot, from foot to lip: columns radius, height."""
    shapes = [
        [(0.5, 0), (0.95, 0.3), (0.85, 0.62), (0.3, 0.82), (0.28, 0.94), (0.4, 1)],
        [(0.4, 0), (0.62, 0.2), (1.0, 0.58), (0.82, 0.84), (0.5, 0.94), (0.56, 1)],
        [(0.7, 0), (0.98, 0.18), (0.98, 0.5), (0.62, 0.74), (0.22, 0.86), (0.24, 1)],
        [(0.45, 0), (0.6, 0.25), (0.72, 0.5), (0.86, 0.75), (0.95, 0.92), (1.0, 1)],
        [(0.62, 0), (0.8, 0.12), (0.7, 0.4), (0.95, 0.68), (0.8, 0.88), (0.5, 1)],
    ]
    return smooth([(x * w, y * tall) for x, y in r.choice(shapes)])


def pot(
    c: Canvas, p: Palette, r: Random, x: float, foot: float, w: float, tall: float, glaze: Colour
) -> float:
    half = _profile(r, w / 2, tall)
    outline = np.vstack(
        [
            np.column_stack([x + half[:, 0], foot - half[:, 1]]),
            np.column_stack([x - half[::-1, 0], foot - half[::-1, 1]]),
        ]
    )
    c.wash_poly(outline, mix(glaze, WHITE, 0.16), mix(glaze, p.ink, 0.14))
    mouth = half[-1][0]
    style = r.random()

    c.inside(outline, lambda: _glaze_surface(c, p, r, x, foot, w, tall, glaze, half, style))
    c.disc(x, foot - tall, mouth, mix(glaze, p.ink, 0.45), max(0.35, mouth * 0.18))
    return mouth


def _glaze_surface(
    c: Canvas,
    p: Palette,
    r: Random,
    x: float,
    foot: float,
    w: float,
    tall: float,
    glaze: Colour,
    half: np.ndarray,
    style: float,
) -> None:
    if style < 0.4:
        drip = smooth(
            [
                (x - w, foot - tall * 0.62),
                *[(x - w / 2 + k * w / 6, foot - tall * r.uniform(0.42, 0.66)) for k in range(7)],
                (x + w, foot - tall * 0.6),
            ]
        )
        c.poly(
            np.vstack([drip, (x + w, foot - tall * 1.1), (x - w, foot - tall * 1.1)]),
            mix(glaze, p.paper, 0.5),
        )
    elif style < 0.65:
        for k in range(3):
            y = foot - tall * (0.25 + 0.09 * k)
            c.stroke(smooth([(x - w, y), (x, y + 1), (x + w, y)]), 0.45, mix(glaze, p.ink, 0.4))
    else:
        for _ in range(50):
            c.disc(
                x + r.uniform(-w / 2, w / 2),
                foot - r.random() * tall,
                r.uniform(0.08, 0.3),
                mix(glaze, p.ink, 0.45),
            )
    shade = np.column_stack([x + half[:, 0] * 0.42, foot - half[:, 1]])
    side = np.vstack([shade, (x + w, foot - tall), (x + w, foot)])
    c.soft(lambda pen: pen.poly(side, 255), p.ink, opacity=0.24, blur=1.2)
    c.soft(
        lambda pen: pen.stroke(
            np.column_stack([x - half[:, 0] * 0.62, foot - half[:, 1]])[8:-16], w * 0.07, 255
        ),
        WHITE,
        opacity=0.4,
        blur=0.6,
    )


def vases(c: Canvas, p: Palette, r: Random) -> None:
    floor = c.height * 0.8
    wall(c, p, floor)
    glazes = [
        mix(p.deep, p.paper, 0.15),
        p.accent,
        mix(p.leaf, p.paper, 0.25),
        mix(p.soft, p.paper, 0.6),
        mix(p.mid, p.deep, 0.2),
    ]
    r.shuffle(glazes)
    spots = [(17, 17, 26.0), (38, 22, 44.0), (62, 24, 32.0), (84, 18, 22.0)]
    scale = min(1.0, floor / 80)
    feet = [oval(x + 4, floor + 2.2, w * 0.62, 1.8) for x, w, _ in spots]
    c.shadow(feet, p.ink, opacity=0.5, blur=1.2, dx=0, dy=0)
    for (x, w, tall), glaze in zip(spots, glazes, strict=False):
        tall *= scale * r.uniform(0.95, 1.15)
        foot = floor + r.uniform(1.4, 3)
        if x in (38, 84):
            _sprig(c, p, r, x, foot - tall + 1, tall * 0.85)
        pot(c, p, r, x, foot, w, tall, glaze)


def _sprig(c: Canvas, p: Palette, r: Random, x: float, y: float, tall: float) -> None:
    kind = r.choice(["blossom", "leaf", "reed"])
    for k in range(3):
        lean = (k - 1) * 0.36 + r.uniform(-0.1, 0.1)
        stem = smooth(
            [
                (x, y),
                (x + lean * tall * 0.3, y - tall * 0.5),
                (x + lean * tall, y - tall * r.uniform(0.85, 1.05)),
            ]
        )
        c.stroke(stem, 0.4, mix(p.leaf, p.ink, 0.5))
        for j, (sx, sy) in enumerate(stem[5::2]):
            side = 1 if j % 2 else -1
            if kind == "leaf":
                c.poly(
                    leaf_shape(sx, sy, tall * 0.17, tall * 0.07, -1.57 + lean + side * 0.9),
                    mix(p.leaf, p.deep, 0.2 * (j % 3)),
                )
            elif kind == "blossom":
                fx, fy = sx + side * 1.2, sy
                for a in range(5):
                    c.disc(
                        fx + 0.9 * math.cos(a * 1.257),
                        fy + 0.9 * math.sin(a * 1.257),
                        0.75,
                        mix(p.accent, WHITE, 0.45 + 0.1 * (j % 3)),
                    )
                c.disc(fx, fy, 0.5, p.glow)
            else:
                c.poly(
                    leaf_shape(sx, sy, tall * 0.12, 0.9, -1.57 + lean + side * 0.4),
                    mix(WOOD, p.glow, 0.35),
                )


def bookshelf(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    case = mix(WOOD, p.ink, 0.35)
    c.wash(mix(case, p.ink, 0.35), mix(case, p.ink, 0.5))
    rows = max(3, round(h / 27))
    gap = (h - 4) / rows
    tones = [
        p.accent,
        p.deep,
        p.mid,
        p.leaf,
        p.soft,
        p.paper,
        p.ink,
        mix(p.accent, p.ink, 0.4),
        mix(p.leaf, p.ink, 0.4),
        p.glow,
    ]
    for row in range(rows):
        base = 3 + gap * (row + 1) - 2.2
        c.soft(
            lambda pen, y=base - gap: pen.box(2, y, 98, y + 7, 255),
            (20, 14, 16),
            opacity=0.5,
            blur=2,
        )
        x, object_at = 4.0, r.uniform(20, 78)
        while x < 94:
            if object_at and x > object_at:
                x = _shelf_object(c, p, r, x, base, gap)
                object_at = 0.0
                continue
            w, tall = r.uniform(2.4, 5.4), gap * r.uniform(0.56, 0.84)
            if x + w > 96:
                break
            _spine(c, p, r, x, base, w, tall, r.choice(tones))
            x += w + 0.18
        c.box(0, base, 100, base + 2.2, mix(case, p.glow, 0.16))
        c.box(0, base + 1.6, 100, base + 2.2, mix(case, p.ink, 0.3))
    for x in (0, 97):
        c.box(x, 0, x + 3, h, case)
    c.box(0, 0, 100, 2.6, case)
    c.glow(28, h * 0.3, 55, p.glow, 0.16)


def _spine(
    c: Canvas, p: Palette, r: Random, x: float, base: float, w: float, tall: float, tone: Colour
) -> None:
    c.box(x, base - tall, x + w, base, tone, round_by=0.35)
    c.box(x + w * 0.78, base - tall, x + w, base, mix(tone, p.ink, 0.2))
    band = mix(tone, p.glow if sum(tone) < 400 else p.ink, 0.55)
    style = r.random()
    if style < 0.4:
        for y in (0.12, 0.17, 0.86):
            c.box(x, base - tall * (1 - y), x + w, base - tall * (1 - y) + 0.5, band)
    elif style < 0.7:
        c.box(
            x + w * 0.25, base - tall * 0.82, x + w * 0.72, base - tall * 0.42, band, round_by=0.3
        )
    else:
        c.disc(x + w * 0.48, base - tall * 0.22, min(w * 0.24, 1), band)
        c.stroke([(x + w * 0.48, base - tall * 0.84), (x + w * 0.48, base - tall * 0.5)], 0.4, band)


def _shelf_object(c: Canvas, p: Palette, r: Random, x: float, base: float, gap: float) -> float:
    kind = r.choice(["pile", "plant", "vase", "lean"])
    if kind == "pile":
        y = base
        for k in range(r.randint(3, 5)):
            c.box(
                x + k * 0.5,
                y - 2.2,
                x + 13 - r.uniform(0, 2),
                y,
                r.choice([p.accent, p.deep, p.paper, p.leaf, p.mid]),
                round_by=0.4,
            )
            y -= 2.4
        return x + 15
    if kind == "plant":
        for k in range(9):
            c.poly(
                leaf_shape(
                    x + 6, base - 6, gap * r.uniform(0.35, 0.55), 2.4, -1.57 + (k - 4) * 0.34
                ),
                mix(p.leaf, p.ink, r.uniform(0, 0.4)),
            )
        c.poly(at(x, base, 1, "2.5 -7, 9.5 -7, 8.5 0, 3.5 0"), mix(p.accent, p.paper, 0.25))
        return x + 12
    if kind == "vase":
        pot(c, p, r, x + 6, base, 10, gap * 0.6, mix(p.soft, p.paper, 0.5))
        return x + 12.5
    tall = gap * 0.72
    c.poly(
        [(x + 0.5, base), (x + 3.6, base), (x + 8.6, base - tall), (x + 5.6, base - tall - 0.9)],
        p.accent,
    )
    return x + 9.5
