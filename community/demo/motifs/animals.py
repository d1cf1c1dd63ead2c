"""A cat on the sill, a dog on the rug."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from ..canvas import Canvas, at, leaf_shape, oval, smooth
from ..palettes import WHITE, Colour, Palette, colour, mix
from .surfaces import WOOD


def cat_sill(c: Canvas, p: Palette, r: Random) -> None:
    h, sill = c.height, c.height * 0.78
    c.wash(mix(p.deep, p.ink, 0.2), mix(p.deep, p.ink, 0.45))
    x0, x1, top = 12.0, 88.0, h * 0.07
    c.wash_poly([(x0, top), (x1, top), (x1, sill), (x0, sill)], mix(p.mid, p.soft, 0.2), p.glow)
    c.disc(r.uniform(30, 70), h * 0.3, 8, mix(p.glow, WHITE, 0.5))
    x = x0
    while x < x1 - 1:
        w = r.uniform(5, 11)
        y = sill - r.uniform(7, 22)
        c.box(x, y, min(x + w, x1), sill, mix(p.mid, p.deep, 0.35 + 0.15 * r.random()))
        for _ in range(4):
            if x + w < x1:
                wx, wy = r.uniform(x + 1, x + w - 2), r.uniform(y + 1.5, sill - 2)
                c.box(wx, wy, wx + 0.9, wy + 1.3, p.glow)
        x += w
    frame = mix(p.paper, p.mid, 0.3)
    for west, north, east, south in (
        (x0 - 2, top - 2, x1 + 2, top),
        (x0 - 2, top, x0, sill),
        (x1, top, x1 + 2, sill),
        (49, top, 51, sill),
        (x0, h * 0.36, x1, h * 0.375),
    ):
        c.box(west, north, east, south, frame)
    for side in (-1, 1):
        edge = 50 + side * 52
        for k in range(5):
            a = edge - side * k * 3.6
            c.poly(
                smooth(
                    [
                        (a, -2),
                        (a - side * 1.4, h * 0.4),
                        (a - side * 0.4, h * 0.86),
                        (a + side * 4.6, h * 0.86),
                        (a + side * 4.6, -2),
                    ]
                ),
                mix(p.accent, p.deep, 0.25 + 0.1 * (k % 2) + 0.06 * k),
            )
    c.wash(mix(frame, p.glow, 0.3), mix(frame, p.deep, 0.3), sill, sill + 4)
    _sitting_cat(c, p, 40 + r.uniform(-8, 18), sill + 0.6, min(34.0, h * 0.3), r)
    px = 80.0
    for k in range(9):
        c.poly(
            leaf_shape(px, sill - 6, r.uniform(7, 13), 2.2, -1.57 + (k - 4) * 0.3),
            mix(p.leaf, p.ink, 0.3 + 0.3 * (k % 2)),
        )
    c.poly(at(px, sill, 1, "-4.4 -7.4, 4.4 -7.4, 3.4 .5, -3.4 .5"), p.accent)


def _sitting_cat(c: Canvas, p: Palette, x: float, y: float, s: float, r: Random) -> None:
    """A cat from behind, tail hanging, looking out."""
    fur = mix(p.ink, colour("#1d1a22"), 0.4)
    tail = smooth(at(x, y, s, ".2 -.1, .52 -.02, .56 .3, .38 .46, .28 .36"))
    c.stroke(tail, s * 0.085, fur)
    body = smooth(
        at(x, y, s, "-.34 0, -.38 -.24, -.23 -.58, -.15 -.72, .15 -.72, .23 -.58, .38 -.24, .34 0"),
        closed=True,
    )
    c.poly(body, fur)
    hx, hy = x - s * 0.02, y - s * 0.8
    c.disc(hx, hy, s * 0.205, fur, s * 0.175)
    for side in (-1, 1):
        c.poly(
            [
                (hx + side * s * 0.2, hy - s * 0.05),
                (hx + side * s * 0.175, hy - s * 0.31),
                (hx + side * s * 0.035, hy - s * 0.15),
            ],
            fur,
        )
    rim = smooth(at(x, y, s, "-.36 -.2, -.24 -.55, -.17 -.68"))
    c.stroke(rim, 0.35, mix(fur, p.glow, 0.5))
    c.stroke(smooth(at(hx, hy, s, "-.2 0, -.185 -.1, -.18 -.28")), 0.3, mix(fur, p.glow, 0.5))


def dog(c: Canvas, p: Palette, r: Random) -> None:
    """A dog asleep on a round rug, seen from above."""
    h = c.height
    floor = mix(WOOD, p.soft, 0.45)
    c.wash(mix(floor, p.glow, 0.2), floor)
    for k in range(9):
        y = k * h / 8
        c.stroke([(0, y), (100, y)], 0.3, mix(floor, p.ink, 0.25))
        for _ in range(2):
            x = r.uniform(5, 95)
            c.stroke([(x, y), (x, y + h / 8)], 0.3, mix(floor, p.ink, 0.25))
    x, y, s = 50.0, h * 0.5, min(42.0, h * 0.44)
    c.soft(lambda pen: pen.disc(x + 1, y + 1.6, s, 255), p.ink, opacity=0.4, blur=1)
    for k, tone in enumerate((p.deep, p.paper, p.accent, p.paper, mix(p.mid, p.paper, 0.25))):
        c.disc(x, y, s * (1 - [0, 0.07, 0.12, 0.2, 0.24][k]), tone)
    fur = r.choice([colour("#c98d4f"), colour("#e6cda3"), colour("#6f4b34")])
    dark = mix(fur, p.ink, 0.35)
    q = s * 0.6
    _curled_body(c, p, y, x, fur, dark, q)
    _sleeping_head(c, p, y, x, fur, dark, q)


def _curled_body(
    c: Canvas, p: Palette, y: float, x: float, fur: Colour, dark: Colour, q: float
) -> None:
    ring = [
        (x + q * d * math.cos(a), y + q * d * math.sin(a) * 0.9)
        for a, d in (
            (-2.6, 0.9),
            (-1.9, 1.02),
            (-1.1, 1.04),
            (-0.3, 1.02),
            (0.5, 0.98),
            (1.3, 0.94),
            (2.0, 0.86),
            (2.6, 0.6),
            (3.2, 0.5),
        )
    ]
    c.soft(
        lambda pen: pen.poly(smooth(ring, closed=True) + np.array([1.4, 2.4]), 255),
        p.ink,
        opacity=0.5,
        blur=1.6,
    )
    c.stroke(smooth(at(x, y, q, ".55 .75, .1 .98, -.5 .86, -.78 .5")), q * 0.16, dark)
    c.poly(smooth(ring, closed=True), fur)
    c.soft(
        lambda pen: pen.poly(oval(x + q * 0.3, y - q * 0.3, q * 0.5, q * 0.3, 0.5), 255),
        mix(fur, p.glow, 0.6),
        opacity=0.55,
        blur=3,
    )
    c.poly(oval(x + q * 0.5, y + q * 0.42, q * 0.42, q * 0.34, -0.6), mix(fur, dark, 0.3))
    for px, py in ((-0.12, 0.62), (0.14, 0.7)):
        c.poly(oval(x + q * px, y + q * py, q * 0.27, q * 0.11, 0.2), mix(fur, WHITE, 0.45))


def _sleeping_head(
    c: Canvas, p: Palette, y: float, x: float, fur: Colour, dark: Colour, q: float
) -> None:
    hx, hy = x - q * 0.46, y + q * 0.16
    c.soft(
        lambda pen: pen.poly(oval(hx + 1, hy + 1.6, q * 0.4, q * 0.34), 255),
        p.ink,
        opacity=0.4,
        blur=1.2,
    )
    c.poly(oval(hx, hy, q * 0.4, q * 0.34, 0.5), mix(fur, WHITE, 0.08))
    c.poly(oval(hx + q * 0.24, hy + q * 0.28, q * 0.24, q * 0.18, 0.7), mix(fur, WHITE, 0.5))
    c.poly(oval(hx + q * 0.4, hy + q * 0.42, q * 0.085, q * 0.07, 0.7), p.ink)
    c.poly(smooth(at(hx, hy, q, "-.1 -.34, .28 -.44, .42 -.12, .16 -.16"), closed=True), dark)
    c.poly(smooth(at(hx, hy, q, "-.36 -.02, -.5 .34, -.22 .46, -.16 .16"), closed=True), dark)
    for ex, ey in ((0.2, -0.04), (-0.04, 0.2)):
        c.stroke(
            smooth(
                [
                    (hx + q * ex - 1, hy + q * ey - 0.4),
                    (hx + q * ex, hy + q * ey + 0.5),
                    (hx + q * ex + 1, hy + q * ey + 0.2),
                ]
            ),
            0.45,
            p.ink,
        )
