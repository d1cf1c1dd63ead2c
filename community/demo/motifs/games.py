"""A board of hexagons."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

import numpy as np

from ..canvas import Canvas, at, oval, smooth
from ..palettes import WHITE, Colour, Palette, mix
from .surfaces import WOOD


def board_game(c: Canvas, p: Palette, r: Random) -> None:
    """An island of hexagons with little wooden houses, roads and two dice."""
    h = c.height
    c.wash(mix(p.deep, p.mid, 0.35), mix(p.deep, p.mid, 0.15))
    for _ in range(50):
        x, y = r.uniform(0, 100), r.uniform(0, h)
        c.stroke(smooth(at(x, y, 1, "-2 0, -.7 -.7, .7 0, 2 -.7")), 0.25, mix(p.mid, p.deep, 0.3))
    tones = [
        p.leaf,
        mix(p.leaf, p.ink, 0.3),
        p.glow,
        p.accent,
        mix(p.soft, p.ink, 0.25),
        mix(WOOD, p.glow, 0.2),
    ]
    s = min(11.2, h * 0.105)
    cells = [
        (50 + s * 1.732 * (q + row / 2), h * 0.5 + s * 1.5 * row)
        for row in range(-2, 3)
        for q in range(-2, 3)
        if abs(q + row) <= 2
    ]

    def hexagon(x: float, y: float, k: float) -> list[tuple[float, float]]:
        return [
            (x + k * math.sin(a * math.pi / 3), y + k * math.cos(a * math.pi / 3)) for a in range(6)
        ]

    c.shadow([np.array(hexagon(x, y, s * 1.12)) for x, y in cells], p.ink, 0.5, 1.5, 1.4, 2.4)
    for x, y in cells:
        c.poly(hexagon(x, y, s * 1.14), mix(p.glow, WOOD, 0.35))
    for x, y in cells:
        _land(c, p, r, x, y, s, r.choice(tones), hexagon)
    _roads(c, p, r, s, cells)
    for x, y, dots in ((83, 0.91, 5), (70, 0.95, 3)):
        _die(c, p, x, h * y, dots)


def _roads(c: Canvas, p: Palette, r: Random, s: float, cells: list[tuple[float, float]]) -> None:
    for x, y in r.sample(cells, 7):
        a = r.randint(0, 5) * math.pi / 3
        b = a + math.pi / 3
        tone = r.choice([p.ink, WHITE, p.accent, p.deep])
        one, two = (
            (x + s * math.sin(a), y + s * math.cos(a)),
            (x + s * math.sin(b), y + s * math.cos(b)),
        )
        c.stroke(
            [
                (one[0] * 0.8 + two[0] * 0.2, one[1] * 0.8 + two[1] * 0.2),
                (one[0] * 0.2 + two[0] * 0.8, one[1] * 0.2 + two[1] * 0.8),
            ],
            1.3,
            tone,
        )
        hx, hy = one
        c.shadow([oval(hx, hy, 2, 2)], p.ink, 0.5, 0.6, 0.6, 0.9)
        c.poly(at(hx, hy, 1, "-2 1.6, -2 -.6, 0 -2.8, 2 -.6, 2 1.6"), tone)


def _land(
    c: Canvas,
    p: Palette,
    r: Random,
    x: float,
    y: float,
    s: float,
    tone: Colour,
    hexagon: Callable[[float, float, float], list[tuple[float, float]]],
) -> None:
    c.poly(hexagon(x, y, s * 0.97), tone)
    c.poly(hexagon(x, y - s * 0.04, s * 0.88), mix(tone, WHITE, 0.1))
    kind = sum(tone) % 3
    for _ in range(7):
        dx, dy = r.uniform(-0.55, 0.55) * s, r.uniform(-0.5, 0.55) * s
        if abs(dx) < s * 0.3 and abs(dy) < s * 0.3:
            continue
        if kind == 0:
            c.poly(
                [(x + dx - 1.1, y + dy + 1), (x + dx, y + dy - 1.8), (x + dx + 1.1, y + dy + 1)],
                mix(tone, p.ink, 0.35),
            )
        elif kind == 1:
            c.stroke([(x + dx, y + dy + 1), (x + dx, y + dy - 1)], 0.5, mix(tone, p.ink, 0.35))
        else:
            c.disc(x + dx, y + dy, 0.9, mix(tone, p.ink, 0.3))
    c.disc(x, y, s * 0.26, p.paper)
    for k in range(r.randint(1, 4)):
        c.disc(x - 1.2 + k * 0.9, y, 0.32, p.ink)


def _die(c: Canvas, p: Palette, x: float, y: float, dots: int) -> None:
    c.soft(
        lambda pen: pen.box(x - 3.4, y - 2.6, x + 5.6, y + 6, 255), p.ink, opacity=0.55, blur=0.9
    )
    c.box(x - 4.4, y - 4.4, x + 4.4, y + 4.4, WHITE, round_by=1.4)
    spots = [(0, 0), (-2, -2), (2, 2)] + ([(2, -2), (-2, 2)] if dots == 5 else [])
    for dx, dy in spots:
        c.disc(x + dx, y + dy, 0.85, p.accent)
