"""Coffee and tea."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from ..canvas import Canvas, at, leaf_shape, oval, smooth
from ..palettes import WHITE, Palette, colour, mix
from .surfaces import COFFEE, CREMA, MILK, SOY, plate, tabletop


def latte(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    tabletop(c, p, r)
    x, y, s = 50 + r.uniform(-5, 5), h * 0.52, min(34, h * 0.34)
    plate(c, p, x, y, s * 1.22, mix(p.paper, p.soft, 0.3))
    turn = r.choice([0.5, 2.5, -0.5])
    hx, hy = x + s * 1.02 * math.cos(turn), y + s * 1.02 * math.sin(turn)
    glaze = r.choice([p.accent, p.deep, p.leaf, WHITE])
    c.soft(lambda pen: pen.disc(x + 3, y + 4, s * 0.86, 255), p.ink, opacity=0.42, blur=2)
    c.stroke([(x, y), (hx, hy)], s * 0.2, glaze)
    c.disc(hx, hy, s * 0.1, mix(glaze, WHITE, 0.2))
    c.disc(x, y, s * 0.86, glaze)
    c.disc(x - 0.3, y - 0.4, s * 0.83, mix(glaze, WHITE, 0.35))
    c.disc(x, y, s * 0.76, mix(COFFEE, CREMA, 0.3))
    c.disc(x, y, s * 0.73, mix(CREMA, COFFEE, 0.25))
    _rosette(c, x, y, s * 0.72, r)
    for _ in range(3):
        bx, by = r.uniform(6, 94), r.choice([h * r.uniform(0.03, 0.09), h * r.uniform(0.92, 0.97)])
        a = r.uniform(0, 3)
        c.poly(oval(bx, by, 2.6, 1.7, a), COFFEE)
        c.stroke(
            smooth(
                [
                    (bx - 2 * math.cos(a), by - 2 * math.sin(a)),
                    (bx + 0.4, by),
                    (bx + 2 * math.cos(a), by + 2 * math.sin(a)),
                ]
            ),
            0.35,
            mix(COFFEE, CREMA, 0.5),
        )


def _rosette(c: Canvas, x: float, y: float, s: float, r: Random) -> None:
    """Milk poured as a fern: nested leaves along a stem, closed with a heart."""
    a = r.uniform(-0.5, 0.5)
    turn = np.array([[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]])
    coffee = mix(CREMA, COFFEE, 0.3)
    for k in range(7):
        t = k / 6
        half, mid = s * (0.7 - 0.08 * k * (0.5 + t * 0.5)), s * (0.52 - 0.2 * k)
        wing = np.array(
            [
                (0, mid + s * 0.24),
                (half * 0.65, mid + s * 0.06),
                (half, mid - s * 0.2),
                (half * 0.6, mid - s * 0.12),
                (0, mid + s * 0.05),
            ]
        )
        left = wing[::-1] * (-1, 1)
        c.poly(
            smooth(np.vstack([wing, left[1:]]), closed=True) @ turn.T + (x, y),
            mix(MILK, CREMA, 0.1 * (k % 2)),
        )
    stem = np.array([(0, s * 0.76), (0.2, 0), (0, -s * 0.82)]) @ turn.T + (x, y)
    heart = np.array(
        [
            (0, -s * 0.55),
            (s * 0.17, -s * 0.72),
            (s * 0.09, -s * 0.84),
            (0, -s * 0.76),
            (-s * 0.09, -s * 0.84),
            (-s * 0.17, -s * 0.72),
        ]
    )
    c.poly(smooth(heart, closed=True) @ turn.T + (x, y), MILK)
    c.stroke(smooth(stem), 0.5, coffee)


def teapot(c: Canvas, p: Palette, r: Random) -> None:
    h, line = c.height, c.height * 0.68
    c.wash(mix(p.soft, p.paper, 0.5), mix(p.soft, p.mid, 0.25), 0, line)
    wx = r.choice([26.0, 74.0])
    c.disc(wx, h * 0.27, 21, mix(p.glow, p.paper, 0.3))
    bough = smooth(
        [
            (102 if wx > 50 else -2, h * 0.1),
            (wx, h * 0.15),
            (wx + (-16 if wx > 50 else 16), h * 0.22),
        ]
    )
    c.stroke(bough, 0.7, mix(p.ink, SOY, 0.4))
    for k, (bx, by) in enumerate(bough[2::2]):
        lean = (2.4 if wx > 50 else 0.7) + (0.9 if k % 2 else -0.7)
        c.poly(leaf_shape(bx, by, r.uniform(6, 9), 2.6, lean), mix(p.leaf, p.deep, 0.3 * (k % 3)))
    c.wash(mix(p.mid, SOY, 0.3), mix(p.deep, SOY, 0.3), line, h)
    c.box(0, line, 100, line + 1.2, mix(p.mid, p.glow, 0.3))
    _clay_pot(c, p, line)
    _two_cups(c, p, line)


def _clay_pot(c: Canvas, p: Palette, line: float) -> None:
    clay = mix(colour("#8d4a33"), p.deep, 0.3)
    x, foot, s = 44.0, line + 7, 21.0
    c.soft(
        lambda pen: pen.poly(oval(x + 5, foot + 0.6, s * 1.3, 3, 0), 255),
        p.ink,
        opacity=0.55,
        blur=1.4,
    )
    handle = smooth(at(x, foot, s, "-.8 -1.05, -1.5 -1.05, -1.6 -.5, -.85 -.28"))
    c.stroke(handle, 2.6, mix(clay, p.ink, 0.2))
    spout = smooth(at(x, foot, s, ".7 -.25, 1.12 -.5, 1.28 -.85, 1.6 -1.3"))
    throat = smooth(at(x, foot, s, "1.38 -1.3, 1.06 -.95, .94 -.8, .6 -.8"))
    c.poly(np.vstack([spout, throat]), mix(clay, p.ink, 0.12))
    body = smooth(
        at(x, foot, s, "-.55 0, -1 -.4, -.9 -.95, -.4 -1.25, .4 -1.25, .9 -.95, 1 -.4, .55 0"),
        closed=True,
    )
    c.wash_poly(body, mix(clay, p.glow, 0.22), mix(clay, p.ink, 0.25))
    c.poly(
        smooth(at(x, foot, s, "-.72 -.35, -.72 -.8, -.5 -1.02, -.62 -.6"), closed=True),
        mix(clay, WHITE, 0.32),
    )
    c.poly(
        smooth(at(x, foot, s, "-.5 -1.22, -.3 -1.4, .3 -1.4, .5 -1.22"), closed=True),
        mix(clay, p.ink, 0.2),
    )
    c.disc(x, foot - s * 1.48, s * 0.11, mix(clay, p.glow, 0.15))


def _two_cups(c: Canvas, p: Palette, line: float) -> None:
    for cx, cy in ((78.0, line + 9), (90.0, line + 14)):
        c.soft(
            lambda pen, cx=cx, cy=cy: pen.poly(oval(cx + 1.4, cy + 0.5, 7, 1.8), 255),
            p.ink,
            opacity=0.5,
            blur=1,
        )
        c.poly(
            smooth(at(cx, cy, 1, "-6.2 -7, -5 -1, -2 .4, 2 .4, 5 -1, 6.2 -7")),
            mix(p.paper, p.leaf, 0.18),
        )
        c.disc(cx, cy - 7, 6.2, WHITE, 1.6)
        c.disc(cx, cy - 6.8, 5.4, mix(colour("#cf9a3f"), p.leaf, 0.2), 1.2)
        wisp = smooth(at(cx, cy, 1, "0 -9, 2 -14, -1.5 -19, 1 -26"))
        c.soft(lambda pen, w=wisp: pen.stroke(w, 1.5, 255), WHITE, opacity=0.6, blur=0.9)
