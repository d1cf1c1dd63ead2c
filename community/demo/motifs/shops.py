"""A shopfront with a striped awning."""

from __future__ import annotations

from random import Random

from ..canvas import Canvas, at, leaf_shape
from ..palettes import Palette, mix


def shopfront(c: Canvas, p: Palette, r: Random) -> None:
    h, ground = c.height, c.height * 0.87
    wall = mix(p.mid, p.paper, 0.35)
    c.wash(mix(wall, p.paper, 0.2), wall, 0, ground)
    for row in range(int(ground // 3.4)):
        for k in range(-1, 12):
            if r.random() < 0.35:
                x = k * 9 + (row % 2) * 4.5
                c.box(
                    x,
                    row * 3.4,
                    x + 8.2,
                    row * 3.4 + 2.8,
                    mix(wall, r.choice([p.paper, p.deep]), r.uniform(0.05, 0.16)),
                    round_by=0.4,
                )
    c.wash(mix(p.soft, p.deep, 0.3), mix(p.soft, p.deep, 0.5), ground, h)
    c.box(6, h * 0.3, 94, ground, p.deep)
    c.box(6, h * 0.2, 94, h * 0.31, mix(p.deep, p.ink, 0.4), round_by=0.6)
    for k in range(7):
        c.disc(29 + 7 * k, h * 0.255, 0.7, p.glow)
    _shop_window(c, p, r, h, ground)
    c.box(66, h * 0.36, 88, ground, mix(p.deep, p.ink, 0.35))
    c.wash_poly(
        [(69, h * 0.39), (85, h * 0.39), (85, h * 0.68), (69, h * 0.68)],
        p.glow,
        mix(p.glow, p.accent, 0.3),
    )
    c.disc(70.4, h * 0.73, 0.9, p.glow)
    _awning(c, p, h)
    for x, size in ((13, 9), (91, 13)):
        c.poly(at(x, ground, 1, "-3.4 -5, 3.4 -5, 2.6 3, -2.6 3"), mix(p.accent, p.ink, 0.3))
        for k in range(11):
            c.poly(
                leaf_shape(x, ground - 5, size * r.uniform(0.8, 1.2), 2.3, -1.57 + (k - 5) * 0.26),
                mix(p.leaf, p.deep, r.uniform(0, 0.5)),
            )
    c.box(46, ground - 8, 58, ground - 6.6, p.ink)
    for x in (47.5, 56.5):
        c.box(x - 0.5, ground - 7, x + 0.5, ground + 3, p.ink)


def _shop_window(c: Canvas, p: Palette, r: Random, h: float, ground: float) -> None:
    c.wash_poly(
        [(11, h * 0.38), (60, h * 0.38), (60, ground - 12), (11, ground - 12)],
        p.glow,
        mix(p.glow, p.accent, 0.35),
    )
    for shelf in range(3):
        y = h * 0.38 + (ground - 12 - h * 0.38) * (0.36 + 0.32 * shelf)
        x = 13.0
        while x < 56:
            w, tall = r.uniform(1.2, 2.8), r.uniform(6, 9.5)
            if r.random() < 0.12:
                c.disc(x + 2, y - 2, 2, p.accent)
                w = 4.0
            else:
                c.box(
                    x,
                    y - tall,
                    x + w,
                    y,
                    r.choice([p.accent, p.deep, p.ink, p.leaf, p.mid, p.paper]),
                )
            x += w + 0.25
        c.box(11, y, 60, y + 0.9, p.ink)
    for x in (27.3, 43.6):
        c.box(x - 0.4, h * 0.38, x + 0.4, ground - 12, p.deep)


def _awning(c: Canvas, p: Palette, h: float) -> None:
    stripes, y0, y1 = 11, h * 0.31, h * 0.4
    c.soft(lambda pen: pen.box(6, y1, 94, y1 + 5, 255), p.ink, opacity=0.4, blur=1.2)
    for k in range(stripes):
        w = 94 / stripes
        x = 3 + k * w
        tone = p.accent if k % 2 else p.paper
        c.poly(
            [(8 + k * 84 / stripes, y0), (8 + (k + 1) * 84 / stripes, y0), (x + w, y1), (x, y1)],
            tone,
        )
        c.disc(x + w / 2, y1, w / 2, tone, 2.2)
