"""Wool and wood: knitting, yarn, a dovetail joint."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from ..canvas import Canvas, oval, smooth
from ..palettes import WHITE, Colour, Palette, colour, mix
from .surfaces import WOOD, wall


def knit(c: Canvas, p: Palette, r: Random) -> None:
    """Colourwork: a band of stars between snow dots, every stitch drawn."""
    h = c.height
    ground, motif, third = r.choice(
        [
            (p.deep, p.paper, p.accent),
            (p.accent, p.paper, p.deep),
            (p.paper, p.deep, p.accent),
            (p.leaf, p.paper, p.ink),
        ]
    )
    c.wash(mix(ground, p.ink, 0.3), mix(ground, p.ink, 0.35))
    columns, step = 33, 100 / 33
    tall = step * 0.82
    rows = int(h / tall) + 2
    for row in range(rows):
        for col in range(columns):
            kind = _stitch_colour(col, row)
            tone = (ground, motif, third)[kind]
            tone = mix(tone, p.ink if r.random() < 0.5 else WHITE, r.uniform(0, 0.07))
            x, y = (col + 0.5) * step, row * tall
            for side in (-1, 1):
                c.poly(
                    oval(x + side * step * 0.235, y, step * 0.27, tall * 0.68, -side * 0.46, n=16),
                    mix(tone, p.ink, 0.16 if side > 0 else 0.02),
                )
    c.glow(30, h * 0.25, 60, WHITE, 0.1)


def _stitch_colour(col: int, row: int) -> int:
    """0 ground, 1 motif, 2 third colour, repeating every 26 rows and 11 columns."""
    y, x = row % 26, col % 11
    if y in (0, 14):
        return 2
    if y in (2, 12):
        return 1 if col % 2 else 0
    if 3 <= y <= 11:
        dx, dy = abs(x - 5), abs(y - 7)
        star = dx == dy or (dx == 0 and dy < 5) or (dy == 0 and dx < 5)
        return 1 if star and (dx + dy > 0) else (2 if dx + dy == 0 else 0)
    if 16 <= y <= 24:
        return 1 if (y % 4 == 0 and (col + y // 2) % 4 == 0) else 0
    return 0


def yarn(c: Canvas, p: Palette, r: Random) -> None:
    floor = c.height * 0.66
    wall(c, p, floor)
    tones = [p.accent, p.deep, p.paper, p.leaf, mix(p.glow, p.accent, 0.25), p.mid]
    r.shuffle(tones)
    rim, foot = floor + 2, floor + 20
    c.soft(lambda pen: pen.poly(oval(54, foot, 36, 3), 255), p.ink, opacity=0.5, blur=1.6)
    balls = [
        (31, rim - 7, 14),
        (69, rim - 6, 14),
        (50, rim - 13, 16),
        (40, rim + 1, 12),
        (61, rim + 1, 12),
    ]
    for (x, y, s), tone in zip(balls, tones, strict=False):
        _ball(c, p, r, x, y, s, tone)
    for k in (-1, 1):
        c.stroke([(50 - k * 4, rim - 14), (50 + k * 17, rim - 46)], 1.1, mix(WOOD, p.glow, 0.4))
        c.disc(50 + k * 17, rim - 46, 1.7, p.accent)
    _wicker(c, p, rim, foot)
    ball = (14.0, floor + 23, 8.0)
    c.soft(
        lambda pen: pen.poly(oval(ball[0] + 2, ball[1] + 7.4, 9, 2), 255),
        p.ink,
        opacity=0.5,
        blur=1,
    )
    c.stroke(
        smooth(
            [
                (20, floor + 29),
                (44, floor + 30),
                (60, floor + 26),
                (78, floor + 31),
                (104, floor + 28),
            ]
        ),
        0.55,
        tones[0],
    )
    _ball(c, p, r, *ball, tones[0])


def _wicker(c: Canvas, p: Palette, rim: float, foot: float) -> None:
    basket = [(16, rim), (84, rim), (76, foot), (24, foot)]
    c.poly(basket, mix(WOOD, p.ink, 0.25))

    def weave() -> None:
        for row in range(8):
            for k in range(18):
                x = 14 + k * 4.2 + (row % 2) * 2.1
                c.poly(
                    oval(x, rim + 1.6 + row * 2.5, 2.2, 1.15),
                    mix(WOOD, p.glow, 0.12 + 0.2 * (k % 2)),
                )

    c.inside(basket, weave)
    c.box(14, rim - 1.6, 86, rim + 1.6, mix(WOOD, p.glow, 0.3), round_by=1.5)


def _ball(c: Canvas, p: Palette, r: Random, x: float, y: float, s: float, tone: Colour) -> None:
    c.disc(x, y, s, mix(tone, p.ink, 0.22))
    shape = oval(x, y, s, s)

    def strands() -> None:
        for turn in (r.uniform(0, 3), r.uniform(0, 3), r.uniform(0, 3)):
            cos, sin = math.cos(turn), math.sin(turn)
            for k in range(-5, 6):
                arc = [
                    (x + (u * cos - v * sin) * s, y + (u * sin + v * cos) * s)
                    for u, v in ((-1.1, k * 0.13), (0, k * 0.19), (1.1, k * 0.13))
                ]
                if turn and abs(k) < 5 - r.randint(0, 2):
                    c.stroke(
                        smooth(arc, steps=5), s * 0.085, mix(tone, p.ink, r.uniform(0.02, 0.2))
                    )

    c.inside(shape, strands)
    c.soft(
        lambda pen: pen.disc(x - s * 0.35, y - s * 0.4, s * 0.35, 255),
        WHITE,
        opacity=0.28,
        blur=s * 0.2,
    )


def joinery(c: Canvas, p: Palette, r: Random) -> None:
    """A dovetail joint from above, with shavings and a pencil."""
    h = c.height
    bench = mix(p.deep, WOOD, 0.25)
    c.wash(mix(bench, p.mid, 0.2), mix(bench, p.ink, 0.25))
    light, dark = mix(colour("#e3bd86"), p.glow, 0.25), mix(colour("#9a6137"), p.accent, 0.15)
    split = h * 0.5
    c.soft(lambda pen: pen.box(15, h * 0.1 + 2, 88, h * 0.9 + 4, 255), p.ink, opacity=0.5, blur=2)
    c.box(14, h * 0.1, 86, split + 8, light)
    _grain(c, r, 14, 86, h * 0.1, split + 8, mix(light, dark, 0.4))
    for k in range(4):
        x0, x1 = 14 + 18 * k, 32 + 18 * k
        socket = [
            (x0 + 4, split - 8),
            (x1 - 4, split - 8),
            (x1 - 1.4, split + 8),
            (x0 + 1.4, split + 8),
        ]
        c.poly(socket, dark)
        c.stroke([socket[0], socket[3]], 0.3, mix(dark, p.ink, 0.6))
        c.stroke([socket[1], socket[2]], 0.3, mix(dark, p.ink, 0.6))
        c.stroke([socket[0], socket[1]], 0.3, mix(dark, p.ink, 0.6))
    c.box(14, split + 8, 86, h * 0.9, dark)
    _grain(c, r, 14, 86, split + 8, h * 0.9, mix(dark, p.ink, 0.25))
    c.box(14, split + 7.8, 86, split + 8.2, mix(dark, p.ink, 0.5))
    for _ in range(9):
        x, y, s = (
            r.uniform(6, 94),
            r.choice(
                [h * r.uniform(0.02, 0.09), h * r.uniform(0.88, 0.98), h * r.uniform(0.2, 0.4)]
            ),
            r.uniform(2, 4),
        )
        curl = [
            (x + s * (0.3 + 0.1 * t) * math.cos(t), y + s * (0.3 + 0.1 * t) * math.sin(t))
            for t in np.linspace(0, 8, 22)
        ]
        c.shadow([np.array(curl)], p.ink, 0.3, 0.7, 0.6, 0.9)
        c.stroke(smooth(curl, steps=4), 1.0, mix(light, WHITE, 0.3))
        c.stroke(smooth(curl, steps=4), 0.4, mix(light, dark, 0.2))
    _pencil(c, p, h, light)


def _pencil(c: Canvas, p: Palette, h: float, light: Colour) -> None:
    a, b = np.array([70.0, h * 0.72]), np.array([38.0, h * 0.83])
    c.soft(
        lambda pen: pen.stroke([a + np.array([1, 1.6]), b + np.array([1, 1.6])], 2.4, 255),
        p.ink,
        opacity=0.5,
        blur=0.7,
    )
    c.stroke([a, b], 2.4, p.accent)
    c.stroke([a - np.array([0, 0.6]), b - np.array([0, 0.6])], 0.6, mix(p.accent, WHITE, 0.4))
    tip = b + (b - a) / np.linalg.norm(b - a) * 4.4
    c.poly([b + np.array([0.5, 1.4]), b - np.array([0.5, 1.4]), tip], mix(light, WHITE, 0.3))
    c.dot(tip * 0.85 + b * 0.15, 0.5, p.ink)


def _grain(c: Canvas, r: Random, x0: float, x1: float, y0: float, y1: float, tone: Colour) -> None:
    knot = (r.uniform(x0 + 15, x1 - 15), r.uniform(y0 + 8, y1 - 8))
    for k in range(20):
        x = x0 + (x1 - x0) * (k + 0.5) / 20
        line = []
        for y in np.linspace(y0, y1, 14):
            away = x - knot[0]
            push = (
                4
                * math.exp(-(((y - knot[1]) / 9) ** 2))
                * math.copysign(math.exp(-abs(away) / 12), away)
            )
            line.append((min(x1, max(x0, x + push + math.sin(y / 14 + k) * 0.35)), y))
        c.stroke(smooth(line, steps=4), 0.2, tone)
    c.poly(oval(*knot, 1.5, 2.6), tone)
