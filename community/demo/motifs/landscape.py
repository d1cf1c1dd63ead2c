"""Land and water: mountains, sea, rock pools, tea terraces, a lake at night, woods."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from ..canvas import Canvas, leaf_shape, oval, smooth
from ..palettes import WHITE, Palette, colour, mix


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
        c.stroke(smooth([(x - s, y - s * 0.5), (x - s * 0.4, y - s * 0.6), (x, y)]), 0.22, ink)
        c.stroke(smooth([(x, y), (x + s * 0.4, y - s * 0.6), (x + s, y - s * 0.4)]), 0.22, ink)


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


def sea(c: Canvas, p: Palette, r: Random) -> None:
    h, line = c.height, c.height * 0.5
    c.wash(mix(p.mid, p.soft, 0.3), p.glow, 0, line)
    sun = r.uniform(34, 66)
    c.glow(sun, line - 7, 30, p.accent, 0.4)
    c.disc(sun, line - 4, 9, mix(p.accent, p.glow, 0.45))
    for _ in range(5):
        y, x = r.uniform(h * 0.08, line - 14), r.uniform(0, 90)
        c.poly(oval(x, y, r.uniform(10, 22), r.uniform(0.4, 0.9)), mix(p.glow, WHITE, 0.45))
    c.wash_poly(closed_below(ridge(r, line + 1, h * 0.05), line + 2), mix(p.mid, p.deep, 0.5), p.mid)
    c.wash(mix(p.mid, p.soft, 0.2), p.deep, line, h)
    for i in range(46):
        t = i / 46
        y, w = line + 0.8 + (h - line) * t**1.35, (2 + 12 * t) * r.uniform(0.4, 1.1)
        x = sun + r.gauss(0, 3 + 9 * t)
        c.poly(oval(x, y, w, 0.18 + 0.5 * t), mix(p.glow, p.accent, r.uniform(0, 0.5)))
    for i in range(4):
        y, phase = line + (h - line) * (0.4 + 0.17 * i), r.uniform(0, 6)
        crest = smooth([(x, y + math.sin(x / (10 + 4 * i) + phase) * (0.8 + 0.7 * i))
                        for x in range(-5, 110, 5)])
        c.wash_poly(closed_below(crest, h + 2), mix(p.deep, p.mid, 0.5 - 0.13 * i),
                    mix(p.deep, p.ink, 0.12 + 0.2 * i))
        c.stroke(crest, 0.16 + 0.12 * i, mix(p.soft, WHITE, 0.35))
        for _ in range(5):
            x = r.uniform(5, 95)
            c.poly(oval(x, y + r.uniform(2, 6 + i), r.uniform(2, 5), 0.18 + 0.08 * i), mix(p.mid, p.soft, 0.5))
    x = sun + r.choice([-24, 22])
    c.poly([(x - 3, line + 2), (x + 3.4, line + 2), (x + 2.2, line + 3.4), (x - 2, line + 3.4)], p.ink)
    c.poly([(x, line - 7), (x + 3, line + 1.4), (x, line + 1.4)], WHITE)
    c.poly([(x - 0.4, line - 5), (x - 0.4, line + 1.4), (x - 2.6, line + 1.4)], p.paper)


def rock_blob(r: Random, cx: float, cy: float, rx: float, ry: float) -> np.ndarray:
    n = 11
    spokes = [(a / n * 2 * math.pi, r.uniform(0.82, 1.16)) for a in range(n)]
    return smooth(
        [(cx + rx * k * math.cos(a), cy + ry * k * math.sin(a)) for a, k in spokes], closed=True
    )


def starfish(c: Canvas, r: Random, x: float, y: float, size: float,
             fill: tuple[int, int, int]) -> None:
    turn = r.uniform(0, 6)
    points = [
        (x + size * (1 if k % 2 == 0 else 0.42) * math.cos(turn + k * math.pi / 5),
         y + size * (1 if k % 2 == 0 else 0.42) * math.sin(turn + k * math.pi / 5))
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
        c.poly(rock_blob(r, x, y, s, s * 0.8), mix(rock, r.choice([p.paper, p.accent, p.mid]), r.uniform(0.06, 0.25)))
    spots = [(36, 0.33, 29, 23), (70, 0.72, 25, 23), (19, 0.8, 13, 12), (84, 0.2, 13, 10)]
    pools = [rock_blob(r, x + r.uniform(-3, 3), h * fy, rx, ry * h / 110) for x, fy, rx, ry in spots]
    c.shadow(pools, p.ink, 0.35, 1.2, -0.5, -0.8)
    for pool, (_, _, rx, ry) in zip(pools, spots, strict=True):
        middle = pool.mean(axis=0)
        for k, tone in ((1.07, mix(rock, p.paper, 0.6)), (1.0, mix(p.mid, p.soft, 0.4)),
                        (0.9, p.mid), (0.74, mix(p.mid, p.deep, 0.45)), (0.5, mix(p.mid, p.deep, 0.8))):
            c.poly(middle + (pool - middle) * k, tone)
        for k in (0.95, 0.82):
            c.stroke((middle + (pool - middle) * k)[8:34], 0.35, mix(p.soft, WHITE, 0.6))
        for _ in range(int(rx / 2)):
            a, d = r.uniform(0, 6.28), r.uniform(0.2, 0.8)
            px, py = middle[0] + rx * d * math.cos(a), middle[1] + ry * h / 110 * d * math.sin(a)
            c.poly(oval(px, py, r.uniform(0.5, 1.6), r.uniform(0.4, 1.1), r.uniform(0, 3)),
                   mix(r.choice([p.paper, p.soft, p.leaf, p.deep]), p.mid, 0.25))
        for _ in range(4):
            a = r.uniform(0, 6.28)
            wx, wy = middle[0] + rx * 0.6 * math.cos(a), middle[1] + ry * 0.6 * math.sin(a)
            for k in range(7):
                lean = -math.pi / 2 + (k - 3) * 0.32
                c.poly(leaf_shape(wx, wy, r.uniform(2.5, 4.5), 0.8, lean), mix(p.leaf, p.deep, r.random() * 0.5))
    starfish(c, r, 29, h * 0.36, 6, p.accent)
    starfish(c, r, 76, h * 0.7, 4.6, mix(p.accent, p.glow, 0.45))
    for _ in range(16):
        x, y, s = r.uniform(0, 100), r.uniform(0, h), r.uniform(0.5, 1.2)
        c.disc(x, y, s, mix(p.deep, p.soft, r.uniform(0.3, 0.9)))


def tea_field(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(mix(p.soft, p.paper, 0.3), p.glow, 0, h * 0.5)
    c.disc(r.uniform(20, 80), h * 0.16, 6, mix(p.glow, WHITE, 0.4))
    for i in range(3):
        line = ridge(r, h * (0.36 + 0.05 * i), h * 0.12, 0.3)
        c.wash_poly(closed_below(line, h * 0.6), mix(p.soft, p.leaf, 0.3 + 0.16 * i), mix(p.soft, p.paper, 0.4))
    for i in range(4):
        side = 1 if (i + r.randint(0, 1)) % 2 else -1
        base = h * (0.42 + 0.13 * i)
        hill = smooth([(x, base + side * (x - 50) * 0.1 - 6 * math.sin((x + 20 * i) / 30))
                       for x in range(-20, 130, 10)])
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
                c.disc(x + r.uniform(-0.6, 0.6), y - 0.2 - 0.1 * i, 0.55 + 0.26 * i,
                       mix(lit, p.glow, r.uniform(0, 0.3)))
    x, y = r.uniform(22, 72), h * 0.43
    c.box(x, y - 4, x + 9, y + 1.2, p.paper)
    c.poly([(x - 1.4, y - 3.6), (x + 1.2, y - 7.4), (x + 7.8, y - 7.4), (x + 10.4, y - 3.6)], p.ink)
    c.box(x + 3.6, y - 2.4, x + 5.4, y + 1.2, p.accent)


def _pagoda(c: Canvas, x: float, y: float, size: float, fill: tuple[int, int, int]) -> None:
    for i in range(5):
        w, top = size * (0.3 - 0.04 * i), y - size * 0.19 * (i + 1)
        c.box(x - w * 0.7, top, x + w * 0.7, top + size * 0.2, fill)
        c.poly(smooth([(x - w * 1.35, top + size * 0.01), (x - w * 0.8, top + size * 0.015), (x, top - size * 0.07),
                       (x + w * 0.8, top + size * 0.015), (x + w * 1.35, top + size * 0.01), (x, top + size * 0.05)],
                      closed=True), fill)
    c.box(x - size * 0.012, y - size * 1.18, x + size * 0.012, y - size * 0.9, fill)


def lake_moon(c: Canvas, p: Palette, r: Random) -> None:
    h, line = c.height, c.height * 0.55
    c.wash(mix(p.deep, p.mid, 0.35), mix(p.soft, p.glow, 0.45), 0, line)
    mx = r.uniform(58, 78)
    c.glow(mx, h * 0.2, 24, p.glow, 0.55)
    c.disc(mx, h * 0.2, 7.5, mix(p.glow, WHITE, 0.4))
    for i in range(3):
        c.wash_poly(closed_below(ridge(r, line - 4 + 2 * i, h * (0.17 - 0.045 * i), 0.2), line + 1),
                    mix(p.mid, p.deep, 0.2 + 0.3 * i), mix(p.soft, p.mid, 0.4))
    _pagoda(c, r.uniform(26, 40), line - 7, 21, mix(p.deep, p.ink, 0.5))
    c.wash(mix(p.soft, p.mid, 0.5), mix(p.deep, p.ink, 0.2), line, h)
    dark = mix(p.deep, p.ink, 0.65)
    bridge = smooth([(44, line + 2), (56, line - 1), (68, line - 5), (80, line - 1), (104, line + 1)])
    c.poly(closed_below(bridge, line + 2.6), dark)
    c.disc(68, line + 2.8, 5.2, mix(p.soft, p.mid, 0.5), 5.4)
    c.disc(68, line + 3.4, 5.2, mix(p.soft, p.mid, 0.56), 5)
    for i in range(40):
        t = i / 40
        y = line + 2 + (h - line) * t
        c.poly(oval(mx + r.gauss(0, 2 + 4 * t), y, r.uniform(0.8, 2 + 6 * t), 0.22 + 0.2 * t),
               mix(p.glow, p.soft, t * 0.7))
    for _ in range(34):
        x, y = r.uniform(0, 100), r.uniform(line + 4, h)
        c.poly(oval(x, y, r.uniform(2, 8), 0.16), mix(p.mid, p.soft, r.uniform(0.1, 0.5)))
    for k in range(17):
        x, drop = r.uniform(-4, 34), r.uniform(h * 0.18, h * 0.62) * (1 - k / 40)
        x = k * 2.1 - 2
        strand = smooth([(x, -2), (x + r.uniform(0, 1.5), drop * 0.5), (x + r.uniform(0.5, 3.5), drop)])
        c.stroke(strand, 0.25, p.ink)
        for j, (sx, sy) in enumerate(strand[2::1]):
            c.poly(leaf_shape(sx, sy, 2.6, 0.6, 1.25 + (0.5 if j % 2 else -0.35)), mix(p.ink, p.leaf, 0.4))


def lighthouse(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(mix(p.deep, p.ink, 0.25), mix(p.soft, p.accent, 0.28), 0, h * 0.66)
    for _ in range(50):
        c.disc(r.uniform(0, 100), r.uniform(0, h * 0.4), r.choice([0.16, 0.22, 0.34]), p.glow)
    x, top, foot = r.uniform(58, 66), h * 0.24, h * 0.72
    c.soft(lambda pen: pen.poly([(x, top + 3), (-10, h * 0.05), (-10, h * 0.34)], 255), p.glow, opacity=0.42, blur=1.4)
    c.soft(lambda pen: pen.poly([(x, top + 3), (112, h * 0.16), (112, h * 0.36)], 255), p.glow, opacity=0.25, blur=1.4)
    c.wash(mix(p.mid, p.soft, 0.2), p.deep, h * 0.66, h)
    for i in range(60):
        y = h * 0.67 + h * 0.33 * r.random() ** 1.4
        c.poly(oval(r.uniform(0, 100), y, r.uniform(1.5, 7), 0.22), mix(p.soft, p.mid, r.random()))
    cliff = smooth([(34, h + 4), (38, h * 0.86), (44, h * 0.8), (50, h * 0.735), (58, h * 0.715), (72, h * 0.71),
                    (84, h * 0.73), (106, h * 0.69)])
    c.wash_poly(closed_below(cliff, h + 5), mix(p.leaf, p.deep, 0.45), p.ink)
    for i in range(26):
        bx, by = 48 + r.random() * 52, h * r.uniform(0.8, 1)
        c.poly(rock_blob(r, bx, by, r.uniform(1.5, 5), r.uniform(1, 2.6)), mix(p.ink, p.deep, r.uniform(0.1, 0.6)))
    body = [(x - 3.4, top + 9), (x + 3.4, top + 9), (x + 5.4, foot), (x - 5.4, foot)]
    c.poly(body, WHITE)

    def bands() -> None:
        for k in range(3):
            y = top + 13 + k * (foot - top) * 0.27
            c.box(x - 8, y, x + 8, y + (foot - top) * 0.12, p.accent)
        c.poly([(x + 1, top), (x + 9, top), (x + 9, foot), (x + 2.2, foot)], mix(p.deep, p.accent, 0.25))

    c.inside(body, bands)
    c.box(x - 4.4, top + 8, x + 4.4, top + 9.4, p.ink)
    c.box(x - 2.8, top + 1, x + 2.8, top + 8, p.glow)
    c.box(x - 0.3, top + 1, x + 0.3, top + 8, p.ink)
    c.poly([(x - 3.6, top + 1.2), (x, top - 3.4), (x + 3.6, top + 1.2)], p.ink)
    c.glow(x, top + 4.4, 9, p.glow, 0.75)
    c.box(74, foot - 5.4, 83, foot + 1, p.paper)
    c.poly([(73, foot - 5.2), (78.5, foot - 9.4), (84, foot - 5.2)], mix(p.accent, p.ink, 0.35))
    c.box(77, foot - 3.2, 79, foot - 1.2, p.glow)


def forest(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(p.paper, mix(p.glow, p.soft, 0.5))
    c.glow(r.uniform(40, 60), h * 0.34, 40, p.glow, 0.9)
    for depth in range(5):
        t = depth / 4
        tone = mix(mix(p.soft, p.leaf, 0.35), p.ink, t**1.3)
        ground = smooth([(x, h * (0.66 + 0.07 * depth) + r.uniform(-1.5, 1.5)) for x in range(-10, 121, 10)])
        for _ in range(11 - depth * 2):
            x, w = r.uniform(-2, 102), (0.7 + depth * 1.0) * r.uniform(0.7, 1.2)
            if depth > 2 and 32 < x < 68:
                continue
            lean = r.uniform(-2, 2)
            foot = h * (0.69 + 0.07 * depth)
            c.poly([(x - w * 0.7 + lean, -2), (x + w * 0.7 + lean, -2), (x + w * 1.1, foot), (x - w * 1.1, foot)], tone)
            for _ in range(3):
                y = r.uniform(0, h * 0.4)
                side = r.choice([-1, 1])
                c.stroke([(x + lean * (1 - y / foot), y), (x + side * (5 + w * 3), y - r.uniform(3, 8))], w * 0.16, tone)
        c.wash_poly(closed_below(ground, h + 3), tone, mix(tone, p.leaf, 0.35))
    path = smooth([(48.6, h * 0.725), (46, h * 0.8), (52, h * 0.88), (36, h + 3)])
    other = smooth([(64, h + 3), (63, h * 0.88), (51, h * 0.8), (49.6, h * 0.725)])
    c.wash_poly(np.vstack([path, other]), p.glow, mix(p.soft, p.mid, 0.5))
    for _ in range(46):
        x, y = r.choice([r.uniform(-2, 38), r.uniform(62, 102)]), r.uniform(h * 0.9, h * 1.02)
        for k in range(5):
            c.poly(leaf_shape(x, y, r.uniform(3, 7), 0.9, -math.pi / 2 + (k - 2) * 0.4), mix(p.leaf, p.ink, r.uniform(0.1, 0.6)))


def bamboo(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(mix(p.glow, p.paper, 0.4), mix(p.soft, p.leaf, 0.3))
    c.glow(60, h * 0.3, 36, p.glow, 0.8)
    for depth in range(4):
        t = depth / 3
        body = mix(mix(p.soft, p.leaf, 0.45), mix(p.leaf, p.ink, 0.5), t)
        for _ in range(9 - depth * 2):
            x, w, lean = r.uniform(-2, 102), (0.8 + 1.15 * depth) * r.uniform(0.8, 1.1), r.uniform(-3, 3)
            y, seg = -r.uniform(0, 10), (10 + 5 * depth)
            while y < h + 5:
                x0, x1 = x + lean * (y / h), x + lean * ((y + seg) / h)
                c.poly([(x0 - w, y), (x0 + w, y), (x1 + w, y + seg - 0.5), (x1 - w, y + seg - 0.5)], body)
                c.poly([(x0 - w * 0.6, y), (x0 - w * 0.1, y), (x1 - w * 0.1, y + seg - 0.5), (x1 - w * 0.6, y + seg - 0.5)],
                       mix(body, p.glow, 0.4))
                c.stroke([(x0 - w * 1.15, y), (x0 + w * 1.15, y)], 0.3 + 0.12 * depth, mix(body, p.ink, 0.4))
                y += seg
        for _ in range(26):
            x, y = r.uniform(-5, 105), r.uniform(-5, h * 0.75)
            for k in range(r.randint(2, 5)):
                size = 4 + depth * 1.7
                c.poly(leaf_shape(x, y, size * r.uniform(0.8, 1.2), size * 0.17, r.uniform(0.2, 2.6)), mix(body, p.leaf, 0.4))
