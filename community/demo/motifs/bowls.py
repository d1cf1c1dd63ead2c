"""A bowl of noodles and a bamboo steamer, from above."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from ..canvas import Canvas, at, oval, smooth
from ..palettes import WHITE, Colour, Palette, colour, mix
from .surfaces import BAMBOO, COFFEE, SOY, tabletop


def ramen(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    tabletop(c, p, r, mix(p.deep, p.mid, 0.35))
    x, y, s = 49.0, h * 0.53, min(40, h * 0.42)
    c.soft(lambda pen: pen.disc(x + 3, y + 5, s * 1.02, 255), p.ink, opacity=0.55, blur=2.6)
    c.disc(x, y, s, p.ink)
    c.disc(x, y, s * 0.97, mix(p.deep, p.ink, 0.45))
    for k in range(28):
        a = k / 28 * 2 * math.pi
        c.disc(x + s * 0.925 * math.cos(a), y + s * 0.925 * math.sin(a), s * 0.022, p.accent)
    broth = mix(colour("#d28a3c"), p.accent, 0.18)
    c.disc(x, y, s * 0.86, mix(broth, p.ink, 0.3))
    c.disc(x, y, s * 0.835, broth)
    soup = oval(x, y, s * 0.83, s * 0.83)
    c.inside(soup, lambda: _noodles(c, p, r, x, y, s, broth))
    _toppings(c, p, r, x, y, s)
    _chopsticks(c, p, h, x, s)


def _noodles(c: Canvas, p: Palette, r: Random, x: float, y: float, s: float, broth: Colour) -> None:
    for _ in range(30):
        nx, ny, size = x + r.uniform(-s, s), y + r.uniform(-s, s), r.uniform(0.3, 1.6)
        c.disc(nx, ny, size, mix(broth, p.glow, 0.25))
    noodle = mix(colour("#f2d58b"), p.glow, 0.3)
    for bundle in range(3):
        a = bundle * 2.1 + r.uniform(0, 0.5)
        bx, by = x + s * 0.2 * math.cos(a), y + s * 0.2 * math.sin(a)
        for k in range(11):
            off = (k - 5) * s * 0.05
            pts = [
                (
                    bx
                    + math.cos(a) * d * s
                    - math.sin(a) * (off + s * 0.13 * math.sin(d * 4 + bundle)),
                    by
                    + math.sin(a) * d * s
                    + math.cos(a) * (off + s * 0.13 * math.sin(d * 4 + bundle)),
                )
                for d in (-0.75, -0.45, -0.15, 0.15, 0.45, 0.75)
            ]
            c.stroke(smooth(pts), s * 0.045, mix(noodle, broth, 0.42))
            c.stroke(smooth(pts), s * 0.028, noodle)


def _toppings(c: Canvas, p: Palette, r: Random, x: float, y: float, s: float) -> None:
    nori = colour("#24382f")
    c.poly(at(x, y, s, ".3 -.95, .78 -.78, .6 -.2, .16 -.38"), nori)
    for dx, dy in ((-0.42, -0.34), (-0.2, -0.5)):
        px, py = x + dx * s, y + dy * s
        c.soft(
            lambda pen, px=px, py=py: pen.disc(px + 0.6, py + 1, s * 0.25, 255),
            COFFEE,
            opacity=0.4,
            blur=0.8,
        )
        c.disc(px, py, s * 0.26, SOY)
        c.disc(px, py, s * 0.235, colour("#dba178"))
        spiral = [
            (px + s * 0.2 * t * math.cos(t * 9), py + s * 0.2 * t * math.sin(t * 9))
            for t in np.linspace(0.15, 1, 26)
        ]
        c.stroke(smooth(spiral, steps=4), s * 0.03, colour("#f3d9bf"))
    for dx, dy, a in ((0.38, 0.28, 0.4), (0.12, 0.46, 1.2)):
        px, py = x + dx * s, y + dy * s
        c.soft(
            lambda pen, px=px, py=py: pen.disc(px + 0.6, py + 1, s * 0.23, 255),
            COFFEE,
            opacity=0.4,
            blur=0.8,
        )
        c.poly(oval(px, py, s * 0.26, s * 0.2, a), colour("#fff6e6"))
        c.poly(oval(px + 0.3, py, s * 0.15, s * 0.13, a), colour("#f08a24"))
        c.poly(oval(px, py - 0.4, s * 0.07, s * 0.045, a), colour("#f9b65c"))
    for _ in range(30):
        a, d = r.uniform(2, 4), r.uniform(0.1, 0.62)
        px, py, k = (
            x + s * d * math.cos(a),
            y + s * (0.2 + d * 0.5 * math.sin(a) + 0.25),
            r.uniform(0.9, 1.5),
        )
        c.ring(px, py, k, 0.5, mix(colour("#79a84a"), p.glow, r.uniform(0, 0.4)))


def _chopsticks(c: Canvas, p: Palette, h: float, x: float, s: float) -> None:
    for k in range(2):
        c.shadow(
            [
                np.array(
                    [
                        (6 + k * 5, h * 0.02),
                        (7.4 + k * 5, h * 0.02),
                        (x + s * 0.6 + k * 3, h * 0.2),
                        (x + s * 0.57 + k * 3, h * 0.21),
                    ]
                )
            ],
            p.ink,
            0.4,
            1,
            0.6,
            1.4,
        )
        c.poly(
            [
                (6 + k * 5, h * 0.06),
                (6.6 + k * 5, h * 0.045),
                (96, h * (0.17 - 0.045 * k)),
                (96, h * (0.185 - 0.045 * k)),
            ],
            mix(p.accent, p.ink, 0.25),
        )
        c.poly(
            [
                (6 + k * 5, h * 0.06),
                (6.6 + k * 5, h * 0.045),
                (22 + k * 5, h * (0.07 - 0.01 * k)),
                (22 + k * 5, h * (0.085 - 0.01 * k)),
            ],
            mix(p.accent, p.glow, 0.5),
        )


def steamer(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    tabletop(c, p, r, mix(p.soft, p.deep, 0.3))
    x, y, s = 50.0, h * 0.5, min(43, h * 0.46)
    c.soft(lambda pen: pen.disc(x + 3, y + 5, s, 255), p.ink, opacity=0.55, blur=2.6)
    for k, tone in (
        (1.0, mix(BAMBOO, COFFEE, 0.35)),
        (0.97, BAMBOO),
        (0.91, mix(BAMBOO, COFFEE, 0.2)),
        (0.89, mix(BAMBOO, WHITE, 0.25)),
        (0.83, mix(BAMBOO, COFFEE, 0.45)),
    ):
        c.disc(x, y, s * k, tone)
    floor = oval(x, y, s * 0.83, s * 0.83)

    def slats() -> None:
        for k in range(24):
            sx = x - s + k * s / 12
            c.box(sx, y - s, sx + s / 15, y + s, mix(BAMBOO, COFFEE, 0.12))
        c.soft(lambda pen: pen.ring(x, y, s * 0.86, 4, 255), COFFEE, opacity=0.5, blur=2)

    c.inside(floor, slats)
    for a in (0.4, 2.5, 4.6):
        bx, by = x + s * 0.94 * math.cos(a), y + s * 0.94 * math.sin(a)
        for off in (-1.4, 1.4):
            c.stroke(
                [
                    (
                        bx - math.sin(a) * off - math.cos(a) * 2.6,
                        by + math.cos(a) * off - math.sin(a) * 2.6,
                    ),
                    (
                        bx - math.sin(a) * off + math.cos(a) * 2.6,
                        by + math.cos(a) * off + math.sin(a) * 2.6,
                    ),
                ],
                0.9,
                mix(BAMBOO, COFFEE, 0.55),
            )
    _buns(c, p, r, x, y, s)


def _buns(c: Canvas, p: Palette, r: Random, x: float, y: float, s: float) -> None:
    spots = [(0.0, 0.0)] + [
        (s * 0.52 * math.cos(k * math.pi / 3 + 0.4), s * 0.52 * math.sin(k * math.pi / 3 + 0.4))
        for k in range(6)
    ]
    for k, (dx, dy) in enumerate(spots):
        _bun(
            c,
            r,
            x + dx,
            y + dy,
            s * 0.235,
            mix(p.accent, WHITE, 0.75) if k in (2,) else colour("#fbf3e4"),
        )
    for _ in range(4):
        sx, sy = x + r.uniform(-18, 18), y - r.uniform(0, 16)
        wisp = smooth(at(sx, sy, 1, "0 0, 4 -10, -3 -19, 3 -29"))
        c.soft(lambda pen, w=wisp: pen.stroke(w, 3.4, 255), WHITE, opacity=0.4, blur=2)


def _bun(c: Canvas, r: Random, x: float, y: float, s: float, dough: Colour) -> None:
    shade = mix(dough, SOY, 0.22)
    c.soft(lambda pen: pen.disc(x + 0.9, y + 1.4, s, 255), COFFEE, opacity=0.5, blur=0.9)
    c.disc(x, y, s, shade)
    c.disc(x - s * 0.05, y - s * 0.07, s * 0.94, dough)
    twist = r.uniform(0, 1)
    for k in range(13):
        a = k / 13 * 2 * math.pi
        fold = [
            (
                x + s * d * math.cos(a + twist + (1 - d) * 1.2),
                y + s * d * math.sin(a + twist + (1 - d) * 1.2),
            )
            for d in (0.12, 0.4, 0.66, 0.84)
        ]
        c.stroke(smooth(fold), s * 0.035, shade)
    c.disc(x, y, s * 0.12, mix(shade, SOY, 0.2))
