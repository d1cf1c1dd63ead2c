"""Hands, legs and ears: bicycles, tracks, wool, wood, records, stages, screens."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from ..canvas import Canvas, leaf_shape, oval, smooth
from ..palettes import WHITE, Colour, Palette, colour, mix
from .landscape import closed_below, rock_blob
from .room import WOOD, wall


def bicycle(c: Canvas, p: Palette, r: Random) -> None:
    h, floor = c.height, c.height * 0.84
    tone = mix(p.accent, p.paper, 0.5)
    c.wash(mix(tone, p.paper, 0.3), mix(tone, p.mid, 0.25), 0, floor)
    for _ in range(34):
        x, y = r.uniform(0, 96), r.uniform(0, floor - 4)
        c.box(x, y, x + r.uniform(4, 8), y + 2.2, mix(tone, r.choice([p.paper, p.deep]), r.uniform(0.06, 0.16)), round_by=0.3)
    wx = r.choice([12.0, 62.0])
    c.box(wx - 1.5, h * 0.09, wx + 25.5, h * 0.39, WHITE)
    c.wash_poly([(wx, h * 0.1), (wx + 24, h * 0.1), (wx + 24, h * 0.38), (wx, h * 0.38)], mix(p.deep, p.mid, 0.4), mix(p.deep, p.soft, 0.4))
    c.box(wx + 11.5, h * 0.1, wx + 12.5, h * 0.38, WHITE)
    for side in (wx - 9, wx + 26):
        c.box(side, h * 0.09, side + 7, h * 0.39, p.deep)
        for k in range(9):
            c.box(side + 1, h * 0.105 + k * h * 0.031, side + 6, h * 0.115 + k * h * 0.031, mix(p.deep, p.ink, 0.4))
    c.wash(mix(p.soft, p.deep, 0.25), mix(p.soft, p.deep, 0.45), floor, h)
    c.box(0, floor, 100, floor + 1.2, mix(p.soft, p.paper, 0.3))
    _frame(c, p, 29.0, 72.0, floor + 3 - 15.5, 15.5)
    vine = 95 if wx < 40 else 5
    for _ in range(120):
        y = h * r.random() ** 1.6 * 0.82
        c.poly(leaf_shape(vine + r.gauss(0, 4.5), y, 3.6, 2, r.uniform(0, 6.28)), mix(p.leaf, r.choice([p.ink, p.glow]), r.uniform(0, 0.4)))


def _frame(c: Canvas, p: Palette, back: float, front: float, y: float, s: float) -> None:
    c.soft(lambda pen: pen.poly(oval((back + front) / 2 + 3, y + s, 41, 2), 255), p.ink, opacity=0.45, blur=1.3)
    for x in (back, front):
        c.ring(x, y, s, 1.1, p.ink)
        c.ring(x, y, s - 1.1, 0.4, mix(p.paper, p.soft, 0.4))
        for k in range(16):
            a = k * math.tau / 16
            c.stroke([(x, y), (x + (s - 1) * math.cos(a), y + (s - 1) * math.sin(a))], 0.1, mix(p.ink, p.soft, 0.5))
        c.disc(x, y, 1.2, p.ink)
    paint = mix(p.deep, p.ink, 0.15)
    crank, seat, head = (back + 19, y + 1), (back + 14, y - 21), (front - 6, y - 22)
    neck = (head[0] + 1.4, head[1] + 5)
    for a, b in ((crank, seat), ((back, y), crank), ((back, y), (seat[0] + 0.6, seat[1] + 3.4)), (crank, neck), ((seat[0] + 0.5, seat[1] + 3.2), head), (head, (front, y))):
        c.stroke([a, b], 1.15, paint)
    c.stroke([seat, (seat[0] - 0.7, seat[1] - 4)], 0.8, mix(p.soft, p.ink, 0.3))
    c.poly(smooth([(seat[0] - 6, seat[1] - 5.4), (seat[0] + 5.4, seat[1] - 4.6), (seat[0] + 5, seat[1] - 3.6), (seat[0] - 3, seat[1] - 3)], closed=True), colour("#6d3b22"))
    c.stroke([head, (head[0] - 1, head[1] - 4.4)], 0.9, mix(p.soft, p.ink, 0.3))
    c.stroke(smooth([(head[0] + 3, head[1] - 7), (head[0] - 1, head[1] - 4.6), (head[0] - 7, head[1] - 5.4), (head[0] - 8.6, head[1] - 3.6)]), 0.9, p.ink)
    c.ring(*crank, 3.4, 0.7, mix(p.soft, p.ink, 0.2))
    for sign in (-1, 1):
        end = (crank[0] + sign * 2.6, crank[1] + sign * 5)
        c.stroke([crank, end], 0.7, p.ink)
        c.stroke([(end[0] - 2, end[1]), (end[0] + 2, end[1])], 0.9, p.ink)
    bx, by = front - 9, y - 23
    c.poly([(bx + 3, by), (bx + 18, by), (bx + 16, by + 10), (bx + 5, by + 10)], mix(WOOD, p.glow, 0.3))
    for k in range(1, 4):
        c.stroke([(bx + 3 + k * 0.5, by + k * 2.5), (bx + 18 - k * 0.5, by + k * 2.5)], 0.3, mix(WOOD, p.ink, 0.2))
    for k in range(7):
        fx = bx + 4.5 + k * 2
        c.disc(fx, by - 1.4 - (k % 3), 1.9, [p.accent, p.glow, p.leaf][k % 3])
    c.box(bx + 2.4, by - 0.4, bx + 18.6, by + 1.2, mix(WOOD, p.ink, 0.15), round_by=0.5)


def track(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    grass, clay = mix(p.leaf, p.glow, 0.12), mix(colour("#c9553a"), p.accent, 0.5)
    c.wash(mix(grass, p.glow, 0.16), grass)
    for k in range(9):
        c.poly([(k * 24 - 50, 0), (k * 24 - 38, 0), (k * 24 - 78, h), (k * 24 - 90, h)], mix(grass, p.deep, 0.07))
    cx, cy = r.choice([(-22.0, h * 0.86), (122.0, h * 0.9)])
    c.disc(cx, cy, 104, clay)
    c.disc(cx, cy, 104 - 8 * 7.2, mix(grass, p.deep, 0.1))
    c.soft(lambda pen: pen.ring(cx, cy, 104 - 4 * 7.2, 14, 255), mix(clay, p.glow, 0.6), opacity=0.25, blur=5)
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


def _runner_above(c: Canvas, p: Palette, r: Random, x: float, y: float, a: float, side: int) -> None:
    """A runner seen from a tower, with a long evening shadow."""
    go = np.array([-math.sin(a), -math.cos(a)]) * side
    out = np.array([-go[1], go[0]])
    at = np.array([x, y])
    shirt = r.choice([p.deep, p.glow, p.ink, p.paper])
    skin, hair = colour("#c98f6b"), p.ink
    c.soft(lambda pen: pen.stroke([at, at + (9, 6.5)], 2.8, 255), p.ink, opacity=0.42, blur=0.4)
    c.soft(lambda pen: pen.disc(*(at + (10.4, 7.5)), 1.5, 255), p.ink, opacity=0.42, blur=0.4)
    for k, s in ((1, 1), (-1, -1)):
        c.stroke([at + out * 1.0 * k, at + out * 1.1 * k + go * 3.4 * s], 1.1, skin)
        c.stroke([at + out * 2.2 * k, at + out * 2.8 * k - go * 2.2 * s], 0.8, skin)
        c.disc(*(at + out * 1.1 * k + go * 3.6 * s), 0.8, WHITE)
    c.poly(smooth([at + out * 2.7, at + go * 1.3, at - out * 2.7, at - go * 1.3], closed=True), shirt)
    c.disc(*(at + go * 0.5), 1.45, hair)


def lido(c: Canvas, p: Palette, r: Random) -> None:
    """An open-air pool from above: lanes, light on the water, one swimmer."""
    h = c.height
    water = mix(colour("#4fb7c5"), p.mid, 0.3)
    c.wash(mix(water, p.paper, 0.2), mix(water, p.deep, 0.12))
    for _ in range(150):
        x, y, s = r.uniform(-4, 104), r.uniform(-4, h + 4), r.uniform(2, 4.6)
        c.stroke(rock_blob(r, x, y, s, s * 0.75)[: r.randint(30, 100)], 0.22, mix(water, WHITE, r.uniform(0.25, 0.6)))
    for k in range(4):
        c.box(12.5 + 25 * k - 1.6, 9, 12.5 + 25 * k + 1.6, h, mix(p.deep, water, 0.35))
    for k in range(1, 4):
        x = 25.0 * k
        for n in range(int(h / 2.6) + 1):
            y = n * 2.6
            c.box(x - 0.7, y, x + 0.7, y + 2.1, p.accent if (n // 3) % 2 else WHITE, round_by=0.6)
    x, y = 37.5 + 25 * r.choice([0, 1]), h * r.uniform(0.42, 0.6)
    c.soft(lambda pen: pen.poly(oval(x + 2.5, y + 4, 3.6, 11), 255), p.ink, opacity=0.32, blur=1)
    for k in range(5):
        c.stroke(smooth([(x - 3 - k * 1.3, y + 11 + k * 4.5), (x, y + 9 + k * 4.5), (x + 3 + k * 1.3, y + 11 + k * 4.5)]), 0.5, mix(water, WHITE, 0.75 - k * 0.1))
    skin = colour("#c98f6b")
    c.stroke(smooth([(x + 2.4, y - 2), (x + 4.2, y - 6), (x + 2.6, y - 11)]), 1.7, skin)
    c.stroke(smooth([(x - 2.4, y - 1), (x - 5, y + 3), (x - 4.6, y + 7)]), 1.7, skin)
    for k in (-1, 1):
        c.stroke(smooth([(x + 1.2 * k, y + 6), (x + 1.5 * k, y + 11), (x + 1.2 * k - 0.4, y + 16)]), 1.9, skin)
    c.poly(smooth([(x - 3.4, y - 3), (x, y - 4.4), (x + 3.4, y - 3), (x + 2.6, y + 6), (x, y + 8), (x - 2.6, y + 6)], closed=True), p.deep)
    c.disc(x, y - 5.4, 2.4, p.accent, 2.8)
    c.wash(mix(p.paper, p.soft, 0.2), mix(p.soft, p.paper, 0.4), 0, 8)
    c.box(0, 7.4, 100, 9, mix(p.deep, p.mid, 0.4))
    for k in range(4):
        c.box(12.5 + 25 * k - 5, 1.5, 12.5 + 25 * k + 5, 6.4, mix(p.paper, WHITE, 0.5), round_by=0.6)
        c.disc(12.5 + 25 * k, 4, 1.1, p.accent)


def knit(c: Canvas, p: Palette, r: Random) -> None:
    """Colourwork: a band of stars between snow dots, every stitch drawn."""
    h = c.height
    ground, motif, third = r.choice([(p.deep, p.paper, p.accent), (p.accent, p.paper, p.deep), (p.paper, p.deep, p.accent), (p.leaf, p.paper, p.ink)])
    c.wash(mix(ground, p.ink, 0.3), mix(ground, p.ink, 0.35))
    columns, step = 33, 100 / 33
    tall = step * 0.82
    rows = int(h / tall) + 2
    for row in range(rows):
        for col in range(columns):
            kind = _stitch_colour(col, row)
            tone = (ground, motif, third)[kind]
            tone = mix(tone, p.ink if r.random() < 0.5 else WHITE, r.uniform(0, 0.07))
            x, y = (col + 0.5) * step, row * tall
            for side in (-1, 1):
                c.poly(oval(x + side * step * 0.235, y, step * 0.27, tall * 0.68, -side * 0.46, n=16), mix(tone, p.ink, 0.16 if side > 0 else 0.02))
    c.glow(30, h * 0.25, 60, WHITE, 0.1)


def _stitch_colour(col: int, row: int) -> int:
    """0 ground, 1 motif, 2 third colour, repeating every 26 rows and 11 columns."""
    y, x = row % 26, col % 11
    if y in (0, 14):
        return 2
    if y in (2, 12):
        return 1 if col % 2 else 0
    if 3 <= y <= 11:
        dx, dy = abs(x - 5), abs(y - 7)
        star = dx == dy or (dx == 0 and dy < 5) or (dy == 0 and dx < 5)
        return 1 if star and (dx + dy > 0) else (2 if dx + dy == 0 else 0)
    if 16 <= y <= 24:
        return 1 if (y % 4 == 0 and (col + y // 2) % 4 == 0) else 0
    return 0


def yarn(c: Canvas, p: Palette, r: Random) -> None:
    h, floor = c.height, c.height * 0.66
    wall(c, p, floor)
    tones = [p.accent, p.deep, p.paper, p.leaf, mix(p.glow, p.accent, 0.25), p.mid]
    r.shuffle(tones)
    rim, foot = floor + 2, floor + 20
    c.soft(lambda pen: pen.poly(oval(54, foot, 36, 3), 255), p.ink, opacity=0.5, blur=1.6)
    balls = [(31, rim - 7, 14), (69, rim - 6, 14), (50, rim - 13, 16), (40, rim + 1, 12), (61, rim + 1, 12)]
    for (x, y, s), tone in zip(balls, tones, strict=False):
        _ball(c, p, r, x, y, s, tone)
    for k in (-1, 1):
        c.stroke([(50 - k * 4, rim - 14), (50 + k * 17, rim - 46)], 1.1, mix(WOOD, p.glow, 0.4))
        c.disc(50 + k * 17, rim - 46, 1.7, p.accent)
    basket = [(16, rim), (84, rim), (76, foot), (24, foot)]
    c.poly(basket, mix(WOOD, p.ink, 0.25))

    def weave() -> None:
        for row in range(8):
            for k in range(18):
                x = 14 + k * 4.2 + (row % 2) * 2.1
                c.poly(oval(x, rim + 1.6 + row * 2.5, 2.2, 1.15), mix(WOOD, p.glow, 0.12 + 0.2 * (k % 2)))

    c.inside(basket, weave)
    c.box(14, rim - 1.6, 86, rim + 1.6, mix(WOOD, p.glow, 0.3), round_by=1.5)
    ball = (14.0, floor + 23, 8.0)
    c.soft(lambda pen: pen.poly(oval(ball[0] + 2, ball[1] + 7.4, 9, 2), 255), p.ink, opacity=0.5, blur=1)
    c.stroke(smooth([(20, floor + 29), (44, floor + 30), (60, floor + 26), (78, floor + 31), (104, floor + 28)]), 0.55, tones[0])
    _ball(c, p, r, *ball, tones[0])


def _ball(c: Canvas, p: Palette, r: Random, x: float, y: float, s: float, tone: Colour) -> None:
    c.disc(x, y, s, mix(tone, p.ink, 0.22))
    shape = oval(x, y, s, s)

    def strands() -> None:
        for turn in (r.uniform(0, 3), r.uniform(0, 3), r.uniform(0, 3)):
            cos, sin = math.cos(turn), math.sin(turn)
            for k in range(-5, 6):
                arc = [(x + (u * cos - v * sin) * s, y + (u * sin + v * cos) * s) for u, v in
                       ((-1.1, k * 0.13), (0, k * 0.19), (1.1, k * 0.13))]
                if turn and abs(k) < 5 - r.randint(0, 2):
                    c.stroke(smooth(arc, steps=5), s * 0.085, mix(tone, p.ink, r.uniform(0.02, 0.2)))

    c.inside(shape, strands)
    c.soft(lambda pen: pen.disc(x - s * 0.35, y - s * 0.4, s * 0.35, 255), WHITE, opacity=0.28, blur=s * 0.2)


def vinyl(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(mix(p.accent, p.paper, 0.35), mix(p.accent, p.mid, 0.3))
    x, y, s = 47.0, h * 0.5, min(41, h * 0.42)
    c.soft(lambda pen: pen.box(x - s * 1.12, y - s * 1.1, x + s * 1.34 + 2, y + s * 1.24, 255), p.ink, opacity=0.45, blur=2.4)
    c.box(x - s * 1.14, y - s * 1.16, x + s * 1.3, y + s * 1.16, mix(WOOD, p.ink, 0.3), round_by=2)
    c.box(x - s * 1.1, y - s * 1.12, x + s * 1.26, y + s * 1.12, mix(p.paper, p.soft, 0.35), round_by=1.6)
    c.soft(lambda pen: pen.disc(x + 1.5, y + 2, s, 255), p.ink, opacity=0.5, blur=1)
    c.disc(x, y, s, mix(p.ink, (16, 16, 20), 0.6))
    for k in range(26):
        c.ring(x, y, s * (0.97 - 0.023 * k), 0.16, mix(p.ink, p.soft, 0.1 + 0.08 * (k % 3)))
    for a in (0.6, 0.6 + math.pi):
        fan = [(x, y), (x + s * math.cos(a - 0.22), y + s * math.sin(a - 0.22)), (x + s * math.cos(a + 0.22), y + s * math.sin(a + 0.22))]
        c.soft(lambda pen, f=fan: pen.poly(f, 255), p.soft, opacity=0.22, blur=1.6)
    c.disc(x, y, s * 0.36, p.accent)
    c.disc(x, y, s * 0.33, mix(p.accent, p.glow, 0.25))
    label = oval(x, y, s * 0.33, s * 0.33)
    c.inside(label, lambda: [c.box(x - s, y + k * s * 0.085, x + s, y + k * s * 0.085 + s * 0.05, p.deep) for k in range(1, 5)])
    c.disc(x, y, s * 0.03, p.paper)
    px, py = x + s * 1.06, y - s * 0.86
    arm = smooth([(px, py), (px + 0.5, y + s * 0.1), (px - s * 0.13, y + s * 0.42), (px - s * 0.42, y + s * 0.62)])
    c.shadow([oval(px, py, s * 0.13, s * 0.13)], p.ink, 0.4, 1)
    c.soft(lambda pen: pen.stroke(arm + (1.4, 2), 1.2, 255), p.ink, opacity=0.5, blur=0.7)
    c.stroke(arm, 1.1, mix(p.soft, WHITE, 0.5))
    c.disc(px, py, s * 0.14, mix(p.soft, p.ink, 0.35))
    c.disc(px, py, s * 0.09, mix(p.soft, WHITE, 0.4))
    end = arm[-1]
    c.poly([(end[0] + 1.6, end[1] - 2.4), (end[0] + 3, end[1] + 0.2), (end[0] - 3.2, end[1] + 4), (end[0] - 4.6, end[1] + 1.4)], p.ink)
    for k in range(2):
        c.disc(px, y + s * (0.74 + 0.2 * k), s * 0.055, [p.accent, p.ink][k])


def film_strip(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(mix(p.soft, p.paper, 0.5), mix(p.soft, p.mid, 0.35))
    base = mix(p.ink, (24, 18, 18), 0.5)
    scenes = [_tiny_hills, _tiny_sea, _tiny_city, _tiny_moon]
    for n, x0 in enumerate((7.0, 55.0)):
        lift = r.uniform(-12, -2) - 9 * n
        c.soft(lambda pen, x0=x0: pen.box(x0 + 1.5, -5, x0 + 40.5, h + 5, 255), p.ink, opacity=0.4, blur=1.6)
        c.box(x0, -5, x0 + 38, h + 5, base)
        y = lift
        order = r.sample(scenes, 4)
        for k in range(8):
            y0, y1 = y + 1, y + 25
            if y0 > h:
                break
            frame = [(x0 + 6, y0), (x0 + 32, y0), (x0 + 32, y1), (x0 + 6, y1)]
            c.inside(frame, lambda x=x0 + 6, y=y0, f=order[k % 4]: f(c, p, r, x, y, 26, 24))
            y += 26.5
        for k in range(int(h / 4.6) + 2):
            for hx in (x0 + 1.7, x0 + 33.9):
                c.box(hx, k * 4.6 - 1, hx + 2.4, k * 4.6 + 2, mix(p.soft, p.paper, 0.4), round_by=0.5)


def _tiny_hills(c: Canvas, p: Palette, r: Random, x: float, y: float, w: float, t: float) -> None:
    c.wash_poly([(x, y), (x + w, y), (x + w, y + t), (x, y + t)], p.mid, p.glow)
    c.disc(x + w * 0.68, y + t * 0.34, 3, WHITE)
    for k in range(3):
        line = smooth([(x - 3 + j * 6, y + t * (0.5 + 0.17 * k) + r.uniform(-3, 3)) for j in range(7)])
        c.poly(closed_below(line, y + t + 2), mix(p.mid, p.ink, 0.3 + 0.3 * k))


def _tiny_sea(c: Canvas, p: Palette, r: Random, x: float, y: float, w: float, t: float) -> None:
    c.wash_poly([(x, y), (x + w, y), (x + w, y + t), (x, y + t)], p.soft, p.glow)
    c.disc(x + w * 0.4, y + t * 0.55, 4.4, p.accent)
    c.box(x, y + t * 0.56, x + w, y + t, p.deep)
    for _ in range(12):
        c.poly(oval(x + w * 0.4 + r.gauss(0, 4), y + t * r.uniform(0.6, 1), r.uniform(1, 3), 0.25), p.glow)


def _tiny_city(c: Canvas, p: Palette, r: Random, x: float, y: float, w: float, t: float) -> None:
    c.wash_poly([(x, y), (x + w, y), (x + w, y + t), (x, y + t)], p.deep, p.accent)
    at = x
    while at < x + w:
        b, top = r.uniform(3, 6), y + t * r.uniform(0.3, 0.7)
        c.box(at, top, at + b, y + t, p.ink)
        for _ in range(5):
            wx, wy = r.uniform(at + 0.4, at + b - 1), r.uniform(top + 1, y + t - 1)
            c.box(wx, wy, wx + 0.7, wy + 0.9, p.glow)
        at += b


def _tiny_moon(c: Canvas, p: Palette, r: Random, x: float, y: float, w: float, t: float) -> None:
    c.wash_poly([(x, y), (x + w, y), (x + w, y + t), (x, y + t)], p.ink, p.mid)
    c.disc(x + w * 0.5, y + t * 0.4, 4, p.glow)
    for k in range(5):
        tx = x + 2 + k * 5.4
        c.poly([(tx, y + t), (tx + 2.2, y + t * r.uniform(0.45, 0.65)), (tx + 4.4, y + t)], mix(p.ink, p.leaf, 0.25))
