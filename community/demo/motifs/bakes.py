"""Bread and custard tarts."""

from __future__ import annotations

import math
from random import Random

from ..canvas import Canvas, leaf_shape, oval, smooth
from ..palettes import WHITE, Colour, Palette, colour, mix
from .surfaces import BAMBOO, COFFEE, CRUST, SOY, cloth


def bread(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    cloth(c, p, r)
    x, y = 50.0, h * 0.5
    board = mix(BAMBOO, p.mid, 0.25)
    w = min(38.0, h * 0.42)
    c.soft(
        lambda pen: pen.box(x - w + 2, y - w + 4, x + w + 2, y + w + 4, 255),
        p.ink,
        opacity=0.45,
        blur=2,
    )
    c.box(x - w, y - w, x + w, y + w, board, round_by=5)
    for k in range(9):
        yy = y - w + 4 + k * w * 0.23
        c.stroke(
            smooth([(x - w + 1, yy), (x, yy + r.uniform(-2, 2)), (x + w - 1, yy)]),
            0.25,
            mix(board, SOY, 0.3),
        )
    s = w * 0.76
    c.soft(lambda pen: pen.disc(x + 2, y + 3, s, 255), COFFEE, opacity=0.6, blur=1.8)
    for k in range(10):
        t = k / 9
        c.disc(
            x - 0.2 * k,
            y - 0.3 * k,
            s * (1 - 0.055 * k),
            mix(mix(CRUST, COFFEE, 0.45), mix(CRUST, p.glow, 0.35), t),
        )
    flour = colour("#fff5e2")
    for k in range(3):
        ring = s * (0.88 - 0.2 * k)
        c.soft(lambda pen, q=ring: pen.ring(x, y, q, 1.1, 255), flour, opacity=0.55, blur=0.35)
    _scored_crust(c, r, x, y, s, flour)
    for _ in range(90):
        d = r.gauss(0, 1)
        c.disc(x + r.uniform(-w, w), y + d * w * 0.5, r.uniform(0.12, 0.4), flour)


def _scored_crust(c: Canvas, r: Random, x: float, y: float, s: float, flour: Colour) -> None:
    a = r.uniform(-0.9, -0.5)
    cos, sin = math.cos(a), math.sin(a)
    ear = [
        (x + cos * d * s - sin * k * s, y + sin * d * s + cos * k * s)
        for d, k in (
            (-0.72, 0),
            (-0.35, -0.16),
            (0, -0.2),
            (0.35, -0.16),
            (0.72, 0),
            (0.35, 0.06),
            (0, 0.09),
            (-0.35, 0.06),
        )
    ]
    c.poly(smooth(ear, closed=True), mix(CRUST, COFFEE, 0.55))
    c.poly(
        smooth(
            [(u * 0.94 + x * 0.06 + 0.5, v * 0.94 + y * 0.06 + 0.9) for u, v in ear], closed=True
        ),
        colour("#f0cf93"),
    )
    for k in range(5):
        for side in (-1, 1):
            bx, by = (
                x + cos * (k - 2) * s * 0.2 - sin * side * s * 0.36,
                y + sin * (k - 2) * s * 0.2 + cos * side * s * 0.36,
            )
            c.poly(leaf_shape(bx, by, s * 0.3, s * 0.075, a + side * 0.9), mix(flour, CRUST, 0.25))


def tarts(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(mix(p.deep, p.mid, 0.25), mix(p.deep, p.ink, 0.15))
    c.box(4, 4, 96, h - 4, mix(p.ink, p.deep, 0.35), round_by=4)
    c.box(5.2, 5.2, 94.8, h - 5.2, mix(p.deep, p.soft, 0.35), round_by=3.4)
    c.box(6.4, 6.4, 93.6, h - 6.4, mix(p.deep, p.soft, 0.16), round_by=3)
    columns, rows = 3, max(2, round(h / 33))
    s = min(88 / columns, (h - 12) / rows) * 0.44
    for row in range(rows):
        for col in range(columns):
            x, y = 6 + 88 * (col + 0.5) / columns, 6 + (h - 12) * (row + 0.5) / rows
            if (row, col) == (rows - 1, 2):
                for _ in range(24):
                    c.disc(
                        x + r.gauss(0, 5),
                        y + r.gauss(0, 5),
                        r.uniform(0.2, 0.8),
                        mix(CRUST, p.glow, r.random() * 0.6),
                    )
                continue
            _tart(c, p, r, x, y, s)


def _tart(c: Canvas, p: Palette, r: Random, x: float, y: float, s: float) -> None:
    c.soft(lambda pen: pen.disc(x + 1.4, y + 2, s, 255), p.ink, opacity=0.55, blur=1.2)
    turn = r.uniform(0, 6)
    rim = [
        (
            x + s * k * math.cos(turn + a * math.pi / 14),
            y + s * k * math.sin(turn + a * math.pi / 14),
        )
        for a in range(28)
        for k in [1.0 if a % 2 else 0.95]
    ]
    c.poly(rim, mix(CRUST, COFFEE, 0.22))
    for k in range(4):
        c.ring(x, y, s * (0.95 - 0.05 * k), s * 0.025, mix(colour("#efc583"), CRUST, 0.25 * k))
    c.disc(x, y, s * 0.76, mix(CRUST, COFFEE, 0.5))
    custard = oval(x, y, s * 0.74, s * 0.74)
    c.poly(custard, colour("#f6c544"))
    c.disc(x - s * 0.1, y - s * 0.12, s * 0.55, colour("#fbd766"))

    for _ in range(6):
        a, d = r.uniform(0, 6.28), s * r.uniform(0.1, 0.48)
        spot, size = (x + d * math.cos(a), y + d * math.sin(a)), s * r.uniform(0.1, 0.2)
        for part, tone in (
            (1.0, colour("#d98c2b")),
            (0.72, colour("#8a4a1c")),
            (0.42, colour("#512812")),
        ):
            c.poly(oval(*spot, size * part * 1.3, size * part, a), tone)
    c.poly(
        oval(x - s * 0.3, y - s * 0.38, s * 0.2, s * 0.05, -0.7), mix(colour("#fbd766"), WHITE, 0.7)
    )
