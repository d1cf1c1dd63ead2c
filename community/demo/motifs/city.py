"""Streets and houses: skyline, roofs, tram, shopfront, lanterns, rain on a window, laundry."""

from __future__ import annotations

import math
from random import Random

from ..canvas import Canvas, leaf_shape, oval, smooth
from ..palettes import WHITE, Colour, Palette, colour, mix
from .landscape import closed_below, ridge


def _tower(c: Canvas, p: Palette, r: Random, x: float, w: float, top: float, body: Colour,
           lit: float) -> None:
    h = c.height
    c.box(x, top, x + w, h, body)
    shape = r.random()
    if shape < 0.2:
        c.poly([(x, top), (x + w / 2, top - w * 0.7), (x + w, top)], body)
    elif shape < 0.45:
        c.box(x + w * 0.25, top - w * 0.35, x + w * 0.75, top, body)
        c.stroke([(x + w / 2, top - w * 0.3), (x + w / 2, top - w * 0.3 - r.uniform(3, 9))], 0.25, body)
    columns = max(2, int(w / 2.1))
    pitch = w / columns
    y = top + 2
    while y < h:
        for k in range(columns):
            if r.random() < lit:
                wx = x + pitch * (k + 0.27)
                tone = r.choice([p.glow, p.glow, mix(p.accent, p.glow, 0.5), mix(body, p.glow, 0.35)])
                c.box(wx, y, wx + pitch * 0.46, y + 1.25, tone)
        y += 2.5


def skyline(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(mix(p.deep, p.ink, 0.3), mix(p.accent, p.soft, 0.55), 0, h * 0.8)
    mx = r.uniform(18, 82)
    c.glow(mx, h * 0.2, 16, p.glow, 0.4)
    c.disc(mx, h * 0.2, 4.6, mix(p.glow, WHITE, 0.4))
    for layer in range(3):
        body = mix(mix(p.mid, p.accent, 0.25), p.ink, 0.12 + 0.42 * layer)
        x = -3.0
        while x < 102:
            w = r.uniform(6, 13) + layer * 2
            top = h * (0.42 + 0.15 * layer) + r.uniform(-h * 0.13, h * 0.1)
            _tower(c, p, r, x, w, top, body, 0.14 + 0.2 * layer)
            x += w + r.choice([0, 0, 0.5, 2.5])
        if layer < 2:
            c.soft(lambda pen: pen.box(0, h * 0.72, 100, h, 255), mix(p.soft, p.accent, 0.3), opacity=0.28, blur=9)


def _house(c: Canvas, p: Palette, r: Random, x: float, y: float, w: float, tall: float,
           wall: Colour, roof: Colour) -> None:
    c.box(x, y - tall, x + w, y + 60, wall)
    c.box(x + w * 0.78, y - tall, x + w, y + 60, mix(wall, p.deep, 0.12))
    eave, up = w * 0.06, w * r.uniform(0.16, 0.3)
    c.wash_poly([(x - eave, y - tall + 0.4), (x + w * 0.12, y - tall - up), (x + w * 0.88, y - tall - up),
                 (x + w + eave, y - tall + 0.4)], mix(roof, p.glow, 0.2), roof)
    for k in range(1, 9):
        t = k / 9
        c.stroke([(x + w * (0.12 + 0.76 * t), y - tall - up), (x - eave + (w + 2 * eave) * t, y - tall + 0.3)],
                 0.14, mix(roof, p.ink, 0.28))
    n = max(1, int(w / 6))
    for row in range(int(tall // 6) + 1):
        for k in range(n):
            wx, wy = x + w * (k + 0.5) / n, y - tall + 2.6 + row * 6.4
            glass = r.choice([mix(p.deep, p.mid, 0.3), mix(p.deep, p.mid, 0.3), p.glow])
            c.box(wx - 1.35, wy - 0.4, wx + 1.35, wy + 3.5, WHITE)
            c.box(wx - 0.95, wy, wx + 0.95, wy + 3.1, glass)
            c.stroke([(wx, wy), (wx, wy + 3.1)], 0.2, WHITE)


def rooftops(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(mix(p.mid, p.paper, 0.55), mix(p.glow, p.paper, 0.4), 0, h * 0.5)
    c.disc(r.uniform(20, 80), h * 0.14, 5.5, mix(p.glow, WHITE, 0.3))
    c.wash_poly(closed_below(ridge(r, h * 0.36, h * 0.06, 0.2), h), mix(p.deep, p.soft, 0.62), mix(p.deep, p.soft, 0.72))
    c.wash(mix(p.deep, p.soft, 0.45), mix(p.deep, p.soft, 0.6), h * 0.36, h * 0.6)
    roof = mix(colour("#c9653f"), p.accent, 0.3)
    walls = [p.paper, mix(p.glow, p.paper, 0.4), mix(p.soft, p.paper, 0.4), mix(p.accent, p.paper, 0.72),
             mix(p.mid, p.paper, 0.62)]
    for row in range(6):
        y = h * (0.47 + 0.115 * row)
        x, scale = r.uniform(-14, -4), 0.75 + 0.16 * row
        while x < 102:
            w = r.uniform(12, 20) * scale
            _house(c, p, r, x, y, w, r.uniform(5, 13) * scale, r.choice(walls), mix(roof, p.ink, r.uniform(0, 0.16)))
            if r.random() < 0.25:
                tx, ty = x + w * 0.9, y - r.uniform(3, 7)
                c.disc(tx, ty, 3.2 * scale, mix(p.leaf, p.deep, 0.25))
                c.disc(tx - 1, ty - 1, 2.1 * scale, p.leaf)
            x += w + r.choice([0.2, 0.2, 1.5])


def _tiled_wall(c: Canvas, p: Palette, r: Random, y1: float) -> None:
    c.box(0, 0, 100, y1, mix(p.soft, p.paper, 0.35))
    step = 5.0
    for row in range(int(y1 // step) + 1):
        for k in range(21):
            x, y = k * step, row * step
            c.disc(x, y, 1.5, mix(p.mid, p.paper, 0.45))
            c.poly([(x + 2.5, y + 0.9), (x + 4.1, y + 2.5), (x + 2.5, y + 4.1), (x + 0.9, y + 2.5)], mix(p.deep, p.paper, 0.55))


def tram(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    ground = h * 0.82
    _tiled_wall(c, p, r, ground)
    for x in (7, 70):
        c.box(x - 1.2, h * 0.1, x + 22.2, h * 0.42, WHITE)
        c.box(x, h * 0.115, x + 21, h * 0.42, mix(p.deep, p.ink, 0.2))
        for k in range(1, 3):
            c.box(x + 7 * k - 0.4, h * 0.115, x + 7 * k + 0.4, h * 0.42, WHITE)
        c.box(x - 3, h * 0.42, x + 24, h * 0.435, mix(p.soft, p.mid, 0.4))
        for k in range(9):
            fx = x + 2.4 * k
            for j in range(3):
                c.poly(leaf_shape(fx, h * 0.42, r.uniform(2.5, 5), 1.2, -1.57 + (j - 1) * 0.5), mix(p.leaf, p.deep, r.random() * 0.4))
            c.disc(fx, h * 0.42 - r.uniform(2, 4), 0.8, r.choice([p.accent, p.glow]))
    c.wash(mix(p.mid, p.paper, 0.5), mix(p.deep, p.soft, 0.5), ground, h)
    for k in range(60):
        x, y = r.uniform(0, 100), r.uniform(ground + 2, h)
        c.box(x, y, x + 3.2, y + 0.9, mix(mix(p.deep, p.soft, 0.6), p.paper, r.uniform(0, 0.5)), round_by=0.3)
    body = mix(colour("#f2b632"), p.accent, 0.22)
    left, right, top, foot = 12.0, 88.0, h * 0.44, ground - 1
    c.soft(lambda pen: pen.box(left, foot, right + 3, foot + 4.5, 255), p.ink, opacity=0.5, blur=1.3)
    c.stroke([(40, top - 1), (58, top - 15), (58, -2)], 0.45, p.ink)
    c.box(left + 6, top - 2.6, right - 6, top + 2, mix(p.paper, body, 0.2), round_by=1.5)
    c.box(left, top, right, foot, body, round_by=4)
    c.box(left, top + (foot - top) * 0.56, right, foot - 4, mix(body, p.paper, 0.78))
    c.box(left, top + (foot - top) * 0.56, right, top + (foot - top) * 0.585, p.ink)
    for k in range(5):
        wx = left + 5 + k * 13.6
        c.box(wx, top + 5, wx + 11, top + (foot - top) * 0.5, p.ink, round_by=1.2)
        c.wash_poly([(wx + 0.7, top + 5.8), (wx + 10.3, top + 5.8), (wx + 10.3, top + (foot - top) * 0.48),
                     (wx + 0.7, top + (foot - top) * 0.48)], mix(p.mid, p.paper, 0.45), mix(p.deep, p.mid, 0.35))
        if k in (1, 3, 4):
            hx, hy = wx + 5.5, top + (foot - top) * 0.36
            c.disc(hx, hy, 2.1, mix(p.ink, p.accent, 0.12))
            c.box(hx - 3, hy + 2, hx + 3, top + (foot - top) * 0.48, r.choice([p.accent, p.leaf, p.deep]), round_by=1.4)
    for wx in (30, 70):
        c.disc(wx, foot, 4.6, p.ink)
        c.disc(wx, foot, 2.3, mix(p.ink, p.soft, 0.5))
    c.disc(left + 3, foot - 8, 1.5, p.glow)
    c.disc(right - 3, foot - 8, 1.5, p.accent)
    for y in (foot + 5.2, foot + 9):
        c.stroke([(-2, y), (102, y)], 0.5, mix(p.ink, p.soft, 0.25))


def shopfront(c: Canvas, p: Palette, r: Random) -> None:
    h, ground = c.height, c.height * 0.87
    wall = mix(p.mid, p.paper, 0.35)
    c.wash(mix(wall, p.paper, 0.2), wall, 0, ground)
    for row in range(int(ground // 3.4)):
        for k in range(-1, 12):
            if r.random() < 0.35:
                x = k * 9 + (row % 2) * 4.5
                c.box(x, row * 3.4, x + 8.2, row * 3.4 + 2.8, mix(wall, r.choice([p.paper, p.deep]), r.uniform(0.05, 0.16)), round_by=0.4)
    c.wash(mix(p.soft, p.deep, 0.3), mix(p.soft, p.deep, 0.5), ground, h)
    c.box(6, h * 0.3, 94, ground, p.deep)
    c.box(6, h * 0.2, 94, h * 0.31, mix(p.deep, p.ink, 0.4), round_by=0.6)
    for k in range(7):
        c.disc(29 + 7 * k, h * 0.255, 0.7, p.glow)
    c.wash_poly([(11, h * 0.38), (60, h * 0.38), (60, ground - 12), (11, ground - 12)], p.glow, mix(p.glow, p.accent, 0.35))
    for shelf in range(3):
        y = h * 0.38 + (ground - 12 - h * 0.38) * (0.36 + 0.32 * shelf)
        x = 13.0
        while x < 56:
            w, tall = r.uniform(1.2, 2.8), r.uniform(6, 9.5)
            if r.random() < 0.12:
                c.disc(x + 2, y - 2, 2, p.accent)
                w = 4.0
            else:
                c.box(x, y - tall, x + w, y, r.choice([p.accent, p.deep, p.ink, p.leaf, p.mid, p.paper]))
            x += w + 0.25
        c.box(11, y, 60, y + 0.9, p.ink)
    for x in (27.3, 43.6):
        c.box(x - 0.4, h * 0.38, x + 0.4, ground - 12, p.deep)
    c.box(66, h * 0.36, 88, ground, mix(p.deep, p.ink, 0.35))
    c.wash_poly([(69, h * 0.39), (85, h * 0.39), (85, h * 0.68), (69, h * 0.68)], p.glow, mix(p.glow, p.accent, 0.3))
    c.disc(70.4, h * 0.73, 0.9, p.glow)
    stripes, y0, y1 = 11, h * 0.31, h * 0.4
    c.soft(lambda pen: pen.box(6, y1, 94, y1 + 5, 255), p.ink, opacity=0.4, blur=1.2)
    for k in range(stripes):
        w = 94 / stripes
        x = 3 + k * w
        tone = p.accent if k % 2 else p.paper
        c.poly([(8 + k * 84 / stripes, y0), (8 + (k + 1) * 84 / stripes, y0), (x + w, y1), (x, y1)], tone)
        c.disc(x + w / 2, y1, w / 2, tone, 2.2)
    for x, size in ((13, 9), (91, 13)):
        c.poly([(x - 3.4, ground - 5), (x + 3.4, ground - 5), (x + 2.6, ground + 3), (x - 2.6, ground + 3)], mix(p.accent, p.ink, 0.3))
        for k in range(11):
            c.poly(leaf_shape(x, ground - 5, size * r.uniform(0.8, 1.2), 2.3, -1.57 + (k - 5) * 0.26), mix(p.leaf, p.deep, r.uniform(0, 0.5)))
    c.box(46, ground - 8, 58, ground - 6.6, p.ink)
    for x in (47.5, 56.5):
        c.box(x - 0.5, ground - 7, x + 0.5, ground + 3, p.ink)


def _lantern(c: Canvas, p: Palette, x: float, y: float, s: float, red: Colour) -> None:
    c.disc(x, y, s, red, s * 0.88)
    for k in (0.62, 0.26):
        c.disc(x, y, s * k, mix(red, p.glow, 0.34 if k > 0.5 else 0.62), s * 0.88)
    c.box(x - s * 0.42, y - s * 0.98, x + s * 0.42, y - s * 0.76, p.ink)
    c.box(x - s * 0.42, y + s * 0.76, x + s * 0.42, y + s * 0.98, p.ink)
    c.stroke([(x, y + s), (x, y + s * 1.7)], 0.3, p.glow)


def lanterns(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(p.ink, mix(p.deep, p.accent, 0.3))
    for side in (0, 1):
        for row in range(4):
            t = row / 3
            x0 = (-4 + 24 * t) if side == 0 else (104 - 24 * t)
            x1 = x0 + (18 - 4 * t) * (1 if side == 0 else -1)
            top = h * (0.02 + 0.12 * t)
            body = mix(mix(p.deep, p.accent, 0.15), p.ink, 0.65 - 0.3 * t)
            c.box(min(x0, x1), top, max(x0, x1), h, body)
            for k in range(8):
                if r.random() < 0.5:
                    wx, wy = min(x0, x1) + r.uniform(3, 12), top + 5 + k * 6
                    c.box(wx, wy, wx + 2.6, wy + 3.4, mix(body, p.glow, r.uniform(0.3, 0.8)))
    c.glow(50, h * 0.6, 30, p.accent, 0.55)
    c.glow(50, h * 0.62, 15, p.glow, 0.7)
    for k in range(5):
        for side in (-1, 1):
            t = k / 4
            x, y, s = 50 + side * (11 + 34 * t), h * (0.64 + 0.07 * t), 5 + 11 * t
            tone = [p.accent, p.glow, p.leaf, p.soft, mix(p.accent, p.deep, 0.4)][(k + (side > 0) * 2) % 5]
            c.box(x - s * 0.8, y, x + s * 0.8, y + s * 1.2, mix(p.ink, p.glow, 0.12))
            c.box(x - s * 0.7, y + s * 0.1, x + s * 0.7, y + s * 0.45, mix(p.glow, p.accent, 0.2))
            c.poly([(x - s * 0.8, y - s * 0.42), (x + s * 0.8, y - s * 0.42), (x + s, y + s * 0.1), (x - s, y + s * 0.1)], tone)
            for j in range(5):
                c.disc(x - s * 0.8 + j * s * 0.4, y + s * 0.1, s * 0.2, mix(tone, WHITE, 0.45 * (j % 2)), s * 0.12)
    for _ in range(20):
        x, t = r.uniform(20, 80), r.random()
        y, s = h * (0.76 + 0.22 * t), 2.2 + 3.4 * t
        body = mix(p.ink, p.deep, r.uniform(0, 0.6))
        c.disc(x, y - s * 1.5, s * 0.48, body)
        c.box(x - s * 0.75, y - s, x + s * 0.75, y + 30, body, round_by=s * 0.6)
    for line in range(5):
        y, s = h * (0.06 + 0.095 * line), 5.2 - 0.75 * line
        sag, shift = 3.5, r.uniform(-6, 6)
        half = 56 - 9 * line
        rope = smooth([(50 - half, y - sag), (50, y + sag), (50 + half, y - sag)])
        c.stroke(rope, 0.22, p.ink)
        n = 6 if line % 2 else 7
        points = [(50 + (k - n / 2 + 0.5) * half * 2 / n + shift * 0.2, 0.0) for k in range(n)]
        spots = [(x, y + sag * (1 - 2 * ((x - 50) / half) ** 2) + s) for x, _ in points]
        c.soft(lambda pen, at=spots, w=s: [pen.disc(x, yy, w * 1.5, 255) for x, yy in at], p.accent, opacity=0.5, blur=2.4)
        for x, yy in spots:
            _lantern(c, p, x, yy, s, mix(colour("#d8412f"), p.accent, 0.4))


def rainy_window(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(mix(p.deep, p.ink, 0.35), mix(p.deep, p.mid, 0.45))
    for tone in (p.accent, p.glow, p.mid, p.leaf):
        spots = [(r.uniform(0, 100), h * r.uniform(0.3, 0.86), r.uniform(2, 6.5)) for _ in range(13)]
        c.soft(lambda pen, at=spots: [pen.disc(*spot, 255) for spot in at], tone, opacity=0.55, blur=0.35)
        c.soft(lambda pen, at=spots: [pen.disc(x, y, s * 0.8, 255) for x, y, s in at], mix(tone, p.glow, 0.4), opacity=0.35, blur=0.9)
    for _ in range(110):
        x, y, s = r.uniform(0, 100), r.uniform(0, h), r.uniform(0.3, 1.15)
        c.disc(x, y, s, mix(p.deep, p.soft, 0.32), s * 1.15)
        c.disc(x, y + s * 0.2, s * 0.74, mix(p.deep, p.mid, 0.35), s * 0.8)
        c.disc(x - s * 0.25, y - s * 0.4, s * 0.24, WHITE)
    for _ in range(13):
        x, y, run = r.uniform(5, 95), r.uniform(0, h * 0.6), r.uniform(14, 44)
        path = smooth([(x, y), (x + r.uniform(-1, 1), y + run * 0.5), (x + r.uniform(-1.4, 1.4), y + run)])
        c.stroke(path, 0.42, mix(p.mid, p.soft, 0.35))
        ex, ey = path[-1]
        c.disc(ex, ey, 1.1, mix(p.mid, p.soft, 0.5), 1.5)
        c.disc(ex - 0.3, ey - 0.5, 0.3, WHITE)
    frame = mix(p.ink, p.deep, 0.15)
    c.box(0, 0, 100, 3, frame)
    c.box(0, 0, 3.4, h, frame)
    c.box(96.6, 0, 100, h, frame)
    c.box(48.8, 0, 51.2, h, frame)
    sill = h * 0.86
    c.wash(mix(p.paper, p.mid, 0.35), mix(p.soft, p.deep, 0.4), sill, h)
    c.box(0, sill - 1.6, 100, sill, frame)
    cup, cy = r.choice([26.0, 72.0]), sill + 3.5
    c.soft(lambda pen: pen.poly(oval(cup + 3, cy + 1, 10, 2), 255), p.ink, opacity=0.5, blur=1.2)
    c.ring(cup + 8.6, cy - 7, 3.3, 1.2, p.accent)
    c.poly(smooth([(cup - 8, cy - 12), (cup - 7.4, cy - 3), (cup - 4, cy + 0.6), (cup + 4, cy + 0.6), (cup + 7.4, cy - 3), (cup + 8, cy - 12)]), p.accent)
    c.disc(cup, cy - 12, 8, mix(p.accent, p.ink, 0.3), 1.7)
    c.disc(cup, cy - 11.6, 7, colour("#4d2d20"), 1.2)
    for k in (-2.4, 2.2):
        steam = smooth([(cup + k, cy - 14), (cup + k + 2, cy - 19), (cup + k - 1.5, cy - 24), (cup + k + 1, cy - 30)])
        c.soft(lambda pen, s=steam: pen.stroke(s, 1.3, 255), WHITE, opacity=0.55, blur=0.8)


def laundry(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(mix(p.mid, p.paper, 0.6), p.paper)
    for x0, x1, tone in ((0, 19, mix(p.accent, p.paper, 0.45)), (81, 100, mix(p.soft, p.mid, 0.3))):
        c.wash_poly([(x0, 0), (x1, 0), (x1, h), (x0, h)], tone, mix(tone, p.deep, 0.18))
        edge = x1 if x0 == 0 else x0
        c.box(edge - 0.7, 0, edge + 0.7, h, mix(tone, p.deep, 0.25))
        mid = (x0 + x1) / 2
        for k in range(4):
            y = h * (0.05 + 0.26 * k)
            c.box(mid - 5, y - 1, mid + 5, y + 16, WHITE)
            c.box(mid - 4, y, mid + 4, y + 15, mix(p.deep, p.mid, 0.3))
            for side in (-1, 1):
                c.box(mid + side * 6.7 - 1.7, y - 1, mid + side * 6.7 + 1.7, y + 16, mix(p.leaf, p.deep, 0.3))
    for line in range(3):
        y = h * (0.16 + 0.28 * line)
        rope = smooth([(19, y), (50, y + 4), (81, y)])
        c.stroke(rope, 0.3, p.ink)
        x = 23.0
        while x < 74:
            w = r.uniform(7, 13)
            hang = y + 4 * (1 - ((x + w / 2 - 50) / 31) ** 2) - 0.3
            tall = r.uniform(12, 20)
            tone = r.choice([p.accent, p.glow, p.deep, p.paper, p.leaf, p.mid, p.soft])
            sway = r.uniform(-1, 1.5)
            _garment(c, p, r, x, hang, w, tall, sway, tone)
            x += w + r.uniform(1, 3)


def _garment(c: Canvas, p: Palette, r: Random, x: float, y: float, w: float, tall: float,
             sway: float, tone: Colour) -> None:
    kind = r.choice(["shirt", "towel", "towel", "shirt", "socks"])
    c.soft(lambda pen: pen.box(x + 1, y + 1, x + w + 1.4, y + tall * 0.9, 255), p.deep, opacity=0.14, blur=1.5)
    if kind == "socks":
        for k in (0.15, 0.55):
            sx = x + w * k
            c.poly(smooth([(sx, y), (sx + 2.4, y), (sx + 2.4, y + 6), (sx + 4.6, y + 8), (sx + 3.8, y + 9.4), (sx, y + 8)], closed=True), tone)
    elif kind == "shirt":
        c.poly([(x + w * 0.2, y), (x + w * 0.8, y), (x + w * 1.12 + sway, y + tall * 0.36), (x + w * 0.92 + sway, y + tall * 0.44),
                (x + w * 0.82, y + tall * 0.3), (x + w * 0.84 + sway, y + tall), (x + w * 0.16 + sway, y + tall),
                (x + w * 0.18, y + tall * 0.3), (x + w * 0.08 + sway, y + tall * 0.44), (x - w * 0.12 + sway, y + tall * 0.36)], tone)
        c.disc(x + w * 0.5, y, w * 0.15, mix(tone, p.ink, 0.25), 1.3)
    else:
        hem = smooth([(x + w + sway, y + tall), (x + w * 0.6 + sway, y + tall - 0.8), (x + w * 0.3 + sway, y + tall + 0.6), (x + sway, y + tall)])
        c.poly([(x, y), (x + w, y), *hem.tolist()], tone)
        for k in (0.7, 0.8):
            c.stroke([(x + sway * k, y + tall * k), (x + w + sway * k, y + tall * k)], 0.6, mix(tone, WHITE, 0.5))
    for k in (0.25, 0.75):
        c.box(x + w * k - 0.3, y - 0.9, x + w * k + 0.3, y + 1.2, mix(p.ink, p.accent, 0.3))
