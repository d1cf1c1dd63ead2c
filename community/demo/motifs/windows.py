"""By the window: a plant in the light, a desk at night."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from ..canvas import Canvas, oval, smooth
from ..palettes import WHITE, Colour, Palette, mix
from .surfaces import WOOD, wall


def plant(c: Canvas, p: Palette, r: Random) -> None:
    h, floor = c.height, c.height * 0.84
    wall(c, p, floor)
    x, foot, top = 50 + r.uniform(-4, 4), floor + 3, floor - 21
    crown = top - h * 0.2
    c.soft(lambda pen: pen.poly(oval(x + 6, foot, 18, 2.4), 255), p.ink, opacity=0.5, blur=1.6)
    c.soft(lambda pen: pen.disc(x + 8, crown - 4, 22, 255), p.deep, opacity=0.16, blur=7)
    leaves = []
    for k in range(13):
        a = -1.57 + (k - 6) * 0.27 + r.uniform(-0.1, 0.1)
        reach = h * r.uniform(0.2, 0.36) * (1.05 - 0.05 * abs(k - 6))
        leaves.append((a, reach, x + reach * math.cos(a) * 0.9, top - 2 + reach * math.sin(a)))
    r.shuffle(leaves)
    for n, (a, _, lx, ly) in enumerate(leaves):
        c.stroke(
            smooth([(x, top + 1), ((x + lx) / 2 + 1, (top + ly) / 2), (lx, ly)]),
            0.55,
            mix(p.leaf, p.ink, 0.35),
        )
        _split_leaf(
            c,
            p,
            lx,
            ly,
            r.uniform(13, 18),
            a + math.copysign(0.35, math.cos(a)),
            mix(p.leaf, p.deep, 0.55 - 0.5 * n / 13),
        )
    pot = [(x - 14, top), (x + 14, top), (x + 11, foot), (x - 11, foot)]
    tone = r.choice([p.accent, mix(p.paper, p.soft, 0.3), mix(p.deep, p.mid, 0.3)])
    c.wash_poly(pot, mix(tone, WHITE, 0.12), mix(tone, p.ink, 0.14))
    c.poly([(x + 5, top), (x + 14, top), (x + 11, foot), (x + 4, foot)], mix(tone, p.ink, 0.16))
    c.box(x - 15, top - 3, x + 15, top + 1.6, mix(tone, WHITE, 0.1), round_by=0.8)
    c.box(x + 6, top - 3, x + 15, top + 1.6, mix(tone, p.ink, 0.12), round_by=0.8)


def _split_leaf(
    c: Canvas, p: Palette, x: float, y: float, size: float, angle: float, tone: Colour
) -> None:
    """A monstera leaf: a heart with fingers cut out of its edge."""
    outline = []
    for side in (1, -1):
        edge = [(0.0, 0.02), (-0.12, 0.2), (0.0, 0.42), (0.22, 0.5)]
        for k in range(4):
            t = 0.24 + 0.17 * k
            w = 0.52 * (1 - (k / 4.6) ** 1.8)
            edge += [(t + 0.02, w), (t + 0.05, w * 0.42), (t + 0.09, w * 0.4), (t + 0.13, w * 0.92)]
        half = [(u, v * side) for u, v in [*edge, (1.02, 0.0)]]
        outline += half if side == 1 else half[::-1]
    pts = np.array(outline) * size
    cos, sin = math.cos(angle), math.sin(angle)
    world = np.column_stack(
        [x + pts[:, 0] * cos - pts[:, 1] * sin, y + pts[:, 0] * sin + pts[:, 1] * cos]
    )
    c.poly(smooth(world, closed=True, steps=4), tone)
    tip = (x + size * 0.95 * cos, y + size * 0.95 * sin)
    c.stroke([(x, y), tip], 0.32, mix(tone, p.glow, 0.4))


def desk(c: Canvas, p: Palette, r: Random) -> None:
    """A desk at night: a screen with coloured lines, a lamp, a window with stars."""
    h, top = c.height, c.height * 0.7
    c.wash(mix(p.deep, p.ink, 0.5), mix(p.deep, p.mid, 0.12), 0, top)
    _night_window(c, p, r, h)
    c.wash(mix(WOOD, p.deep, 0.45), mix(WOOD, p.ink, 0.6), top, h)
    c.box(0, top, 100, top + 1, mix(WOOD, p.glow, 0.25))
    _screen(c, p, r, top)
    c.poly([(24, top + 9), (62, top + 9), (65, top + 17), (21, top + 17)], mix(p.ink, p.deep, 0.3))
    for row in range(3):
        for k in range(13):
            x = 25 + k * 2.9 - row * 0.5
            c.box(
                x,
                top + 10 + row * 2.2,
                x + 2.2,
                top + 11.6 + row * 2.2,
                mix(p.deep, p.soft, 0.35),
                round_by=0.3,
            )
    c.stroke([(88, top + 5), (86, top - 22), (76, top - 36)], 1, p.accent)
    c.disc(88, top + 5, 6, p.accent, 1.6)
    c.poly([(71, top - 33), (79, top - 41), (84, top - 33), (72, top - 27)], p.accent)
    c.soft(
        lambda pen: pen.poly([(77, top - 29), (83, top - 33), (98, top + 8), (77, top + 8)], 255),
        p.glow,
        opacity=0.4,
        blur=2.6,
    )
    c.box(9, top - 4, 16.6, top + 6, mix(p.paper, p.accent, 0.2), round_by=1.2)
    c.ring(17, top + 1, 3, 1, mix(p.paper, p.accent, 0.2))


def _night_window(c: Canvas, p: Palette, r: Random, h: float) -> None:
    c.box(8, h * 0.08, 40, h * 0.4, mix(p.ink, p.deep, 0.35))
    for _ in range(26):
        c.disc(r.uniform(9, 39), r.uniform(h * 0.09, h * 0.39), r.choice([0.15, 0.25]), p.glow)
    c.disc(31, h * 0.15, 3, mix(p.glow, WHITE, 0.3))
    for x0, y0, x1, y1 in (
        (7, h * 0.07, 41, h * 0.085),
        (7, h * 0.39, 41, h * 0.41),
        (7, h * 0.07, 8.4, h * 0.41),
        (39.6, h * 0.07, 41, h * 0.41),
        (23.6, h * 0.07, 24.4, h * 0.4),
    ):
        c.box(x0, y0, x1, y1, mix(p.mid, p.paper, 0.25))


def _screen(c: Canvas, p: Palette, r: Random, top: float) -> None:
    s0, s1, y0, y1 = 22.0, 76.0, top - 40, top - 6
    c.glow(49, top - 22, 40, p.mid, 0.45)
    c.box(45, y1, 53, top + 3, p.ink)
    c.box(36, top + 2, 62, top + 4, p.ink, round_by=1)
    c.box(s0, y0, s1, y1, p.ink, round_by=1.6)
    c.box(s0 + 1.4, y0 + 1.4, s1 - 1.4, y1 - 1.4, mix(p.ink, p.deep, 0.45))
    y, indent = y0 + 4.4, 0
    while y < y1 - 4:
        x = s0 + 7 + indent * 3
        c.box(s0 + 3, y, s0 + 4.4, y + 0.9, mix(p.deep, p.soft, 0.3))
        for _ in range(r.randint(1, 4)):
            w = r.uniform(2.5, 9)
            if x + w < s1 - 4:
                c.box(
                    x,
                    y,
                    x + w,
                    y + 1,
                    r.choice([p.accent, p.glow, p.soft, p.mid, p.leaf]),
                    round_by=0.5,
                )
            x += w + 1.2
        indent = max(0, min(4, indent + r.choice([-1, 0, 0, 1])))
        y += 2.5
