"""Land: mountains, tea terraces, woods, bamboo."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from ..canvas import Canvas, at, leaf_shape, smooth
from ..palettes import WHITE, Palette, mix


def ridge(r: Random, base: float, rise: float, rough: float = 1.0) -> np.ndarray:
    """A mountain line across the picture: sums of sines with falling height."""
    x = np.linspace(-2, 102, 160)
    y = np.zeros_like(x)
    for octave in range(1, 7):
        wave = 2 * math.pi * octave**1.35 / 100
        y += np.abs(np.sin(x * wave * r.uniform(0.5, 0.8) + r.uniform(0, 6))) / octave ** (
            1.5 - 0.25 * rough
        )
    y = (y - y.min()) / (y.max() - y.min())
    return np.column_stack([x, base - rise * y])


def closed_below(line: np.ndarray, bottom: float) -> np.ndarray:
    return np.vstack([line, (line[-1][0], bottom), (line[0][0], bottom)])


def birds(c: Canvas, r: Random, ink: tuple[int, int, int], y: float) -> None:
    x = r.uniform(20, 60)
    for _ in range(r.randint(3, 5)):
        x, y = x + r.uniform(3, 6), y + r.uniform(-2, 2)
        s = r.uniform(0.8, 1.4)
        c.stroke(smooth(at(x, y, s, "-1 -.5, -.4 -.6, 0 0")), 0.22, ink)
        c.stroke(smooth(at(x, y, s, "0 0, .4 -.6, 1 -.4")), 0.22, ink)


def pine(c: Canvas, x: float, y: float, tall: float, fill: tuple[int, int, int]) -> None:
    c.box(x - tall * 0.02, y - tall * 0.2, x + tall * 0.02, y, fill)
    for i in range(5):
        top = y - tall + i * tall * 0.16
        half = tall * (0.07 + 0.035 * i)
        c.poly([(x, top), (x + half, top + tall * 0.26), (x - half, top + tall * 0.26)], fill)


def mountains(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(mix(p.mid, p.soft, 0.45), p.glow, 0, h * 0.62)
    sun = (r.uniform(26, 74), h * r.uniform(0.26, 0.34))
    c.glow(*sun, 26, p.glow, 0.8)
    c.disc(*sun, 6.5, mix(p.glow, WHITE, 0.5))
    birds(c, r, mix(p.deep, p.mid, 0.3), h * 0.2)
    layers = 6
    for i in range(layers):
        t = i / (layers - 1)
        line = ridge(r, h * (0.52 + 0.085 * i), h * (0.2 - 0.018 * i), rough=0.6 + t)
        body = mix(mix(p.soft, p.mid, 0.55), p.ink, t**1.15)
        fog = mix(body, mix(p.glow, p.soft, 0.5), 0.62 * (1 - t) + 0.12)
        c.wash_poly(closed_below(line, h * (0.72 + 0.06 * i) + 6), body, fog)
        if i == layers - 2:
            for x, y in line[4::7]:
                pine(c, x + r.uniform(-1, 1), y + 1.5, r.uniform(4, 7), body)
    for x in np.arange(-1, 102, 4.2):
        pine(c, x + r.uniform(-1.5, 1.5), h + 2, r.uniform(9, 19), mix(p.ink, p.deep, 0.12))


def tea_field(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(mix(p.soft, p.paper, 0.3), p.glow, 0, h * 0.5)
    c.disc(r.uniform(20, 80), h * 0.16, 6, mix(p.glow, WHITE, 0.4))
    for i in range(3):
        line = ridge(r, h * (0.36 + 0.05 * i), h * 0.12, 0.3)
        c.wash_poly(
            closed_below(line, h * 0.6),
            mix(p.soft, p.leaf, 0.3 + 0.16 * i),
            mix(p.soft, p.paper, 0.4),
        )
    for i in range(4):
        side = 1 if (i + r.randint(0, 1)) % 2 else -1
        base = h * (0.42 + 0.13 * i)
        hill = smooth(
            [
                (x, base + side * (x - 50) * 0.1 - 6 * math.sin((x + 20 * i) / 30))
                for x in range(-20, 130, 10)
            ]
        )
        ground = mix(p.leaf, p.deep, 0.25 + 0.12 * i)
        c.poly(closed_below(hill, h + 5), ground)
        for k in range(16):
            drop = 1.2 + (2.1 + 0.75 * i) * k * (1 + 0.04 * k)
            row = hill + np.column_stack([np.zeros(len(hill)), drop + side * 0.0 * hill[:, 0]])
            row[:, 1] += np.sin(hill[:, 0] / 16 + i) * 0.04 * drop * 3
            if row[:, 1].min() > h + 5:
                break
            lit = mix(mix(p.leaf, p.glow, 0.28), ground, 0.12 * i)
            c.stroke(row, 1.0 + 0.36 * i, lit)
            for x, y in row[:: max(1, 4 - i)]:
                c.disc(
                    x + r.uniform(-0.6, 0.6),
                    y - 0.2 - 0.1 * i,
                    0.55 + 0.26 * i,
                    mix(lit, p.glow, r.uniform(0, 0.3)),
                )
    x, y = r.uniform(22, 72), h * 0.43
    c.box(x, y - 4, x + 9, y + 1.2, p.paper)
    c.poly(at(x, y, 1, "-1.4 -3.6, 1.2 -7.4, 7.8 -7.4, 10.4 -3.6"), p.ink)
    c.box(x + 3.6, y - 2.4, x + 5.4, y + 1.2, p.accent)


def forest(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(p.paper, mix(p.glow, p.soft, 0.5))
    c.glow(r.uniform(40, 60), h * 0.34, 40, p.glow, 0.9)
    for depth in range(5):
        t = depth / 4
        tone = mix(mix(p.soft, p.leaf, 0.35), p.ink, t**1.3)
        ground = smooth(
            [(x, h * (0.66 + 0.07 * depth) + r.uniform(-1.5, 1.5)) for x in range(-10, 121, 10)]
        )
        for _ in range(11 - depth * 2):
            x, w = r.uniform(-2, 102), (0.7 + depth * 1.0) * r.uniform(0.7, 1.2)
            if depth > 2 and 32 < x < 68:
                continue
            lean = r.uniform(-2, 2)
            foot = h * (0.69 + 0.07 * depth)
            c.poly(
                [
                    (x - w * 0.7 + lean, -2),
                    (x + w * 0.7 + lean, -2),
                    (x + w * 1.1, foot),
                    (x - w * 1.1, foot),
                ],
                tone,
            )
            for _ in range(3):
                y = r.uniform(0, h * 0.4)
                side = r.choice([-1, 1])
                c.stroke(
                    [(x + lean * (1 - y / foot), y), (x + side * (5 + w * 3), y - r.uniform(3, 8))],
                    w * 0.16,
                    tone,
                )
        c.wash_poly(closed_below(ground, h + 3), tone, mix(tone, p.leaf, 0.35))
    path = smooth([(48.6, h * 0.725), (46, h * 0.8), (52, h * 0.88), (36, h + 3)])
    other = smooth([(64, h + 3), (63, h * 0.88), (51, h * 0.8), (49.6, h * 0.725)])
    c.wash_poly(np.vstack([path, other]), p.glow, mix(p.soft, p.mid, 0.5))
    for _ in range(46):
        x, y = r.choice([r.uniform(-2, 38), r.uniform(62, 102)]), r.uniform(h * 0.9, h * 1.02)
        for k in range(5):
            c.poly(
                leaf_shape(x, y, r.uniform(3, 7), 0.9, -math.pi / 2 + (k - 2) * 0.4),
                mix(p.leaf, p.ink, r.uniform(0.1, 0.6)),
            )


def bamboo(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(mix(p.glow, p.paper, 0.4), mix(p.soft, p.leaf, 0.3))
    c.glow(60, h * 0.3, 36, p.glow, 0.8)
    for depth in range(4):
        t = depth / 3
        body = mix(mix(p.soft, p.leaf, 0.45), mix(p.leaf, p.ink, 0.5), t)
        for _ in range(9 - depth * 2):
            x, w, lean = (
                r.uniform(-2, 102),
                (0.8 + 1.15 * depth) * r.uniform(0.8, 1.1),
                r.uniform(-3, 3),
            )
            y, seg = -r.uniform(0, 10), (10 + 5 * depth)
            while y < h + 5:
                x0, x1 = x + lean * (y / h), x + lean * ((y + seg) / h)
                c.poly(
                    [(x0 - w, y), (x0 + w, y), (x1 + w, y + seg - 0.5), (x1 - w, y + seg - 0.5)],
                    body,
                )
                c.poly(
                    [
                        (x0 - w * 0.6, y),
                        (x0 - w * 0.1, y),
                        (x1 - w * 0.1, y + seg - 0.5),
                        (x1 - w * 0.6, y + seg - 0.5),
                    ],
                    mix(body, p.glow, 0.4),
                )
                c.stroke(
                    [(x0 - w * 1.15, y), (x0 + w * 1.15, y)],
                    0.3 + 0.12 * depth,
                    mix(body, p.ink, 0.4),
                )
                y += seg
        for _ in range(26):
            x, y = r.uniform(-5, 105), r.uniform(-5, h * 0.75)
            for _ in range(r.randint(2, 5)):
                size = 4 + depth * 1.7
                c.poly(
                    leaf_shape(x, y, size * r.uniform(0.8, 1.2), size * 0.17, r.uniform(0.2, 2.6)),
                    mix(body, p.leaf, 0.4),
                )
