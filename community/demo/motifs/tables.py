"""Shared tables and fruit: hotpot, a family supper, citrus."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from ..canvas import Canvas, leaf_shape, oval
from ..palettes import WHITE, Colour, Palette, colour, mix
from .surfaces import COFFEE, SOY, plate, tabletop


def hotpot(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    tabletop(c, p, r, mix(p.ink, p.deep, 0.5))
    x, y, s = 50.0, h * 0.5, min(40, h * 0.42)
    c.soft(lambda pen: pen.disc(x + 2, y + 4, s * 1.05, 255), (10, 8, 10), opacity=0.6, blur=2.5)
    for side in (-1, 1):
        c.box(
            x + side * s * 1.05 - 5,
            y - 6,
            x + side * s * 1.05 + 5,
            y + 6,
            mix(p.soft, p.ink, 0.35),
            round_by=3,
        )
    steel = mix(p.soft, p.deep, 0.25)
    for k, tone in ((1.03, mix(steel, p.ink, 0.35)), (1.0, mix(steel, WHITE, 0.5)), (0.94, steel)):
        c.disc(x, y, s * k, tone)
    q, red, pale = s * 0.9, colour("#b3271a"), colour("#f4e3bd")
    c.disc(x, y, q, red)
    t = np.linspace(-math.pi / 2, math.pi / 2, 40)
    bend = np.vstack(
        [
            np.column_stack([x + q / 2 * np.cos(t), y - q / 2 + q / 2 * np.sin(t)]),
            np.column_stack([x - q / 2 * np.cos(t), y + q / 2 + q / 2 * np.sin(t)]),
        ]
    )
    outer = np.column_stack([x - q * np.cos(t[::-1]), y + q * np.sin(t[::-1])])
    c.poly(np.vstack([bend, outer]), pale)
    for _ in range(240):
        a, d = r.uniform(0, 6.28), q * math.sqrt(r.random()) * 0.95
        px, py = x + d * math.cos(a), y + d * math.sin(a)
        hot = _in_red_half(px - x, py - y, q)
        if hot:
            _spice(c, r, px, py, red)
        elif r.random() < 0.25:
            c.disc(px, py, r.uniform(0.4, 1.3), mix(pale, WHITE, 0.5))
    for dx, dy in ((-0.55, -0.1), (-0.4, 0.3), (-0.62, 0.18), (-0.2, -0.05)):
        px, py = x + dx * q, y + dy * q
        c.disc(px, py, 3.6, mix(pale, SOY, 0.35))
        c.disc(px - 0.3, py - 0.4, 3.2, mix(pale, WHITE, 0.6))
    c.stroke(bend, 1.3, mix(steel, WHITE, 0.35))
    _side_dishes(c, p, r, h)


def _in_red_half(dx: float, dy: float, q: float) -> bool:
    """Which side of the S-shaped wall a point lies on, in a pot of radius q."""
    in_upper, in_lower = (math.hypot(dx, dy - side * q / 2) < q / 2 for side in (-1, 1))
    return in_lower or (dx > 0 and not in_upper)


def _side_dishes(c: Canvas, p: Palette, r: Random, h: float) -> None:
    for bx, by in ((12, 0.12), (88, 0.88), (12, 0.88), (88, 0.12)):
        plate(c, p, bx, h * by, 11, mix(p.paper, p.soft, 0.3))
        for _ in range(12):
            a, d = r.uniform(0, 6.28), r.uniform(0, 6)
            c.poly(
                leaf_shape(bx + d * math.cos(a), h * by + d * math.sin(a), 3.4, 1.6, a),
                mix(
                    [p.leaf, colour("#e8b7a2"), p.glow, colour("#8c5a3c")][int(bx + by * 9) % 4],
                    p.paper,
                    r.random() * 0.4,
                ),
            )


def _spice(c: Canvas, r: Random, x: float, y: float, red: Colour) -> None:
    kind = r.random()
    if kind < 0.3:
        c.poly(
            leaf_shape(x, y, r.uniform(4, 6.5), 1.3, r.uniform(0, 6.28)),
            r.choice([colour("#d8371f"), colour("#7d1512")]),
        )
    elif kind < 0.65:
        c.disc(
            x,
            y,
            r.uniform(0.4, 1.7),
            r.choice([colour("#d9542b"), colour("#e98a3c"), mix(red, WHITE, 0.14)]),
        )
    else:
        c.disc(x, y, 0.5, colour("#4b2416"))


def supper(c: Canvas, p: Palette, r: Random) -> None:
    """A family table from above: several dishes, rice bowls, chopsticks."""
    h = c.height
    tabletop(c, p, r)
    dishes = [
        (33, 0.3, 22, colour("#a94f2c")),
        (73, 0.42, 18, colour("#e9b23e")),
        (34, 0.68, 19, p.leaf),
        (76, 0.76, 16, colour("#e7d8b8")),
    ]
    glazes = [
        p.paper,
        mix(p.mid, p.paper, 0.4),
        mix(p.deep, p.paper, 0.25),
        mix(p.accent, p.paper, 0.5),
    ]
    r.shuffle(glazes)
    for (x, fy, s, food), glaze in zip(dishes, glazes, strict=True):
        y = h * fy
        plate(c, p, x, y, s, glaze)
        for _ in range(70):
            a, d = r.uniform(0, 6.28), s * 0.62 * math.sqrt(r.random())
            px, py = x + d * math.cos(a), y + d * math.sin(a)
            tone = mix(food, r.choice([WHITE, COFFEE, p.glow, p.leaf]), r.uniform(0, 0.32))
            if food == p.leaf:
                c.poly(leaf_shape(px, py, s * 0.3, s * 0.13, r.uniform(0, 6.28)), tone)
            else:
                c.poly(oval(px, py, s * r.uniform(0.07, 0.13), s * r.uniform(0.06, 0.1), a), tone)
        for _ in range(9):
            a, d = r.uniform(0, 6.28), s * 0.5 * r.random()
            c.ring(x + d * math.cos(a), y + d * math.sin(a), 0.8, 0.4, colour("#9cc065"))
    for x, fy in ((8, 0.06), (92, 0.1), (8, 0.93), (57, 0.98)):
        y = h * fy
        plate(c, p, x, y, 12, p.deep)
        c.disc(x, y, 9.4, WHITE)
        for _ in range(26):
            a, d = r.uniform(0, 6.28), 8 * math.sqrt(r.random())
            c.poly(
                oval(x + d * math.cos(a), y + d * math.sin(a), 0.9, 0.4, r.uniform(0, 3)),
                mix(WHITE, p.soft, 0.4),
            )
    for k in (0, 2.2):
        c.stroke([(55 + k, h * 0.03), (58 + k, h * 0.23)], 0.9, mix(SOY, p.ink, 0.2))


def citrus(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(mix(p.soft, p.paper, 0.35), mix(p.soft, p.mid, 0.3))
    spots: list[tuple[float, float, float]] = []
    for _ in range(400):
        s = r.uniform(7, 15)
        x, y = r.uniform(-2, 102), r.uniform(-2, h + 2)
        if all(math.hypot(x - a, y - b) > s + d + 1 for a, b, d in spots):
            spots.append((x, y, s))
    c.soft(
        lambda pen: pen.discs([(x + 1.3, y + 2, s) for x, y, s in spots], 255),
        p.ink,
        opacity=0.35,
        blur=1.2,
    )
    peels = [
        colour("#f39a2e"),
        colour("#f2c230"),
        mix(colour("#e8643c"), p.accent, 0.4),
        mix(colour("#a7bd3f"), p.leaf, 0.3),
    ]
    for x, y, s in spots:
        peel, turn = r.choice(peels), r.uniform(0, 6)
        c.disc(x, y, s, peel)
        if r.random() < 0.3:
            c.disc(x - s * 0.2, y - s * 0.25, s * 0.6, mix(peel, p.glow, 0.3))
            c.poly(leaf_shape(x, y - s * 0.3, s * 1.2, s * 0.5, turn), p.leaf)
            c.disc(x, y - s * 0.3, s * 0.09, mix(p.leaf, p.ink, 0.5))
            continue
        c.disc(x, y, s * 0.9, mix(peel, WHITE, 0.82))
        for k in range(9):
            a0, a1 = turn + k * math.tau / 9 + 0.06, turn + (k + 1) * math.tau / 9 - 0.06
            mid = (a0 + a1) / 2
            wedge = [
                (x + s * 0.1 * math.cos(mid), y + s * 0.1 * math.sin(mid)),
                (x + s * 0.74 * math.cos(a0), y + s * 0.74 * math.sin(a0)),
                (x + s * 0.83 * math.cos(mid), y + s * 0.83 * math.sin(mid)),
                (x + s * 0.74 * math.cos(a1), y + s * 0.74 * math.sin(a1)),
            ]
            c.poly(wedge, mix(peel, p.glow, 0.12 + 0.1 * (k % 2)))
