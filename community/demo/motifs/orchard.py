"""Persimmons and a sparrow."""

from __future__ import annotations

from random import Random

from ..canvas import Canvas, at, leaf_shape, oval, smooth
from ..palettes import WHITE, Palette, colour, mix
from .surfaces import WOOD


def persimmon(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(mix(p.soft, p.paper, 0.55), mix(p.glow, p.paper, 0.3))
    c.disc(r.uniform(25, 75), h * 0.24, 16, mix(p.glow, WHITE, 0.15))
    bark = mix(p.ink, WOOD, 0.25)
    branch = smooth(
        [(-4, h * 0.1), (22, h * 0.17), (46, h * 0.15), (72, h * 0.25), (106, h * 0.22)]
    )
    c.stroke(branch[:24], 2.3, bark)
    c.stroke(branch[16:], 1.5, bark)
    fruit = []
    for start, dx, dy, s in (
        (6, -1, 0.2, 11),
        (14, 2, 0.38, 12.5),
        (22, 0, 0.17, 9.5),
        (28, 3, 0.33, 12),
        (35, 0, 0.14, 10),
    ):
        x, y = branch[start]
        tip = (x + dx + r.uniform(-2, 2), y + h * dy * r.uniform(0.85, 1.05))
        c.stroke(smooth([(x, y), (x + dx * 0.2 + 1.2, y + h * dy * 0.5), tip]), 0.8, bark)
        fruit.append((*tip, s))
    for _ in range(9):
        x, y = branch[r.randint(3, len(branch) - 3)]
        c.poly(
            leaf_shape(x, y, r.uniform(9, 15), 5, r.uniform(-2.6, 0.4)),
            mix(p.leaf, r.choice([p.accent, p.deep]), r.uniform(0, 0.45)),
        )
    c.soft(
        lambda pen: pen.discs([(x + 2, y + s + 2, s) for x, y, s in fruit], 255),
        p.deep,
        opacity=0.2,
        blur=2.5,
    )
    for x, y, s in fruit:
        _one_persimmon(c, p, r, x, y + s * 0.8, s)
    sx, sy = branch[26]
    _sparrow(c, p, sx, sy - 4.6, 6.5)


def _one_persimmon(c: Canvas, p: Palette, r: Random, x: float, y: float, s: float) -> None:
    body = mix(colour("#ee7420"), p.accent, r.uniform(0.1, 0.4))
    outline = smooth(
        at(x, y, s, "0 -.72, .7 -.66, 1 0, .62 .72, 0 .84, -.62 .72, -1 0, -.7 -.66"), closed=True
    )
    c.wash_poly(outline, mix(body, p.glow, 0.18), mix(body, p.ink, 0.1))
    c.soft(
        lambda pen: pen.poly(oval(x + s * 0.52, y + s * 0.16, s * 0.4, s * 0.62, 0.2), 255),
        mix(body, p.ink, 0.4),
        opacity=0.32,
        blur=s * 0.16,
    )
    c.soft(
        lambda pen: pen.poly(oval(x - s * 0.42, y - s * 0.18, s * 0.17, s * 0.34, 0.5), 255),
        WHITE,
        opacity=0.65,
        blur=s * 0.08,
    )
    green = mix(p.leaf, p.deep, 0.35)
    for k in range(4):
        c.poly(
            leaf_shape(x, y - s * 0.66, s * 0.62, s * 0.36, 0.35 + k * 0.81),
            mix(green, p.ink, 0.16 * (k % 2)),
        )
    c.box(x - s * 0.09, y - s * 0.9, x + s * 0.09, y - s * 0.6, mix(p.ink, WOOD, 0.3))


def _sparrow(c: Canvas, p: Palette, x: float, y: float, s: float) -> None:
    brown = mix(WOOD, p.ink, 0.35)
    c.poly(at(x, y, s, "-.7 0, -1.7 .5, -1.55 .75, -.4 .45"), brown)
    c.poly(smooth(at(x, y, s, "-1 .1, -.2 -.5, .6 -.55, .7 .2, 0 .7"), closed=True), p.paper)
    c.poly(smooth(at(x, y, s, "-1 .15, -.1 -.48, .3 -.1, -.2 .35"), closed=True), brown)
    c.disc(x + s * 0.55, y - s * 0.55, s * 0.44, p.paper)
    c.poly(
        smooth(at(x, y, s, ".1 -.58, .5 -1.05, .98 -.68, .55 -.68"), closed=True),
        mix(brown, p.accent, 0.3),
    )
    c.poly(at(x, y, s, ".95 -.62, 1.3 -.48, .94 -.4"), p.ink)
    c.disc(x + s * 0.68, y - s * 0.6, s * 0.08, p.ink)
