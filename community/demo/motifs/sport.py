"""A bicycle, a running track, an open-air pool."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from ..canvas import Canvas, at, leaf_shape, oval, smooth
from ..palettes import WHITE, Colour, Palette, colour, mix
from .shore import rock_blob
from .surfaces import WOOD


def bicycle(c: Canvas, p: Palette, r: Random) -> None:
    h, floor = c.height, c.height * 0.84
    tone = mix(p.accent, p.paper, 0.5)
    c.wash(mix(tone, p.paper, 0.3), mix(tone, p.mid, 0.25), 0, floor)
    for _ in range(34):
        x, y = r.uniform(0, 96), r.uniform(0, floor - 4)
        c.box(
            x,
            y,
            x + r.uniform(4, 8),
            y + 2.2,
            mix(tone, r.choice([p.paper, p.deep]), r.uniform(0.06, 0.16)),
            round_by=0.3,
        )
    wx = r.choice([12.0, 62.0])
    c.box(wx - 1.5, h * 0.09, wx + 25.5, h * 0.39, WHITE)
    c.wash_poly(
        [(wx, h * 0.1), (wx + 24, h * 0.1), (wx + 24, h * 0.38), (wx, h * 0.38)],
        mix(p.deep, p.mid, 0.4),
        mix(p.deep, p.soft, 0.4),
    )
    c.box(wx + 11.5, h * 0.1, wx + 12.5, h * 0.38, WHITE)
    for side in (wx - 9, wx + 26):
        c.box(side, h * 0.09, side + 7, h * 0.39, p.deep)
        for k in range(9):
            c.box(
                side + 1,
                h * 0.105 + k * h * 0.031,
                side + 6,
                h * 0.115 + k * h * 0.031,
                mix(p.deep, p.ink, 0.4),
            )
    c.wash(mix(p.soft, p.deep, 0.25), mix(p.soft, p.deep, 0.45), floor, h)
    c.box(0, floor, 100, floor + 1.2, mix(p.soft, p.paper, 0.3))
    _frame(c, p, 29.0, 72.0, floor + 3 - 15.5, 15.5)
    vine = 95 if wx < 40 else 5
    for _ in range(120):
        y = h * r.random() ** 1.6 * 0.82
        c.poly(
            leaf_shape(vine + r.gauss(0, 4.5), y, 3.6, 2, r.uniform(0, 6.28)),
            mix(p.leaf, r.choice([p.ink, p.glow]), r.uniform(0, 0.4)),
        )


def _frame(c: Canvas, p: Palette, back: float, front: float, y: float, s: float) -> None:
    c.soft(
        lambda pen: pen.poly(oval((back + front) / 2 + 3, y + s, 41, 2), 255),
        p.ink,
        opacity=0.45,
        blur=1.3,
    )
    for x in (back, front):
        c.ring(x, y, s, 1.1, p.ink)
        c.ring(x, y, s - 1.1, 0.4, mix(p.paper, p.soft, 0.4))
        for k in range(16):
            a = k * math.tau / 16
            c.stroke(
                [(x, y), (x + (s - 1) * math.cos(a), y + (s - 1) * math.sin(a))],
                0.1,
                mix(p.ink, p.soft, 0.5),
            )
        c.disc(x, y, 1.2, p.ink)
    paint = mix(p.deep, p.ink, 0.15)
    crank, seat, head = (back + 19, y + 1), (back + 14, y - 21), (front - 6, y - 22)
    neck = (head[0] + 1.4, head[1] + 5)
    for one, two in (
        (crank, seat),
        ((back, y), crank),
        ((back, y), (seat[0] + 0.6, seat[1] + 3.4)),
        (crank, neck),
        ((seat[0] + 0.5, seat[1] + 3.2), head),
        (head, (front, y)),
    ):
        c.stroke([one, two], 1.15, paint)
    _saddle_and_bars(c, p, crank, seat, head)
    _flower_basket(c, p, front, y)


def _saddle_and_bars(
    c: Canvas,
    p: Palette,
    crank: tuple[float, float],
    seat: tuple[float, float],
    head: tuple[float, float],
) -> None:
    c.stroke([seat, (seat[0] - 0.7, seat[1] - 4)], 0.8, mix(p.soft, p.ink, 0.3))
    c.poly(
        smooth(
            [
                (seat[0] - 6, seat[1] - 5.4),
                (seat[0] + 5.4, seat[1] - 4.6),
                (seat[0] + 5, seat[1] - 3.6),
                (seat[0] - 3, seat[1] - 3),
            ],
            closed=True,
        ),
        colour("#6d3b22"),
    )
    c.stroke([head, (head[0] - 1, head[1] - 4.4)], 0.9, mix(p.soft, p.ink, 0.3))
    c.stroke(
        smooth(
            [
                (head[0] + 3, head[1] - 7),
                (head[0] - 1, head[1] - 4.6),
                (head[0] - 7, head[1] - 5.4),
                (head[0] - 8.6, head[1] - 3.6),
            ]
        ),
        0.9,
        p.ink,
    )
    c.ring(*crank, 3.4, 0.7, mix(p.soft, p.ink, 0.2))
    for sign in (-1, 1):
        end = (crank[0] + sign * 2.6, crank[1] + sign * 5)
        c.stroke([crank, end], 0.7, p.ink)
        c.stroke([(end[0] - 2, end[1]), (end[0] + 2, end[1])], 0.9, p.ink)


def _flower_basket(c: Canvas, p: Palette, front: float, y: float) -> None:
    bx, by = front - 9, y - 23
    c.poly(at(bx, by, 1, "3 0, 18 0, 16 10, 5 10"), mix(WOOD, p.glow, 0.3))
    for k in range(1, 4):
        c.stroke(
            [(bx + 3 + k * 0.5, by + k * 2.5), (bx + 18 - k * 0.5, by + k * 2.5)],
            0.3,
            mix(WOOD, p.ink, 0.2),
        )
    for k in range(7):
        fx = bx + 4.5 + k * 2
        c.disc(fx, by - 1.4 - (k % 3), 1.9, [p.accent, p.glow, p.leaf][k % 3])
    c.box(bx + 2.4, by - 0.4, bx + 18.6, by + 1.2, mix(WOOD, p.ink, 0.15), round_by=0.5)


def track(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    grass, clay = mix(p.leaf, p.glow, 0.12), mix(colour("#c9553a"), p.accent, 0.5)
    c.wash(mix(grass, p.glow, 0.16), grass)
    for k in range(9):
        c.poly(
            [(k * 24 - 50, 0), (k * 24 - 38, 0), (k * 24 - 78, h), (k * 24 - 90, h)],
            mix(grass, p.deep, 0.07),
        )
    cx, cy = r.choice([(-22.0, h * 0.86), (122.0, h * 0.9)])
    c.disc(cx, cy, 104, clay)
    c.disc(cx, cy, 104 - 8 * 7.2, mix(grass, p.deep, 0.1))
    c.soft(
        lambda pen: pen.ring(cx, cy, 104 - 4 * 7.2, 14, 255),
        mix(clay, p.glow, 0.6),
        opacity=0.25,
        blur=5,
    )
    for lane in range(9):
        c.ring(cx, cy, 104 - lane * 7.2, 0.5, WHITE)
    side = 1 if cx < 0 else -1
    runners = [(0.9, 2), (1.12, 4), (0.68, 5), (1.28, 1)]
    for a, lane in runners:
        d = 104 - (lane + 0.5) * 7.2
        x, y = cx + side * d * math.cos(a), cy - d * math.sin(a)
        _runner_above(c, p, r, x, y, a if side > 0 else math.pi - a, side)
    for _ in range(26):
        x, y = r.uniform(0, 100), r.uniform(0, h)
        if abs(math.hypot(x - cx, y - cy) - 80) > 32:
            c.disc(x, y, r.uniform(0.3, 0.6), mix(grass, p.glow, 0.5))


def _runner_above(
    c: Canvas, p: Palette, r: Random, x: float, y: float, a: float, side: int
) -> None:
    """A runner seen from a tower, with a long evening shadow."""
    go = np.array([-math.sin(a), -math.cos(a)]) * side
    out = np.array([-go[1], go[0]])
    here = np.array([x, y])
    shirt = r.choice([p.deep, p.glow, p.ink, p.paper])
    skin, hair = colour("#c98f6b"), p.ink
    c.soft(
        lambda pen: pen.stroke([here, here + np.array([9, 6.5])], 2.8, 255),
        p.ink,
        opacity=0.42,
        blur=0.4,
    )
    c.soft(
        lambda pen: pen.dot(here + np.array([10.4, 7.5]), 1.5, 255),
        p.ink,
        opacity=0.42,
        blur=0.4,
    )
    for k, s in ((1, 1), (-1, -1)):
        c.stroke([here + out * 1.0 * k, here + out * 1.1 * k + go * 3.4 * s], 1.1, skin)
        c.stroke([here + out * 2.2 * k, here + out * 2.8 * k - go * 2.2 * s], 0.8, skin)
        c.dot(here + out * 1.1 * k + go * 3.6 * s, 0.8, WHITE)
    c.poly(
        smooth([here + out * 2.7, here + go * 1.3, here - out * 2.7, here - go * 1.3], closed=True),
        shirt,
    )
    c.dot(here + go * 0.5, 1.45, hair)


def lido(c: Canvas, p: Palette, r: Random) -> None:
    """An open-air pool from above: lanes, light on the water, one swimmer."""
    h = c.height
    water = mix(colour("#4fb7c5"), p.mid, 0.3)
    c.wash(mix(water, p.paper, 0.2), mix(water, p.deep, 0.12))
    for _ in range(150):
        x, y, s = r.uniform(-4, 104), r.uniform(-4, h + 4), r.uniform(2, 4.6)
        c.stroke(
            rock_blob(r, x, y, s, s * 0.75)[: r.randint(30, 100)],
            0.22,
            mix(water, WHITE, r.uniform(0.25, 0.6)),
        )
    for k in range(4):
        c.box(12.5 + 25 * k - 1.6, 9, 12.5 + 25 * k + 1.6, h, mix(p.deep, water, 0.35))
    for k in range(1, 4):
        x = 25.0 * k
        for n in range(int(h / 2.6) + 1):
            y = n * 2.6
            c.box(x - 0.7, y, x + 0.7, y + 2.1, p.accent if (n // 3) % 2 else WHITE, round_by=0.6)
    x, y = 37.5 + 25 * r.choice([0, 1]), h * r.uniform(0.42, 0.6)
    _swimmer(c, p, water, x, y)
    c.wash(mix(p.paper, p.soft, 0.2), mix(p.soft, p.paper, 0.4), 0, 8)
    c.box(0, 7.4, 100, 9, mix(p.deep, p.mid, 0.4))
    for k in range(4):
        c.box(
            12.5 + 25 * k - 5, 1.5, 12.5 + 25 * k + 5, 6.4, mix(p.paper, WHITE, 0.5), round_by=0.6
        )
        c.disc(12.5 + 25 * k, 4, 1.1, p.accent)


def _swimmer(c: Canvas, p: Palette, water: Colour, x: float, y: float) -> None:
    c.soft(lambda pen: pen.poly(oval(x + 2.5, y + 4, 3.6, 11), 255), p.ink, opacity=0.32, blur=1)
    for k in range(5):
        c.stroke(
            smooth(
                [
                    (x - 3 - k * 1.3, y + 11 + k * 4.5),
                    (x, y + 9 + k * 4.5),
                    (x + 3 + k * 1.3, y + 11 + k * 4.5),
                ]
            ),
            0.5,
            mix(water, WHITE, 0.75 - k * 0.1),
        )
    skin = colour("#c98f6b")
    c.stroke(smooth(at(x, y, 1, "2.4 -2, 4.2 -6, 2.6 -11")), 1.7, skin)
    c.stroke(smooth(at(x, y, 1, "-2.4 -1, -5 3, -4.6 7")), 1.7, skin)
    for k in (-1, 1):
        c.stroke(
            smooth([(x + 1.2 * k, y + 6), (x + 1.5 * k, y + 11), (x + 1.2 * k - 0.4, y + 16)]),
            1.9,
            skin,
        )
    c.poly(smooth(at(x, y, 1, "-3.4 -3, 0 -4.4, 3.4 -3, 2.6 6, 0 8, -2.6 6"), closed=True), p.deep)
    c.disc(x, y - 5.4, 2.4, p.accent, 2.8)
