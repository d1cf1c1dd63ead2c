"""Water: the open sea, rock pools, a lake at night, a lighthouse."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from ..canvas import Canvas, at, leaf_shape, oval, smooth
from ..palettes import WHITE, Palette, mix
from .hills import closed_below, ridge


def sea(c: Canvas, p: Palette, r: Random) -> None:
    h, line = c.height, c.height * 0.5
    c.wash(mix(p.mid, p.soft, 0.3), p.glow, 0, line)
    sun = r.uniform(34, 66)
    c.glow(sun, line - 7, 30, p.accent, 0.4)
    c.disc(sun, line - 4, 9, mix(p.accent, p.glow, 0.45))
    for _ in range(5):
        y, x = r.uniform(h * 0.08, line - 14), r.uniform(0, 90)
        c.poly(oval(x, y, r.uniform(10, 22), r.uniform(0.4, 0.9)), mix(p.glow, WHITE, 0.45))
    c.wash_poly(
        closed_below(ridge(r, line + 1, h * 0.05), line + 2), mix(p.mid, p.deep, 0.5), p.mid
    )
    c.wash(mix(p.mid, p.soft, 0.2), p.deep, line, h)
    for i in range(46):
        t = i / 46
        y, w = line + 0.8 + (h - line) * t**1.35, (2 + 12 * t) * r.uniform(0.4, 1.1)
        x = sun + r.gauss(0, 3 + 9 * t)
        c.poly(oval(x, y, w, 0.18 + 0.5 * t), mix(p.glow, p.accent, r.uniform(0, 0.5)))
    for i in range(4):
        y, phase = line + (h - line) * (0.4 + 0.17 * i), r.uniform(0, 6)
        crest = smooth(
            [
                (x, y + math.sin(x / (10 + 4 * i) + phase) * (0.8 + 0.7 * i))
                for x in range(-5, 110, 5)
            ]
        )
        c.wash_poly(
            closed_below(crest, h + 2),
            mix(p.deep, p.mid, 0.5 - 0.13 * i),
            mix(p.deep, p.ink, 0.12 + 0.2 * i),
        )
        c.stroke(crest, 0.16 + 0.12 * i, mix(p.soft, WHITE, 0.35))
        for _ in range(5):
            x = r.uniform(5, 95)
            c.poly(
                oval(x, y + r.uniform(2, 6 + i), r.uniform(2, 5), 0.18 + 0.08 * i),
                mix(p.mid, p.soft, 0.5),
            )
    x = sun + r.choice([-24, 22])
    c.poly(at(x, line, 1, "-3 2, 3.4 2, 2.2 3.4, -2 3.4"), p.ink)
    c.poly(at(x, line, 1, "0 -7, 3 1.4, 0 1.4"), WHITE)
    c.poly(at(x, line, 1, "-.4 -5, -.4 1.4, -2.6 1.4"), p.paper)


def rock_blob(r: Random, cx: float, cy: float, rx: float, ry: float) -> np.ndarray:
    n = 11
    spokes = [(a / n * 2 * math.pi, r.uniform(0.82, 1.16)) for a in range(n)]
    return smooth(
        [(cx + rx * k * math.cos(a), cy + ry * k * math.sin(a)) for a, k in spokes], closed=True
    )


def starfish(
    c: Canvas, r: Random, x: float, y: float, size: float, fill: tuple[int, int, int]
) -> None:
    turn = r.uniform(0, 6)
    points = [
        (
            x + size * (1 if k % 2 == 0 else 0.42) * math.cos(turn + k * math.pi / 5),
            y + size * (1 if k % 2 == 0 else 0.42) * math.sin(turn + k * math.pi / 5),
        )
        for k in range(10)
    ]
    c.shadow([smooth(points, closed=True)], (20, 40, 50), 0.4, 0.8, 0.5, 0.8)
    c.poly(smooth(points, closed=True), fill)
    for k in range(0, 10, 2):
        for d in (0.25, 0.45, 0.65):
            px, py = x + (points[k][0] - x) * d, y + (points[k][1] - y) * d
            c.disc(px, py, size * 0.045, mix(fill, WHITE, 0.6))


def tidepool(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    rock = mix(mix(p.accent, p.glow, 0.62), p.soft, 0.35)
    c.wash(mix(rock, p.paper, 0.35), rock)
    for _ in range(26):
        x, y, s = r.uniform(-5, 105), r.uniform(-5, h + 5), r.uniform(4, 15)
        c.poly(
            rock_blob(r, x, y, s, s * 0.8),
            mix(rock, r.choice([p.paper, p.accent, p.mid]), r.uniform(0.06, 0.25)),
        )
    spots = [(36, 0.33, 29, 23), (70, 0.72, 25, 23), (19, 0.8, 13, 12), (84, 0.2, 13, 10)]
    pools = [
        rock_blob(r, x + r.uniform(-3, 3), h * fy, rx, ry * h / 110) for x, fy, rx, ry in spots
    ]
    c.shadow(pools, p.ink, 0.35, 1.2, -0.5, -0.8)
    for pool, (_, _, rx, ry) in zip(pools, spots, strict=True):
        middle = pool.mean(axis=0)
        for k, tone in (
            (1.07, mix(rock, p.paper, 0.6)),
            (1.0, mix(p.mid, p.soft, 0.4)),
            (0.9, p.mid),
            (0.74, mix(p.mid, p.deep, 0.45)),
            (0.5, mix(p.mid, p.deep, 0.8)),
        ):
            c.poly(middle + (pool - middle) * k, tone)
        for k in (0.95, 0.82):
            c.stroke((middle + (pool - middle) * k)[8:34], 0.35, mix(p.soft, WHITE, 0.6))
        for _ in range(int(rx / 2)):
            a, d = r.uniform(0, 6.28), r.uniform(0.2, 0.8)
            px, py = middle[0] + rx * d * math.cos(a), middle[1] + ry * h / 110 * d * math.sin(a)
            c.poly(
                oval(px, py, r.uniform(0.5, 1.6), r.uniform(0.4, 1.1), r.uniform(0, 3)),
                mix(r.choice([p.paper, p.soft, p.leaf, p.deep]), p.mid, 0.25),
            )
        for _ in range(4):
            a = r.uniform(0, 6.28)
            wx, wy = middle[0] + rx * 0.6 * math.cos(a), middle[1] + ry * 0.6 * math.sin(a)
            for k in range(7):
                lean = -math.pi / 2 + (k - 3) * 0.32
                c.poly(
                    leaf_shape(wx, wy, r.uniform(2.5, 4.5), 0.8, lean),
                    mix(p.leaf, p.deep, r.random() * 0.5),
                )
    starfish(c, r, 29, h * 0.36, 6, p.accent)
    starfish(c, r, 76, h * 0.7, 4.6, mix(p.accent, p.glow, 0.45))
    for _ in range(16):
        x, y, s = r.uniform(0, 100), r.uniform(0, h), r.uniform(0.5, 1.2)
        c.disc(x, y, s, mix(p.deep, p.soft, r.uniform(0.3, 0.9)))


def _pagoda(c: Canvas, x: float, y: float, size: float, fill: tuple[int, int, int]) -> None:
    for i in range(5):
        w, top = size * (0.3 - 0.04 * i), y - size * 0.19 * (i + 1)
        c.box(x - w * 0.7, top, x + w * 0.7, top + size * 0.2, fill)
        c.poly(
            smooth(
                [
                    (x - w * 1.35, top + size * 0.01),
                    (x - w * 0.8, top + size * 0.015),
                    (x, top - size * 0.07),
                    (x + w * 0.8, top + size * 0.015),
                    (x + w * 1.35, top + size * 0.01),
                    (x, top + size * 0.05),
                ],
                closed=True,
            ),
            fill,
        )
    c.box(x - size * 0.012, y - size * 1.18, x + size * 0.012, y - size * 0.9, fill)


def lake_moon(c: Canvas, p: Palette, r: Random) -> None:
    h, line = c.height, c.height * 0.55
    c.wash(mix(p.deep, p.mid, 0.35), mix(p.soft, p.glow, 0.45), 0, line)
    mx = r.uniform(58, 78)
    c.glow(mx, h * 0.2, 24, p.glow, 0.55)
    c.disc(mx, h * 0.2, 7.5, mix(p.glow, WHITE, 0.4))
    for i in range(3):
        c.wash_poly(
            closed_below(ridge(r, line - 4 + 2 * i, h * (0.17 - 0.045 * i), 0.2), line + 1),
            mix(p.mid, p.deep, 0.2 + 0.3 * i),
            mix(p.soft, p.mid, 0.4),
        )
    _pagoda(c, r.uniform(26, 40), line - 7, 21, mix(p.deep, p.ink, 0.5))
    c.wash(mix(p.soft, p.mid, 0.5), mix(p.deep, p.ink, 0.2), line, h)
    dark = mix(p.deep, p.ink, 0.65)
    bridge = smooth(
        [(44, line + 2), (56, line - 1), (68, line - 5), (80, line - 1), (104, line + 1)]
    )
    c.poly(closed_below(bridge, line + 2.6), dark)
    c.disc(68, line + 2.8, 5.2, mix(p.soft, p.mid, 0.5), 5.4)
    c.disc(68, line + 3.4, 5.2, mix(p.soft, p.mid, 0.56), 5)
    for i in range(40):
        t = i / 40
        y = line + 2 + (h - line) * t
        c.poly(
            oval(mx + r.gauss(0, 2 + 4 * t), y, r.uniform(0.8, 2 + 6 * t), 0.22 + 0.2 * t),
            mix(p.glow, p.soft, t * 0.7),
        )
    for _ in range(34):
        x, y = r.uniform(0, 100), r.uniform(line + 4, h)
        c.poly(oval(x, y, r.uniform(2, 8), 0.16), mix(p.mid, p.soft, r.uniform(0.1, 0.5)))
    for k in range(17):
        x, drop = r.uniform(-4, 34), r.uniform(h * 0.18, h * 0.62) * (1 - k / 40)
        x = k * 2.1 - 2
        strand = smooth(
            [(x, -2), (x + r.uniform(0, 1.5), drop * 0.5), (x + r.uniform(0.5, 3.5), drop)]
        )
        c.stroke(strand, 0.25, p.ink)
        for j, (sx, sy) in enumerate(strand[2::1]):
            c.poly(
                leaf_shape(sx, sy, 2.6, 0.6, 1.25 + (0.5 if j % 2 else -0.35)),
                mix(p.ink, p.leaf, 0.4),
            )


def lighthouse(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(mix(p.deep, p.ink, 0.25), mix(p.soft, p.accent, 0.28), 0, h * 0.66)
    for _ in range(50):
        c.disc(r.uniform(0, 100), r.uniform(0, h * 0.4), r.choice([0.16, 0.22, 0.34]), p.glow)
    x, top, foot = r.uniform(58, 66), h * 0.24, h * 0.72
    c.soft(
        lambda pen: pen.poly([(x, top + 3), (-10, h * 0.05), (-10, h * 0.34)], 255),
        p.glow,
        opacity=0.42,
        blur=1.4,
    )
    c.soft(
        lambda pen: pen.poly([(x, top + 3), (112, h * 0.16), (112, h * 0.36)], 255),
        p.glow,
        opacity=0.25,
        blur=1.4,
    )
    c.wash(mix(p.mid, p.soft, 0.2), p.deep, h * 0.66, h)
    for _ in range(60):
        y = h * 0.67 + h * 0.33 * r.random() ** 1.4
        c.poly(oval(r.uniform(0, 100), y, r.uniform(1.5, 7), 0.22), mix(p.soft, p.mid, r.random()))
    _cliff(c, p, r, h)
    _light_tower(c, p, x, top, foot)
    c.box(74, foot - 5.4, 83, foot + 1, p.paper)
    c.poly([(73, foot - 5.2), (78.5, foot - 9.4), (84, foot - 5.2)], mix(p.accent, p.ink, 0.35))
    c.box(77, foot - 3.2, 79, foot - 1.2, p.glow)


def _cliff(c: Canvas, p: Palette, r: Random, h: float) -> None:
    cliff = smooth(
        [
            (34, h + 4),
            (38, h * 0.86),
            (44, h * 0.8),
            (50, h * 0.735),
            (58, h * 0.715),
            (72, h * 0.71),
            (84, h * 0.73),
            (106, h * 0.69),
        ]
    )
    c.wash_poly(closed_below(cliff, h + 5), mix(p.leaf, p.deep, 0.45), p.ink)
    for _ in range(26):
        bx, by = 48 + r.random() * 52, h * r.uniform(0.8, 1)
        c.poly(
            rock_blob(r, bx, by, r.uniform(1.5, 5), r.uniform(1, 2.6)),
            mix(p.ink, p.deep, r.uniform(0.1, 0.6)),
        )


def _light_tower(c: Canvas, p: Palette, x: float, top: float, foot: float) -> None:
    body = [(x - 3.4, top + 9), (x + 3.4, top + 9), (x + 5.4, foot), (x - 5.4, foot)]
    c.poly(body, WHITE)

    def bands() -> None:
        for k in range(3):
            y = top + 13 + k * (foot - top) * 0.27
            c.box(x - 8, y, x + 8, y + (foot - top) * 0.12, p.accent)
        c.poly(
            [(x + 1, top), (x + 9, top), (x + 9, foot), (x + 2.2, foot)],
            mix(p.deep, p.accent, 0.25),
        )

    c.inside(body, bands)
    c.box(x - 4.4, top + 8, x + 4.4, top + 9.4, p.ink)
    c.box(x - 2.8, top + 1, x + 2.8, top + 8, p.glow)
    c.box(x - 0.3, top + 1, x + 0.3, top + 8, p.ink)
    c.poly(at(x, top, 1, "-3.6 1.2, 0 -3.4, 3.6 1.2"), p.ink)
    c.glow(x, top + 4.4, 9, p.glow, 0.75)
