"""Patterns and pictures of pictures: tiles, persimmons, keys, boards, joinery, walls of art."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

import numpy as np

from ..canvas import Canvas, leaf_shape, oval, smooth
from ..palettes import WHITE, Colour, Palette, colour, mix
from .room import WOOD

Tile = Callable[[Canvas, Palette, float, float, float], None]


def azulejo(c: Canvas, p: Palette, r: Random) -> None:
    """Hand-painted tiles in fourfold symmetry; now and then one is laid the wrong way."""
    blue = mix(colour("#2e5a9c"), p.deep, 0.4)
    columns = 4
    step = 100 / columns
    tile = r.choice([_tile_star, _tile_petal, _tile_ring])
    for row in range(int(c.height / step) + 1):
        for col in range(columns):
            x, y = col * step, row * step
            glaze = mix(WHITE, mix(blue, p.paper, 0.6), r.uniform(0.04, 0.14))
            c.box(x, y, x + step, y + step, mix(glaze, p.deep, 0.35))
            c.box(x + 0.22, y + 0.22, x + step - 0.22, y + step - 0.22, glaze, round_by=0.3)
            tile(c, p._replace(deep=mix(blue, WHITE, r.uniform(0, 0.12))), x + step / 2, y + step / 2, step / 2)
            if r.random() < 0.13:
                cx, cy = x + r.uniform(0, step), y + r.choice([0.3, step - 0.3])
                c.poly(oval(cx, cy, r.uniform(0.6, 1.6), r.uniform(0.4, 0.9), r.uniform(0, 3), n=9), mix(colour("#cda27b"), p.paper, 0.3))
    c.glow(28, c.height * 0.2, 60, p.glow, 0.14)


def _four(points: list[tuple[float, float]], x: float, y: float, s: float) -> list[np.ndarray]:
    """The shape in each quarter turn about (x, y), scaled by s."""
    base = np.array(points) * s
    turns = [np.array([[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]]) for a in (0, math.pi / 2, math.pi, -math.pi / 2)]
    return [base @ turn.T + (x, y) for turn in turns]


def _tile_star(c: Canvas, p: Palette, x: float, y: float, s: float) -> None:
    for corner in _four([(1, 1), (1, 0.45), (0.72, 0.72), (0.45, 1)], x, y, s * 0.985):
        c.poly(corner, p.deep)
    for corner in _four([(0.99, 0.99), (0.99, 0.7), (0.85, 0.85), (0.7, 0.99)], x, y, s * 0.985):
        c.poly(corner, p.accent)
    for leaf in _four([(0, 0), (0.3, -0.16), (0.9, 0), (0.3, 0.16)], x, y, s):
        c.poly(smooth(leaf, closed=True), p.deep)
    for leaf in _four([(0, 0), (0.2, 0.34), (0.52, 0.52), (0.34, 0.2)], x, y, s):
        c.poly(smooth(leaf, closed=True), mix(p.deep, WHITE, 0.5))
    c.disc(x, y, s * 0.2, WHITE)
    c.disc(x, y, s * 0.14, p.accent)


def _tile_petal(c: Canvas, p: Palette, x: float, y: float, s: float) -> None:
    for petal in _four([(0.06, 0.06), (0.18, 0.62), (0.9, 0.9), (0.62, 0.18)], x, y, s):
        c.poly(smooth(petal, closed=True), p.deep)
    for petal in _four([(0.2, 0.2), (0.28, 0.56), (0.74, 0.74), (0.56, 0.28)], x, y, s):
        c.poly(smooth(petal, closed=True), mix(p.deep, WHITE, 0.55))
    for petal in _four([(0.34, 0.34), (0.42, 0.52), (0.62, 0.62), (0.52, 0.42)], x, y, s):
        c.poly(smooth(petal, closed=True), p.glow)
    for edge in _four([(0.96, -0.24), (0.7, 0), (0.96, 0.24)], x, y, s):
        c.poly(edge, p.accent)
    for k in range(4):
        a = k * math.pi / 2
        c.disc(x + s * 0.5 * math.cos(a), y + s * 0.5 * math.sin(a), s * 0.07, p.deep)
    c.disc(x, y, s * 0.11, p.accent)


def _tile_ring(c: Canvas, p: Palette, x: float, y: float, s: float) -> None:
    c.ring(x, y, s * 0.9, s * 0.1, p.deep)
    c.ring(x, y, s * 0.74, s * 0.035, p.deep)
    for k in range(8):
        a = k * math.pi / 4
        c.poly(leaf_shape(x + s * 0.12 * math.cos(a), y + s * 0.12 * math.sin(a), s * 0.56, s * 0.26, a), p.deep if k % 2 else mix(p.deep, WHITE, 0.5))
    for corner in _four([(0.98, 0.98), (0.98, 0.6), (0.76, 0.76), (0.6, 0.98)], x, y, s):
        c.poly(smooth(corner, closed=True), mix(p.accent, p.glow, 0.35))
    c.disc(x, y, s * 0.15, p.glow)
    c.disc(x, y, s * 0.07, p.deep)


def persimmon(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(mix(p.soft, p.paper, 0.55), mix(p.glow, p.paper, 0.3))
    c.disc(r.uniform(25, 75), h * 0.24, 16, mix(p.glow, WHITE, 0.15))
    bark = mix(p.ink, WOOD, 0.25)
    branch = smooth([(-4, h * 0.1), (22, h * 0.17), (46, h * 0.15), (72, h * 0.25), (106, h * 0.22)])
    c.stroke(branch[:24], 2.3, bark)
    c.stroke(branch[16:], 1.5, bark)
    fruit = []
    for start, dx, dy, s in ((6, -1, 0.2, 11), (14, 2, 0.38, 12.5), (22, 0, 0.17, 9.5), (28, 3, 0.33, 12), (35, 0, 0.14, 10)):
        x, y = branch[start]
        tip = (x + dx + r.uniform(-2, 2), y + h * dy * r.uniform(0.85, 1.05))
        c.stroke(smooth([(x, y), (x + dx * 0.2 + 1.2, y + h * dy * 0.5), tip]), 0.8, bark)
        fruit.append((*tip, s))
    for _ in range(9):
        x, y = branch[r.randint(3, len(branch) - 3)]
        c.poly(leaf_shape(x, y, r.uniform(9, 15), 5, r.uniform(-2.6, 0.4)), mix(p.leaf, r.choice([p.accent, p.deep]), r.uniform(0, 0.45)))
    c.soft(lambda pen: [pen.disc(x + 2, y + s + 2, s, 255) for x, y, s in fruit], p.deep, opacity=0.2, blur=2.5)
    for x, y, s in fruit:
        _one_persimmon(c, p, r, x, y + s * 0.8, s)
    sx, sy = branch[26]
    _sparrow(c, p, sx, sy - 4.6, 6.5)


def _one_persimmon(c: Canvas, p: Palette, r: Random, x: float, y: float, s: float) -> None:
    body = mix(colour("#ee7420"), p.accent, r.uniform(0.1, 0.4))
    outline = smooth([(x, y - s * 0.72), (x + s * 0.7, y - s * 0.66), (x + s, y), (x + s * 0.62, y + s * 0.72), (x, y + s * 0.84),
                      (x - s * 0.62, y + s * 0.72), (x - s, y), (x - s * 0.7, y - s * 0.66)], closed=True)
    c.wash_poly(outline, mix(body, p.glow, 0.18), mix(body, p.ink, 0.1))
    c.soft(lambda pen: pen.poly(oval(x + s * 0.52, y + s * 0.16, s * 0.4, s * 0.62, 0.2), 255), mix(body, p.ink, 0.4), opacity=0.32, blur=s * 0.16)
    c.soft(lambda pen: pen.poly(oval(x - s * 0.42, y - s * 0.18, s * 0.17, s * 0.34, 0.5), 255), WHITE, opacity=0.65, blur=s * 0.08)
    green = mix(p.leaf, p.deep, 0.35)
    for k in range(4):
        c.poly(leaf_shape(x, y - s * 0.66, s * 0.62, s * 0.36, 0.35 + k * 0.81), mix(green, p.ink, 0.16 * (k % 2)))
    c.box(x - s * 0.09, y - s * 0.9, x + s * 0.09, y - s * 0.6, mix(p.ink, WOOD, 0.3))


def _sparrow(c: Canvas, p: Palette, x: float, y: float, s: float) -> None:
    brown = mix(WOOD, p.ink, 0.35)
    c.poly([(x - s * 0.7, y), (x - s * 1.7, y + s * 0.5), (x - s * 1.55, y + s * 0.75), (x - s * 0.4, y + s * 0.45)], brown)
    c.poly(smooth([(x - s, y + s * 0.1), (x - s * 0.2, y - s * 0.5), (x + s * 0.6, y - s * 0.55), (x + s * 0.7, y + s * 0.2), (x, y + s * 0.7)], closed=True), p.paper)
    c.poly(smooth([(x - s, y + s * 0.15), (x - s * 0.1, y - s * 0.48), (x + s * 0.3, y - s * 0.1), (x - s * 0.2, y + s * 0.35)], closed=True), brown)
    c.disc(x + s * 0.55, y - s * 0.55, s * 0.44, p.paper)
    c.poly(smooth([(x + s * 0.1, y - s * 0.58), (x + s * 0.5, y - s * 1.05), (x + s * 0.98, y - s * 0.68), (x + s * 0.55, y - s * 0.68)], closed=True), mix(brown, p.accent, 0.3))
    c.poly([(x + s * 0.95, y - s * 0.62), (x + s * 1.3, y - s * 0.48), (x + s * 0.94, y - s * 0.4)], p.ink)
    c.disc(x + s * 0.68, y - s * 0.6, s * 0.08, p.ink)


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
    c.soft(lambda pen: [pen.box((k + 1) * step - 1.4, top, (k + 1) * step + 4.2, top + long + 2, 255) for k in blacks], p.ink, opacity=0.42, blur=1)
    for k in blacks:
        x = (k + 1) * step
        c.box(x - 2.4, top - 0.5, x + 2.4, top + long, p.ink, round_by=0.7)
        c.box(x - 1.7, top, x + 1.5, top + long - 3, mix(p.ink, p.soft, 0.16), round_by=0.6)
    c.glow(18, h * 0.1, 55, p.glow, 0.3)


def board_game(c: Canvas, p: Palette, r: Random) -> None:
    """An island of hexagons with little wooden houses, roads and two dice."""
    h = c.height
    c.wash(mix(p.deep, p.mid, 0.35), mix(p.deep, p.mid, 0.15))
    for _ in range(50):
        x, y = r.uniform(0, 100), r.uniform(0, h)
        c.stroke(smooth([(x - 2, y), (x - 0.7, y - 0.7), (x + 0.7, y), (x + 2, y - 0.7)]), 0.25, mix(p.mid, p.deep, 0.3))
    tones = [p.leaf, mix(p.leaf, p.ink, 0.3), p.glow, p.accent, mix(p.soft, p.ink, 0.25), mix(WOOD, p.glow, 0.2)]
    s = min(11.2, h * 0.105)
    cells = [(50 + s * 1.732 * (q + row / 2), h * 0.5 + s * 1.5 * row) for row in range(-2, 3) for q in range(-2, 3) if abs(q + row) <= 2]
    def hexagon(x: float, y: float, k: float) -> list[tuple[float, float]]:
        return [(x + k * math.sin(a * math.pi / 3), y + k * math.cos(a * math.pi / 3)) for a in range(6)]
    c.shadow([np.array(hexagon(x, y, s * 1.12)) for x, y in cells], p.ink, 0.5, 1.5, 1.4, 2.4)
    for x, y in cells:
        c.poly(hexagon(x, y, s * 1.14), mix(p.glow, WOOD, 0.35))
    for x, y in cells:
        _land(c, p, r, x, y, s, r.choice(tones), hexagon)
    for x, y in r.sample(cells, 7):
        a = r.randint(0, 5) * math.pi / 3
        b = a + math.pi / 3
        tone = r.choice([p.ink, WHITE, p.accent, p.deep])
        one, two = (x + s * math.sin(a), y + s * math.cos(a)), (x + s * math.sin(b), y + s * math.cos(b))
        c.stroke([(one[0] * 0.8 + two[0] * 0.2, one[1] * 0.8 + two[1] * 0.2), (one[0] * 0.2 + two[0] * 0.8, one[1] * 0.2 + two[1] * 0.8)], 1.3, tone)
        hx, hy = one
        c.shadow([oval(hx, hy, 2, 2)], p.ink, 0.5, 0.6, 0.6, 0.9)
        c.poly([(hx - 2, hy + 1.6), (hx - 2, hy - 0.6), (hx, hy - 2.8), (hx + 2, hy - 0.6), (hx + 2, hy + 1.6)], tone)
    for x, y, dots in ((83, 0.91, 5), (70, 0.95, 3)):
        _die(c, p, x, h * y, dots)


def _land(c: Canvas, p: Palette, r: Random, x: float, y: float, s: float, tone: Colour,
          hexagon: Callable[[float, float, float], list[tuple[float, float]]]) -> None:
    c.poly(hexagon(x, y, s * 0.97), tone)
    c.poly(hexagon(x, y - s * 0.04, s * 0.88), mix(tone, WHITE, 0.1))
    kind = sum(tone) % 3
    for _ in range(7):
        dx, dy = r.uniform(-0.55, 0.55) * s, r.uniform(-0.5, 0.55) * s
        if abs(dx) < s * 0.3 and abs(dy) < s * 0.3:
            continue
        if kind == 0:
            c.poly([(x + dx - 1.1, y + dy + 1), (x + dx, y + dy - 1.8), (x + dx + 1.1, y + dy + 1)], mix(tone, p.ink, 0.35))
        elif kind == 1:
            c.stroke([(x + dx, y + dy + 1), (x + dx, y + dy - 1)], 0.5, mix(tone, p.ink, 0.35))
        else:
            c.disc(x + dx, y + dy, 0.9, mix(tone, p.ink, 0.3))
    c.disc(x, y, s * 0.26, p.paper)
    for k in range(r.randint(1, 4)):
        c.disc(x - 1.2 + k * 0.9, y, 0.32, p.ink)


def _die(c: Canvas, p: Palette, x: float, y: float, dots: int) -> None:
    c.soft(lambda pen: pen.box(x - 3.4, y - 2.6, x + 5.6, y + 6, 255), p.ink, opacity=0.55, blur=0.9)
    c.box(x - 4.4, y - 4.4, x + 4.4, y + 4.4, WHITE, round_by=1.4)
    spots = [(0, 0), (-2, -2), (2, 2)] + ([(2, -2), (-2, 2)] if dots == 5 else [])
    for dx, dy in spots:
        c.disc(x + dx, y + dy, 0.85, p.accent)


def joinery(c: Canvas, p: Palette, r: Random) -> None:
    """A dovetail joint from above, with shavings and a pencil."""
    h = c.height
    bench = mix(p.deep, WOOD, 0.25)
    c.wash(mix(bench, p.mid, 0.2), mix(bench, p.ink, 0.25))
    light, dark = mix(colour("#e3bd86"), p.glow, 0.25), mix(colour("#9a6137"), p.accent, 0.15)
    split = h * 0.5
    c.soft(lambda pen: pen.box(15, h * 0.1 + 2, 88, h * 0.9 + 4, 255), p.ink, opacity=0.5, blur=2)
    c.box(14, h * 0.1, 86, split + 8, light)
    _grain(c, r, 14, 86, h * 0.1, split + 8, mix(light, dark, 0.4))
    for k in range(4):
        x0, x1 = 14 + 18 * k, 32 + 18 * k
        socket = [(x0 + 4, split - 8), (x1 - 4, split - 8), (x1 - 1.4, split + 8), (x0 + 1.4, split + 8)]
        c.poly(socket, dark)
        c.stroke([socket[0], socket[3]], 0.3, mix(dark, p.ink, 0.6))
        c.stroke([socket[1], socket[2]], 0.3, mix(dark, p.ink, 0.6))
        c.stroke([socket[0], socket[1]], 0.3, mix(dark, p.ink, 0.6))
    c.box(14, split + 8, 86, h * 0.9, dark)
    _grain(c, r, 14, 86, split + 8, h * 0.9, mix(dark, p.ink, 0.25))
    c.box(14, split + 7.8, 86, split + 8.2, mix(dark, p.ink, 0.5))
    for _ in range(9):
        x, y, s = r.uniform(6, 94), r.choice([h * r.uniform(0.02, 0.09), h * r.uniform(0.88, 0.98), h * r.uniform(0.2, 0.4)]), r.uniform(2, 4)
        curl = [(x + s * (0.3 + 0.1 * t) * math.cos(t), y + s * (0.3 + 0.1 * t) * math.sin(t)) for t in np.linspace(0, 8, 22)]
        c.shadow([np.array(curl)], p.ink, 0.3, 0.7, 0.6, 0.9)
        c.stroke(smooth(curl, steps=4), 1.0, mix(light, WHITE, 0.3))
        c.stroke(smooth(curl, steps=4), 0.4, mix(light, dark, 0.2))
    a, b = np.array([70.0, h * 0.72]), np.array([38.0, h * 0.83])
    c.soft(lambda pen: pen.stroke([a + (1, 1.6), b + (1, 1.6)], 2.4, 255), p.ink, opacity=0.5, blur=0.7)
    c.stroke([a, b], 2.4, p.accent)
    c.stroke([a - (0, 0.6), b - (0, 0.6)], 0.6, mix(p.accent, WHITE, 0.4))
    tip = b + (b - a) / np.linalg.norm(b - a) * 4.4
    c.poly([b + (0.5, 1.4), b - (0.5, 1.4), tip], mix(light, WHITE, 0.3))
    c.disc(*(tip * 0.85 + b * 0.15), 0.5, p.ink)


def _grain(c: Canvas, r: Random, x0: float, x1: float, y0: float, y1: float, tone: Colour) -> None:
    knot = (r.uniform(x0 + 15, x1 - 15), r.uniform(y0 + 8, y1 - 8))
    for k in range(20):
        x = x0 + (x1 - x0) * (k + 0.5) / 20
        line = []
        for y in np.linspace(y0, y1, 14):
            away = x - knot[0]
            push = 4 * math.exp(-(((y - knot[1]) / 9) ** 2)) * math.copysign(math.exp(-abs(away) / 12), away)
            line.append((min(x1, max(x0, x + push + math.sin(y / 14 + k) * 0.35)), y))
        c.stroke(smooth(line, steps=4), 0.2, tone)
    c.poly(oval(*knot, 1.5, 2.6), tone)


def gallery(c: Canvas, p: Palette, r: Random) -> None:
    """A white room, three abstract paintings, one visitor on the bench."""
    h, floor = c.height, c.height * 0.78
    c.wash(p.paper, mix(p.paper, p.soft, 0.45), 0, floor)
    c.wash(mix(WOOD, p.paper, 0.35), mix(WOOD, p.mid, 0.4), floor, h)
    c.box(0, floor - 1.4, 100, floor, mix(p.paper, p.mid, 0.25))
    for x0, x1, y0, y1 in ((7, 29, 0.22, 0.52), (35, 71, 0.12, 0.58), (77, 95, 0.26, 0.5)):
        y0, y1 = h * y0, h * y1
        c.soft(lambda pen, x0=x0, x1=x1, y0=y0: pen.poly([((x0 + x1) / 2 - 3, -4), ((x0 + x1) / 2 + 3, -4), (x1 + 5, y0 + 14), (x0 - 5, y0 + 14)], 255), p.glow, opacity=0.5, blur=3)
        c.soft(lambda pen, b=(x0 + 1, y0 + 2, x1 + 1.6, y1 + 2.4): pen.box(*b, 255), p.ink, opacity=0.4, blur=1.2)
        c.box(x0 - 0.8, y0 - 0.8, x1 + 0.8, y1 + 0.8, mix(WOOD, p.ink, 0.4))
        c.inside([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], lambda b=(x0, y0, x1, y1): _abstract(c, p, r, *b))
    bench = floor + (h - floor) * 0.42
    c.soft(lambda pen: pen.box(30, bench + 6, 78, bench + 11, 255), p.ink, opacity=0.45, blur=1.5)
    for x in (34, 70):
        c.box(x, bench, x + 2, bench + 9, p.ink)
    c.box(30, bench - 1.6, 76, bench + 1.2, p.ink, round_by=0.7)
    x, seat = 46.0, bench - 1.6
    coat = r.choice([p.accent, p.deep, p.leaf])
    c.poly(smooth([(x - 6, seat + 0.4), (x - 6.4, seat - 9), (x - 3.4, seat - 16), (x + 3.4, seat - 16), (x + 6.4, seat - 9), (x + 6, seat + 0.4)], closed=True), coat)
    c.box(x - 1.3, seat - 18.6, x + 1.3, seat - 15, colour("#c98f6b"))
    c.disc(x, seat - 21, 3.6, p.ink, 4)
    c.disc(x, seat - 25, 1.7, p.ink)


def _abstract(c: Canvas, p: Palette, r: Random, x0: float, y0: float, x1: float, y1: float) -> None:
    w, t = x1 - x0, y1 - y0
    tones = [p.accent, p.deep, p.mid, p.leaf, p.glow, p.ink, p.soft]
    r.shuffle(tones)
    c.box(x0, y0, x1, y1, mix(tones[0], p.paper, 0.35))
    style = r.choice(["fields", "arcs", "stones"])
    if style == "fields":
        for k, (a, b) in enumerate(((0.08, 0.4), (0.44, 0.7), (0.75, 0.93))):
            c.soft(lambda pen, a=a, b=b: pen.box(x0 + w * 0.1, y0 + t * a, x1 - w * 0.1, y0 + t * b, 255), tones[k + 1], opacity=0.92, blur=0.8)
    elif style == "arcs":
        for k in range(5):
            c.disc(x0 + w * 0.5, y1, w * (0.62 - 0.12 * k), tones[k + 1])
        c.disc(x0 + w * 0.7, y0 + t * 0.24, w * 0.13, p.accent)
    else:
        y = y1 - t * 0.08
        for k in range(4):
            rx, ry = w * (0.36 - 0.065 * k), t * (0.12 - 0.018 * k)
            c.poly(oval(x0 + w * (0.5 + r.uniform(-0.05, 0.05)), y - ry, rx, ry, r.uniform(-0.08, 0.08)), tones[k + 1])
            y -= ry * 1.9


def stage(c: Canvas, p: Palette, r: Random) -> None:
    """A small venue: lights, a singer, a forest of hands."""
    h = c.height
    c.wash(p.ink, mix(p.deep, p.accent, 0.25))
    for k, tone in enumerate((p.accent, p.glow, p.mid, p.accent, p.glow)):
        x = 10 + 20 * k
        aim = 50 + (k - 2) * 13 + r.uniform(-6, 6)
        c.soft(lambda pen, x=x, a=aim: pen.poly([(x - 1, h * 0.07), (x + 1, h * 0.07), (a + 12, h * 0.76), (a - 12, h * 0.76)], 255), tone, opacity=0.34, blur=1.4)
        c.box(x - 2.2, h * 0.03, x + 2.2, h * 0.075, mix(p.ink, p.deep, 0.25), round_by=0.6)
        c.disc(x, h * 0.077, 1.6, mix(tone, WHITE, 0.6))
    c.box(0, h * 0.018, 100, h * 0.03, mix(p.ink, p.deep, 0.3))
    c.glow(50, h * 0.58, 34, p.accent, 0.55)
    c.poly(oval(50, h * 0.78, 64, h * 0.06), mix(p.deep, p.accent, 0.3))
    c.glow(50, h * 0.76, 22, p.glow, 0.5)
    body, foot = (12, 9, 18), h * 0.755
    c.poly(smooth([(45.5, foot), (47, foot - 15), (46, foot - 25), (50, foot - 28), (54, foot - 25), (53, foot - 15), (55, foot), (51.4, foot), (50.2, foot - 12), (49, foot)], closed=True, steps=5), body)
    c.disc(50, foot - 31.4, 3.1, body, 3.7)
    c.stroke(smooth([(46.6, foot - 24), (43, foot - 19), (46.5, foot - 26)]), 1.7, body)
    c.stroke([(54, foot - 24.5), (58.5, foot - 30), (56, foot - 39)], 1.6, body)
    c.stroke([(45.6, foot), (46.4, foot - 28)], 0.5, body)
    c.box(16, foot - 15, 27, foot, body, round_by=1)
    c.box(74, foot - 18, 85, foot, body, round_by=1)
    for cx in (77, 82):
        c.disc(cx, foot - 5, 2, mix(body, p.mid, 0.35))
    for row in range(3):
        tone = mix(mix(p.ink, p.accent, 0.2 - 0.09 * row), (10, 8, 16), 0.25 + 0.25 * row)
        for k in range(13):
            x, y = k * 8.6 + (row % 2) * 4 + r.uniform(-2, 2) - 2, h * (0.84 + 0.06 * row) + r.uniform(-1.5, 1.5)
            c.disc(x, y, 3.3 + 0.5 * row, tone, 3.9 + 0.5 * row)
            c.box(x - 5.5, y + 3, x + 5.5, h + 2, tone, round_by=3.4)
            if r.random() < 0.4:
                up = y - r.uniform(9, 16)
                c.stroke(smooth([(x + 4.4, y + 6), (x + 5.6, y - 2), (x + 4.6, up)]), 1.7, tone)
                c.disc(x + 4.6, up - 1, 1.5, tone, 2)


def cinema(c: Canvas, p: Palette, r: Random) -> None:
    """The back of the stalls, a bright screen, a few heads."""
    h = c.height
    c.wash(p.ink, mix(p.ink, p.deep, 0.4))
    x0, x1, y0, y1 = 12.0, 88.0, h * 0.16, h * 0.55
    c.soft(lambda pen: pen.box(x0 - 3, y0 - 3, x1 + 3, y1 + 3, 255), p.glow, opacity=0.45, blur=5)
    frame = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]

    def scene() -> None:
        c.wash(mix(p.accent, p.mid, 0.3), p.glow, y0, y1)
        c.disc(x0 + 48, y0 + (y1 - y0) * 0.5, 8, mix(p.glow, WHITE, 0.6))
        for k in range(3):
            line = smooth([(x0 - 6 + j * 9, y0 + (y1 - y0) * (0.6 + 0.14 * k) + r.uniform(-4, 4)) for j in range(11)])
            c.poly(np.vstack([line, (x1 + 6, y1 + 4), (x0 - 6, y1 + 4)]), mix(p.mid, p.ink, 0.3 + 0.28 * k))
        fx = x0 + 24
        c.box(fx - 0.8, y1 - 13, fx + 0.8, y1 - 6, p.ink, round_by=0.6)
        c.disc(fx, y1 - 14.6, 1.3, p.ink)

    c.inside(frame, scene)
    for side in (0, 1):
        for k in range(4):
            a = (2.6 * k) if side == 0 else 100 - 2.6 * k
            b = a + (3 if side == 0 else -3)
            c.poly(smooth([(a, 0), (a, h * 0.6), (b, h * 0.62), (b, 0)]), mix(mix(p.accent, p.ink, 0.55), p.ink, 0.12 * (k % 2) + 0.1 * k))
    for row in range(5):
        y, s = h * (0.62 + 0.085 * row), 5.4 + 1.15 * row
        tone = mix(mix(p.accent, p.ink, 0.45), p.ink, 0.12 * row)
        n = int(104 / (s * 1.75)) + 2
        start = 50 - (n - 1) / 2 * s * 1.75 + (row % 2) * s * 0.875
        for k in range(n):
            x = start + k * s * 1.75
            if r.random() < 0.3:
                c.disc(x, y - s * 0.3, s * 0.36, mix(p.ink, p.deep, 0.15), s * 0.42)
            c.box(x - s * 0.8, y, x + s * 0.8, y + s * 3, tone, round_by=s * 0.3)
            c.box(x - s * 0.66, y + 0.35, x + s * 0.66, y + s * 0.16, mix(tone, p.glow, 0.28), round_by=s * 0.08)


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
    ring = [(x + q * d * math.cos(a), y + q * d * math.sin(a) * 0.9) for a, d in
            ((-2.6, 0.9), (-1.9, 1.02), (-1.1, 1.04), (-0.3, 1.02), (0.5, 0.98), (1.3, 0.94), (2.0, 0.86), (2.6, 0.6), (3.2, 0.5))]
    c.soft(lambda pen: pen.poly(smooth(ring, closed=True) + (1.4, 2.4), 255), p.ink, opacity=0.5, blur=1.6)
    c.stroke(smooth([(x + q * 0.55, y + q * 0.75), (x + q * 0.1, y + q * 0.98), (x - q * 0.5, y + q * 0.86), (x - q * 0.78, y + q * 0.5)]), q * 0.16, dark)
    c.poly(smooth(ring, closed=True), fur)
    c.soft(lambda pen: pen.poly(oval(x + q * 0.3, y - q * 0.3, q * 0.5, q * 0.3, 0.5), 255), mix(fur, p.glow, 0.6), opacity=0.55, blur=3)
    c.poly(oval(x + q * 0.5, y + q * 0.42, q * 0.42, q * 0.34, -0.6), mix(fur, dark, 0.3))
    for px, py in ((-0.12, 0.62), (0.14, 0.7)):
        c.poly(oval(x + q * px, y + q * py, q * 0.27, q * 0.11, 0.2), mix(fur, WHITE, 0.45))
    hx, hy = x - q * 0.46, y + q * 0.16
    c.soft(lambda pen: pen.poly(oval(hx + 1, hy + 1.6, q * 0.4, q * 0.34), 255), p.ink, opacity=0.4, blur=1.2)
    c.poly(oval(hx, hy, q * 0.4, q * 0.34, 0.5), mix(fur, WHITE, 0.08))
    c.poly(oval(hx + q * 0.24, hy + q * 0.28, q * 0.24, q * 0.18, 0.7), mix(fur, WHITE, 0.5))
    c.poly(oval(hx + q * 0.4, hy + q * 0.42, q * 0.085, q * 0.07, 0.7), p.ink)
    c.poly(smooth([(hx - q * 0.1, hy - q * 0.34), (hx + q * 0.28, hy - q * 0.44), (hx + q * 0.42, hy - q * 0.12), (hx + q * 0.16, hy - q * 0.16)], closed=True), dark)
    c.poly(smooth([(hx - q * 0.36, hy - q * 0.02), (hx - q * 0.5, hy + q * 0.34), (hx - q * 0.22, hy + q * 0.46), (hx - q * 0.16, hy + q * 0.16)], closed=True), dark)
    for ex, ey in ((0.2, -0.04), (-0.04, 0.2)):
        c.stroke(smooth([(hx + q * ex - 1, hy + q * ey - 0.4), (hx + q * ex, hy + q * ey + 0.5), (hx + q * ex + 1, hy + q * ey + 0.2)]), 0.45, p.ink)
