"""A record, a keyboard, a small stage."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from ..canvas import Canvas, at, oval, smooth
from ..palettes import WHITE, Palette, mix
from .surfaces import WOOD


def vinyl(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(mix(p.accent, p.paper, 0.35), mix(p.accent, p.mid, 0.3))
    x, y, s = 47.0, h * 0.5, min(41, h * 0.42)
    c.soft(
        lambda pen: pen.box(x - s * 1.12, y - s * 1.1, x + s * 1.34 + 2, y + s * 1.24, 255),
        p.ink,
        opacity=0.45,
        blur=2.4,
    )
    c.box(x - s * 1.14, y - s * 1.16, x + s * 1.3, y + s * 1.16, mix(WOOD, p.ink, 0.3), round_by=2)
    c.box(
        x - s * 1.1,
        y - s * 1.12,
        x + s * 1.26,
        y + s * 1.12,
        mix(p.paper, p.soft, 0.35),
        round_by=1.6,
    )
    c.soft(lambda pen: pen.disc(x + 1.5, y + 2, s, 255), p.ink, opacity=0.5, blur=1)
    c.disc(x, y, s, mix(p.ink, (16, 16, 20), 0.6))
    for k in range(26):
        c.ring(x, y, s * (0.97 - 0.023 * k), 0.16, mix(p.ink, p.soft, 0.1 + 0.08 * (k % 3)))
    for a in (0.6, 0.6 + math.pi):
        fan = [
            (x, y),
            (x + s * math.cos(a - 0.22), y + s * math.sin(a - 0.22)),
            (x + s * math.cos(a + 0.22), y + s * math.sin(a + 0.22)),
        ]
        c.soft(lambda pen, f=fan: pen.poly(f, 255), p.soft, opacity=0.22, blur=1.6)
    c.disc(x, y, s * 0.36, p.accent)
    c.disc(x, y, s * 0.33, mix(p.accent, p.glow, 0.25))
    label = oval(x, y, s * 0.33, s * 0.33)

    def stripes() -> None:
        for k in range(1, 5):
            c.box(x - s, y + k * s * 0.085, x + s, y + k * s * 0.085 + s * 0.05, p.deep)

    c.inside(label, stripes)
    c.disc(x, y, s * 0.03, p.paper)
    _tone_arm(c, p, x, y, s)
    for k in range(2):
        c.disc(x + s * 1.06, y + s * (0.74 + 0.2 * k), s * 0.055, [p.accent, p.ink][k])


def _tone_arm(c: Canvas, p: Palette, x: float, y: float, s: float) -> None:
    px, py = x + s * 1.06, y - s * 0.86
    arm = smooth(
        [
            (px, py),
            (px + 0.5, y + s * 0.1),
            (px - s * 0.13, y + s * 0.42),
            (px - s * 0.42, y + s * 0.62),
        ]
    )
    c.shadow([oval(px, py, s * 0.13, s * 0.13)], p.ink, 0.4, 1)
    c.soft(lambda pen: pen.stroke(arm + np.array([1.4, 2]), 1.2, 255), p.ink, opacity=0.5, blur=0.7)
    c.stroke(arm, 1.1, mix(p.soft, WHITE, 0.5))
    c.disc(px, py, s * 0.14, mix(p.soft, p.ink, 0.35))
    c.disc(px, py, s * 0.09, mix(p.soft, WHITE, 0.4))
    end = arm[-1]
    c.poly(
        [
            (end[0] + 1.6, end[1] - 2.4),
            (end[0] + 3, end[1] + 0.2),
            (end[0] - 3.2, end[1] + 4),
            (end[0] - 4.6, end[1] + 1.4),
        ],
        p.ink,
    )


def piano(c: Canvas, p: Palette, r: Random) -> None:
    h, top = c.height, c.height * 0.52
    c.wash(mix(p.ink, p.deep, 0.3), mix(p.ink, p.deep, 0.1), 0, top)
    c.box(14, h * 0.06, 86, top - 9, mix(p.paper, p.soft, 0.2), round_by=0.8)
    c.box(49.7, h * 0.06, 50.3, top - 9, mix(p.soft, p.deep, 0.35))
    for page in (18, 54):
        for stave in range(max(2, int((top - 14 - h * 0.06) / 11))):
            y = h * 0.06 + 6 + stave * 11
            for line in range(5):
                c.stroke([(page, y + line * 1.15), (page + 28, y + line * 1.15)], 0.12, p.ink)
            x = page + 3.0
            while x < page + 26:
                ny = y + r.randint(0, 9) * 0.57
                c.poly(oval(x, ny, 0.85, 0.6, -0.35), p.ink)
                c.stroke([(x + 0.75, ny), (x + 0.75, ny - 3.6)], 0.2, p.ink)
                x += r.choice([2.4, 3.2, 4.2])
    c.box(0, top - 9, 100, top - 6.5, mix(p.ink, p.deep, 0.45))
    c.box(0, top - 2.6, 100, top, mix(p.accent, p.ink, 0.3))
    c.wash(mix(p.paper, WHITE, 0.6), mix(p.paper, p.soft, 0.2), top, h)
    step = 100 / 12
    for k in range(13):
        c.stroke([(k * step, top), (k * step, h)], 0.28, mix(p.soft, p.ink, 0.45))
    c.soft(lambda pen: pen.box(0, top - 1, 100, top + 3, 255), p.ink, opacity=0.55, blur=1.6)
    long = (h - top) * 0.62
    blacks = [k for k in range(12) if k % 7 not in (2, 6)]
    ends = [(k + 1) * step for k in blacks]
    shapes = [at(x, top, 1, f"-1.4 0, 4.2 0, 4.2 {long + 2}, -1.4 {long + 2}") for x in ends]
    c.shadow(shapes, p.ink, opacity=0.42, blur=1, dx=0, dy=0)
    for k in blacks:
        x = (k + 1) * step
        c.box(x - 2.4, top - 0.5, x + 2.4, top + long, p.ink, round_by=0.7)
        c.box(x - 1.7, top, x + 1.5, top + long - 3, mix(p.ink, p.soft, 0.16), round_by=0.6)
    c.glow(18, h * 0.1, 55, p.glow, 0.3)


def stage(c: Canvas, p: Palette, r: Random) -> None:
    """A small venue: lights, a singer, a forest of hands."""
    h = c.height
    c.wash(p.ink, mix(p.deep, p.accent, 0.25))
    for k, tone in enumerate((p.accent, p.glow, p.mid, p.accent, p.glow)):
        x = 10.0 + 20 * k
        aim = 50 + (k - 2) * 13 + r.uniform(-6, 6)
        c.soft(
            lambda pen, x=x, a=aim: pen.poly(
                [(x - 1, h * 0.07), (x + 1, h * 0.07), (a + 12, h * 0.76), (a - 12, h * 0.76)], 255
            ),
            tone,
            opacity=0.34,
            blur=1.4,
        )
        c.box(x - 2.2, h * 0.03, x + 2.2, h * 0.075, mix(p.ink, p.deep, 0.25), round_by=0.6)
        c.disc(x, h * 0.077, 1.6, mix(tone, WHITE, 0.6))
    c.box(0, h * 0.018, 100, h * 0.03, mix(p.ink, p.deep, 0.3))
    c.glow(50, h * 0.58, 34, p.accent, 0.55)
    c.poly(oval(50, h * 0.78, 64, h * 0.06), mix(p.deep, p.accent, 0.3))
    c.glow(50, h * 0.76, 22, p.glow, 0.5)
    _singer(c, p, h)
    for row in range(3):
        tone = mix(mix(p.ink, p.accent, 0.2 - 0.09 * row), (10, 8, 16), 0.25 + 0.25 * row)
        for k in range(13):
            x, y = (
                k * 8.6 + (row % 2) * 4 + r.uniform(-2, 2) - 2,
                h * (0.84 + 0.06 * row) + r.uniform(-1.5, 1.5),
            )
            c.disc(x, y, 3.3 + 0.5 * row, tone, 3.9 + 0.5 * row)
            c.box(x - 5.5, y + 3, x + 5.5, h + 2, tone, round_by=3.4)
            if r.random() < 0.4:
                up = y - r.uniform(9, 16)
                c.stroke(smooth([(x + 4.4, y + 6), (x + 5.6, y - 2), (x + 4.6, up)]), 1.7, tone)
                c.disc(x + 4.6, up - 1, 1.5, tone, 2)


def _singer(c: Canvas, p: Palette, h: float) -> None:
    body, foot = (12, 9, 18), h * 0.755
    c.poly(
        smooth(
            [
                (45.5, foot),
                (47, foot - 15),
                (46, foot - 25),
                (50, foot - 28),
                (54, foot - 25),
                (53, foot - 15),
                (55, foot),
                (51.4, foot),
                (50.2, foot - 12),
                (49, foot),
            ],
            closed=True,
            steps=5,
        ),
        body,
    )
    c.disc(50, foot - 31.4, 3.1, body, 3.7)
    c.stroke(smooth([(46.6, foot - 24), (43, foot - 19), (46.5, foot - 26)]), 1.7, body)
    c.stroke([(54, foot - 24.5), (58.5, foot - 30), (56, foot - 39)], 1.6, body)
    c.stroke([(45.6, foot), (46.4, foot - 28)], 0.5, body)
    c.box(16, foot - 15, 27, foot, body, round_by=1)
    c.box(74, foot - 18, 85, foot, body, round_by=1)
    for cx in (77, 82):
        c.disc(cx, foot - 5, 2, mix(body, p.mid, 0.35))
