"""Things to eat and drink, mostly seen from above."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from ..canvas import Canvas, leaf_shape, oval, smooth
from ..palettes import WHITE, Colour, Palette, colour, mix

COFFEE = colour("#4b2c1e")
CREMA = colour("#b9773f")
MILK = colour("#fbeeda")
CRUST = colour("#c07f3e")
BAMBOO = colour("#d9b06f")
SOY = colour("#7a4424")


def tabletop(c: Canvas, p: Palette, r: Random, tone: Colour | None = None) -> None:
    """A wooden table from above: planks, grain, light from the upper left."""
    wood = tone or mix(p.soft, p.mid, 0.25)
    c.wash(mix(wood, p.paper, 0.25), mix(wood, p.mid, 0.2))
    edges = [0.0, r.uniform(26, 38), r.uniform(62, 76), 100.0]
    for x0, x1 in zip(edges, edges[1:], strict=False):
        for _ in range(5):
            x, bend = r.uniform(x0 + 1, x1 - 1), r.uniform(-1.5, 1.5)
            c.stroke(smooth([(x, -2), (x + bend, c.height * 0.4), (x - bend, c.height * 0.7), (x, c.height + 2)]),
                     0.22, mix(wood, p.mid, 0.3))
        c.stroke([(x1, 0), (x1, c.height)], 0.35, mix(wood, p.deep, 0.3))


def cloth(c: Canvas, p: Palette, r: Random) -> None:
    """A checked or striped cloth."""
    c.wash(p.paper, mix(p.paper, p.soft, 0.4))
    step, tone = 12.0, mix(p.paper, r.choice([p.mid, p.accent, p.deep]), 0.22)
    for k in range(int(max(100, c.height) // step) + 1):
        c.box(k * step, 0, k * step + 4, c.height, tone)
    for k in range(int(c.height // step) + 1):
        for x in range(10):
            c.box(x * step - 8, k * step, x * step, k * step + 4, tone)
            c.box(x * step, k * step, x * step + 4, k * step + 4, mix(tone, p.mid, 0.35))


def plate(c: Canvas, p: Palette, x: float, y: float, size: float, tone: Colour) -> None:
    c.soft(lambda pen: pen.disc(x + size * 0.07, y + size * 0.1, size * 1.02, 255), p.ink, opacity=0.38, blur=size * 0.06)
    c.disc(x, y, size, tone)
    c.disc(x, y, size * 0.95, mix(tone, WHITE, 0.45))
    c.disc(x, y, size * 0.76, mix(tone, p.deep, 0.1))
    c.disc(x + size * 0.012, y + size * 0.015, size * 0.73, mix(tone, WHITE, 0.3))


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
        c.stroke(smooth([(bx - 2 * math.cos(a), by - 2 * math.sin(a)), (bx + 0.4, by), (bx + 2 * math.cos(a), by + 2 * math.sin(a))]),
                 0.35, mix(COFFEE, CREMA, 0.5))


def _rosette(c: Canvas, x: float, y: float, s: float, r: Random) -> None:
    """Milk poured as a fern: nested leaves along a stem, closed with a heart."""
    a = r.uniform(-0.5, 0.5)
    turn = np.array([[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]])
    coffee = mix(CREMA, COFFEE, 0.3)
    for k in range(7):
        t = k / 6
        half, mid = s * (0.7 - 0.08 * k * (0.5 + t * 0.5)), s * (0.52 - 0.2 * k)
        wing = np.array([(0, mid + s * 0.24), (half * 0.65, mid + s * 0.06), (half, mid - s * 0.2),
                         (half * 0.6, mid - s * 0.12), (0, mid + s * 0.05)])
        left = wing[::-1] * (-1, 1)
        c.poly(smooth(np.vstack([wing, left[1:]]), closed=True) @ turn.T + (x, y), mix(MILK, CREMA, 0.1 * (k % 2)))
    stem = np.array([(0, s * 0.76), (0.2, 0), (0, -s * 0.82)]) @ turn.T + (x, y)
    heart = np.array([(0, -s * 0.55), (s * 0.17, -s * 0.72), (s * 0.09, -s * 0.84), (0, -s * 0.76), (-s * 0.09, -s * 0.84), (-s * 0.17, -s * 0.72)])
    c.poly(smooth(heart, closed=True) @ turn.T + (x, y), MILK)
    c.stroke(smooth(stem), 0.5, coffee)


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
    for k in range(2):
        c.shadow([np.array([(6 + k * 5, h * 0.02), (7.4 + k * 5, h * 0.02), (x + s * 0.6 + k * 3, h * 0.2), (x + s * 0.57 + k * 3, h * 0.21)])],
                 p.ink, 0.4, 1, 0.6, 1.4)
        c.poly([(6 + k * 5, h * 0.06), (6.6 + k * 5, h * 0.045), (96, h * (0.17 - 0.045 * k)), (96, h * (0.185 - 0.045 * k))], mix(p.accent, p.ink, 0.25))
        c.poly([(6 + k * 5, h * 0.06), (6.6 + k * 5, h * 0.045), (22 + k * 5, h * (0.07 - 0.01 * k)), (22 + k * 5, h * (0.085 - 0.01 * k))], mix(p.accent, p.glow, 0.5))


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
            pts = [(bx + math.cos(a) * d * s - math.sin(a) * (off + s * 0.13 * math.sin(d * 4 + bundle)),
                    by + math.sin(a) * d * s + math.cos(a) * (off + s * 0.13 * math.sin(d * 4 + bundle)))
                   for d in (-0.75, -0.45, -0.15, 0.15, 0.45, 0.75)]
            c.stroke(smooth(pts), s * 0.045, mix(noodle, broth, 0.42))
            c.stroke(smooth(pts), s * 0.028, noodle)


def _toppings(c: Canvas, p: Palette, r: Random, x: float, y: float, s: float) -> None:
    nori = colour("#24382f")
    c.poly([(x + s * 0.3, y - s * 0.95), (x + s * 0.78, y - s * 0.78), (x + s * 0.6, y - s * 0.2), (x + s * 0.16, y - s * 0.38)], nori)
    for dx, dy in ((-0.42, -0.34), (-0.2, -0.5)):
        px, py = x + dx * s, y + dy * s
        c.soft(lambda pen, px=px, py=py: pen.disc(px + 0.6, py + 1, s * 0.25, 255), COFFEE, opacity=0.4, blur=0.8)
        c.disc(px, py, s * 0.26, SOY)
        c.disc(px, py, s * 0.235, colour("#dba178"))
        spiral = [(px + s * 0.2 * t * math.cos(t * 9), py + s * 0.2 * t * math.sin(t * 9)) for t in np.linspace(0.15, 1, 26)]
        c.stroke(smooth(spiral, steps=4), s * 0.03, colour("#f3d9bf"))
    for dx, dy, a in ((0.38, 0.28, 0.4), (0.12, 0.46, 1.2)):
        px, py = x + dx * s, y + dy * s
        c.soft(lambda pen, px=px, py=py: pen.disc(px + 0.6, py + 1, s * 0.23, 255), COFFEE, opacity=0.4, blur=0.8)
        c.poly(oval(px, py, s * 0.26, s * 0.2, a), colour("#fff6e6"))
        c.poly(oval(px + 0.3, py, s * 0.15, s * 0.13, a), colour("#f08a24"))
        c.poly(oval(px, py - 0.4, s * 0.07, s * 0.045, a), colour("#f9b65c"))
    for _ in range(30):
        a, d = r.uniform(2, 4), r.uniform(0.1, 0.62)
        px, py, k = x + s * d * math.cos(a), y + s * (0.2 + d * 0.5 * math.sin(a) + 0.25), r.uniform(0.9, 1.5)
        c.ring(px, py, k, 0.5, mix(colour("#79a84a"), p.glow, r.uniform(0, 0.4)))


def steamer(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    tabletop(c, p, r, mix(p.soft, p.deep, 0.3))
    x, y, s = 50.0, h * 0.5, min(43, h * 0.46)
    c.soft(lambda pen: pen.disc(x + 3, y + 5, s, 255), p.ink, opacity=0.55, blur=2.6)
    for k, tone in ((1.0, mix(BAMBOO, COFFEE, 0.35)), (0.97, BAMBOO), (0.91, mix(BAMBOO, COFFEE, 0.2)), (0.89, mix(BAMBOO, WHITE, 0.25)),
                    (0.83, mix(BAMBOO, COFFEE, 0.45))):
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
            c.stroke([(bx - math.sin(a) * off - math.cos(a) * 2.6, by + math.cos(a) * off - math.sin(a) * 2.6),
                      (bx - math.sin(a) * off + math.cos(a) * 2.6, by + math.cos(a) * off + math.sin(a) * 2.6)], 0.9, mix(BAMBOO, COFFEE, 0.55))
    spots = [(0.0, 0.0)] + [(s * 0.52 * math.cos(k * math.pi / 3 + 0.4), s * 0.52 * math.sin(k * math.pi / 3 + 0.4)) for k in range(6)]
    for k, (dx, dy) in enumerate(spots):
        _bun(c, r, x + dx, y + dy, s * 0.235, mix(p.accent, WHITE, 0.75) if k in (2,) else colour("#fbf3e4"))
    for k in range(4):
        sx, sy = x + r.uniform(-18, 18), y - r.uniform(0, 16)
        wisp = smooth([(sx, sy), (sx + 4, sy - 10), (sx - 3, sy - 19), (sx + 3, sy - 29)])
        c.soft(lambda pen, w=wisp: pen.stroke(w, 3.4, 255), WHITE, opacity=0.4, blur=2)


def _bun(c: Canvas, r: Random, x: float, y: float, s: float, dough: Colour) -> None:
    shade = mix(dough, SOY, 0.22)
    c.soft(lambda pen: pen.disc(x + 0.9, y + 1.4, s, 255), COFFEE, opacity=0.5, blur=0.9)
    c.disc(x, y, s, shade)
    c.disc(x - s * 0.05, y - s * 0.07, s * 0.94, dough)
    twist = r.uniform(0, 1)
    for k in range(13):
        a = k / 13 * 2 * math.pi
        fold = [(x + s * d * math.cos(a + twist + (1 - d) * 1.2), y + s * d * math.sin(a + twist + (1 - d) * 1.2)) for d in (0.12, 0.4, 0.66, 0.84)]
        c.stroke(smooth(fold), s * 0.035, shade)
    c.disc(x, y, s * 0.12, mix(shade, SOY, 0.2))


def bread(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    cloth(c, p, r)
    x, y = 50.0, h * 0.5
    board = mix(BAMBOO, p.mid, 0.25)
    w = min(38.0, h * 0.42)
    c.soft(lambda pen: pen.box(x - w + 2, y - w + 4, x + w + 2, y + w + 4, 255), p.ink, opacity=0.45, blur=2)
    c.box(x - w, y - w, x + w, y + w, board, round_by=5)
    for k in range(9):
        yy = y - w + 4 + k * w * 0.23
        c.stroke(smooth([(x - w + 1, yy), (x, yy + r.uniform(-2, 2)), (x + w - 1, yy)]), 0.25, mix(board, SOY, 0.3))
    s = w * 0.76
    c.soft(lambda pen: pen.disc(x + 2, y + 3, s, 255), COFFEE, opacity=0.6, blur=1.8)
    for k in range(10):
        t = k / 9
        c.disc(x - 0.2 * k, y - 0.3 * k, s * (1 - 0.055 * k), mix(mix(CRUST, COFFEE, 0.45), mix(CRUST, p.glow, 0.35), t))
    flour = colour("#fff5e2")
    for k in range(3):
        ring = s * (0.88 - 0.2 * k)
        c.soft(lambda pen, q=ring: pen.ring(x, y, q, 1.1, 255), flour, opacity=0.55, blur=0.35)
    a = r.uniform(-0.9, -0.5)
    cos, sin = math.cos(a), math.sin(a)
    ear = [(x + cos * d * s - sin * k * s, y + sin * d * s + cos * k * s) for d, k in
           ((-0.72, 0), (-0.35, -0.16), (0, -0.2), (0.35, -0.16), (0.72, 0), (0.35, 0.06), (0, 0.09), (-0.35, 0.06))]
    c.poly(smooth(ear, closed=True), mix(CRUST, COFFEE, 0.55))
    c.poly(smooth([(u * 0.94 + x * 0.06 + 0.5, v * 0.94 + y * 0.06 + 0.9) for u, v in ear], closed=True), colour("#f0cf93"))
    for k in range(5):
        for side in (-1, 1):
            bx, by = x + cos * (k - 2) * s * 0.2 - sin * side * s * 0.36, y + sin * (k - 2) * s * 0.2 + cos * side * s * 0.36
            c.poly(leaf_shape(bx, by, s * 0.3, s * 0.075, a + side * 0.9), mix(flour, CRUST, 0.25))
    for _ in range(90):
        d = r.gauss(0, 1)
        c.disc(x + r.uniform(-w, w), y + d * w * 0.5, r.uniform(0.12, 0.4), flour)


def tarts(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(mix(p.deep, p.mid, 0.25), mix(p.deep, p.ink, 0.15))
    c.box(4, 4, 96, h - 4, mix(p.ink, p.deep, 0.35), round_by=4)
    c.box(5.2, 5.2, 94.8, h - 5.2, mix(p.deep, p.soft, 0.35), round_by=3.4)
    c.box(6.4, 6.4, 93.6, h - 6.4, mix(p.deep, p.soft, 0.16), round_by=3)
    columns, rows = 3, max(2, round(h / 33))
    s = min(88 / columns, (h - 12) / rows) * 0.44
    for row in range(rows):
        for col in range(columns):
            x, y = 6 + 88 * (col + 0.5) / columns, 6 + (h - 12) * (row + 0.5) / rows
            if (row, col) == (rows - 1, 2):
                for _ in range(24):
                    c.disc(x + r.gauss(0, 5), y + r.gauss(0, 5), r.uniform(0.2, 0.8), mix(CRUST, p.glow, r.random() * 0.6))
                continue
            _tart(c, p, r, x, y, s)


def _tart(c: Canvas, p: Palette, r: Random, x: float, y: float, s: float) -> None:
    c.soft(lambda pen: pen.disc(x + 1.4, y + 2, s, 255), p.ink, opacity=0.55, blur=1.2)
    turn = r.uniform(0, 6)
    rim = [(x + s * k * math.cos(turn + a * math.pi / 14), y + s * k * math.sin(turn + a * math.pi / 14))
           for a in range(28) for k in [1.0 if a % 2 else 0.95]]
    c.poly(rim, mix(CRUST, COFFEE, 0.22))
    for k in range(4):
        c.ring(x, y, s * (0.95 - 0.05 * k), s * 0.025, mix(colour("#efc583"), CRUST, 0.25 * k))
    c.disc(x, y, s * 0.76, mix(CRUST, COFFEE, 0.5))
    custard = oval(x, y, s * 0.74, s * 0.74)
    c.poly(custard, colour("#f6c544"))
    c.disc(x - s * 0.1, y - s * 0.12, s * 0.55, colour("#fbd766"))

    for _ in range(6):
        a, d = r.uniform(0, 6.28), s * r.uniform(0.1, 0.48)
        spot, size = (x + d * math.cos(a), y + d * math.sin(a)), s * r.uniform(0.1, 0.2)
        for k, tone in ((1.0, colour("#d98c2b")), (0.72, colour("#8a4a1c")), (0.42, colour("#512812"))):
            c.poly(oval(*spot, size * k * 1.3, size * k, a), tone)
    c.poly(oval(x - s * 0.3, y - s * 0.38, s * 0.2, s * 0.05, -0.7), mix(colour("#fbd766"), WHITE, 0.7))


def teapot(c: Canvas, p: Palette, r: Random) -> None:
    h, line = c.height, c.height * 0.68
    c.wash(mix(p.soft, p.paper, 0.5), mix(p.soft, p.mid, 0.25), 0, line)
    wx = r.choice([26.0, 74.0])
    c.disc(wx, h * 0.27, 21, mix(p.glow, p.paper, 0.3))
    bough = smooth([(102 if wx > 50 else -2, h * 0.1), (wx, h * 0.15), (wx + (-16 if wx > 50 else 16), h * 0.22)])
    c.stroke(bough, 0.7, mix(p.ink, SOY, 0.4))
    for k, (bx, by) in enumerate(bough[2::2]):
        lean = (2.4 if wx > 50 else 0.7) + (0.9 if k % 2 else -0.7)
        c.poly(leaf_shape(bx, by, r.uniform(6, 9), 2.6, lean), mix(p.leaf, p.deep, 0.3 * (k % 3)))
    c.wash(mix(p.mid, SOY, 0.3), mix(p.deep, SOY, 0.3), line, h)
    c.box(0, line, 100, line + 1.2, mix(p.mid, p.glow, 0.3))
    clay = mix(colour("#8d4a33"), p.deep, 0.3)
    x, foot, s = 44.0, line + 7, 21.0
    c.soft(lambda pen: pen.poly(oval(x + 5, foot + 0.6, s * 1.3, 3, 0), 255), p.ink, opacity=0.55, blur=1.4)
    handle = smooth([(x - s * 0.8, foot - s * 1.05), (x - s * 1.5, foot - s * 1.05), (x - s * 1.6, foot - s * 0.5), (x - s * 0.85, foot - s * 0.28)])
    c.stroke(handle, 2.6, mix(clay, p.ink, 0.2))
    spout = smooth([(x + s * 0.7, foot - s * 0.25), (x + s * 1.12, foot - s * 0.5), (x + s * 1.28, foot - s * 0.85),
                    (x + s * 1.6, foot - s * 1.3)])
    throat = smooth([(x + s * 1.38, foot - s * 1.3), (x + s * 1.06, foot - s * 0.95), (x + s * 0.94, foot - s * 0.8), (x + s * 0.6, foot - s * 0.8)])
    c.poly(np.vstack([spout, throat]), mix(clay, p.ink, 0.12))
    body = smooth([(x - s * 0.55, foot), (x - s, foot - s * 0.4), (x - s * 0.9, foot - s * 0.95), (x - s * 0.4, foot - s * 1.25),
                   (x + s * 0.4, foot - s * 1.25), (x + s * 0.9, foot - s * 0.95), (x + s, foot - s * 0.4), (x + s * 0.55, foot)], closed=True)
    c.wash_poly(body, mix(clay, p.glow, 0.22), mix(clay, p.ink, 0.25))
    c.poly(smooth([(x - s * 0.72, foot - s * 0.35), (x - s * 0.72, foot - s * 0.8), (x - s * 0.5, foot - s * 1.02), (x - s * 0.62, foot - s * 0.6)], closed=True), mix(clay, WHITE, 0.32))
    c.poly(smooth([(x - s * 0.5, foot - s * 1.22), (x - s * 0.3, foot - s * 1.4), (x + s * 0.3, foot - s * 1.4), (x + s * 0.5, foot - s * 1.22)], closed=True), mix(clay, p.ink, 0.2))
    c.disc(x, foot - s * 1.48, s * 0.11, mix(clay, p.glow, 0.15))
    for cx, cy in ((78.0, line + 9), (90.0, line + 14)):
        c.soft(lambda pen, cx=cx, cy=cy: pen.poly(oval(cx + 1.4, cy + 0.5, 7, 1.8), 255), p.ink, opacity=0.5, blur=1)
        c.poly(smooth([(cx - 6.2, cy - 7), (cx - 5, cy - 1), (cx - 2, cy + 0.4), (cx + 2, cy + 0.4), (cx + 5, cy - 1), (cx + 6.2, cy - 7)]), mix(p.paper, p.leaf, 0.18))
        c.disc(cx, cy - 7, 6.2, WHITE, 1.6)
        c.disc(cx, cy - 6.8, 5.4, mix(colour("#cf9a3f"), p.leaf, 0.2), 1.2)
        wisp = smooth([(cx, cy - 9), (cx + 2, cy - 14), (cx - 1.5, cy - 19), (cx + 1, cy - 26)])
        c.soft(lambda pen, w=wisp: pen.stroke(w, 1.5, 255), WHITE, opacity=0.6, blur=0.9)


def hotpot(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    tabletop(c, p, r, mix(p.ink, p.deep, 0.5))
    x, y, s = 50.0, h * 0.5, min(40, h * 0.42)
    c.soft(lambda pen: pen.disc(x + 2, y + 4, s * 1.05, 255), (10, 8, 10), opacity=0.6, blur=2.5)
    for side in (-1, 1):
        c.box(x + side * s * 1.05 - 5, y - 6, x + side * s * 1.05 + 5, y + 6, mix(p.soft, p.ink, 0.35), round_by=3)
    steel = mix(p.soft, p.deep, 0.25)
    for k, tone in ((1.03, mix(steel, p.ink, 0.35)), (1.0, mix(steel, WHITE, 0.5)), (0.94, steel)):
        c.disc(x, y, s * k, tone)
    q, red, pale = s * 0.9, colour("#b3271a"), colour("#f4e3bd")
    c.disc(x, y, q, red)
    t = np.linspace(-math.pi / 2, math.pi / 2, 40)
    bend = np.vstack([np.column_stack([x + q / 2 * np.cos(t), y - q / 2 + q / 2 * np.sin(t)]),
                      np.column_stack([x - q / 2 * np.cos(t), y + q / 2 + q / 2 * np.sin(t)])])
    outer = np.column_stack([x - q * np.cos(t[::-1]), y + q * np.sin(t[::-1])])
    c.poly(np.vstack([bend, outer]), pale)
    for _ in range(240):
        a, d = r.uniform(0, 6.28), q * math.sqrt(r.random()) * 0.95
        px, py = x + d * math.cos(a), y + d * math.sin(a)
        hot = c.image.getpixel((round(px * c.scale), round(py * c.scale)))[1] < 120
        if hot:
            _spice(c, r, px, py, red)
        elif r.random() < 0.25:
            c.disc(px, py, r.uniform(0.4, 1.3), mix(pale, WHITE, 0.5))
    for dx, dy in ((-0.55, -0.1), (-0.4, 0.3), (-0.62, 0.18), (-0.2, -0.05)):
        px, py = x + dx * q, y + dy * q
        c.disc(px, py, 3.6, mix(pale, SOY, 0.35))
        c.disc(px - 0.3, py - 0.4, 3.2, mix(pale, WHITE, 0.6))
    c.stroke(bend, 1.3, mix(steel, WHITE, 0.35))
    for bx, by in ((12, 0.12), (88, 0.88), (12, 0.88), (88, 0.12)):
        plate(c, p, bx, h * by, 11, mix(p.paper, p.soft, 0.3))
        for _ in range(12):
            a, d = r.uniform(0, 6.28), r.uniform(0, 6)
            c.poly(leaf_shape(bx + d * math.cos(a), h * by + d * math.sin(a), 3.4, 1.6, a),
                   mix([p.leaf, colour("#e8b7a2"), p.glow, colour("#8c5a3c")][int(bx + by * 9) % 4], p.paper, r.random() * 0.4))


def _spice(c: Canvas, r: Random, x: float, y: float, red: Colour) -> None:
    kind = r.random()
    if kind < 0.3:
        c.poly(leaf_shape(x, y, r.uniform(4, 6.5), 1.3, r.uniform(0, 6.28)), r.choice([colour("#d8371f"), colour("#7d1512")]))
    elif kind < 0.65:
        c.disc(x, y, r.uniform(0.4, 1.7), r.choice([colour("#d9542b"), colour("#e98a3c"), mix(red, WHITE, 0.14)]))
    else:
        c.disc(x, y, 0.5, colour("#4b2416"))


def supper(c: Canvas, p: Palette, r: Random) -> None:
    """A family table from above: several dishes, rice bowls, chopsticks."""
    h = c.height
    tabletop(c, p, r)
    dishes = [(33, 0.3, 22, colour("#a94f2c")), (73, 0.42, 18, colour("#e9b23e")), (34, 0.68, 19, p.leaf), (76, 0.76, 16, colour("#e7d8b8"))]
    glazes = [p.paper, mix(p.mid, p.paper, 0.4), mix(p.deep, p.paper, 0.25), mix(p.accent, p.paper, 0.5)]
    r.shuffle(glazes)
    for (x, fy, s, food), glaze in zip(dishes, glazes, strict=True):
        y = h * fy
        plate(c, p, x, y, s, glaze)
        for _ in range(70):
            a, d = r.uniform(0, 6.28), s * 0.62 * math.sqrt(r.random())
            px, py = x + d * math.cos(a), y + d * math.sin(a)
            tone = mix(food, r.choice([WHITE, COFFEE, p.glow, p.leaf]), r.uniform(0, 0.32))
            if food == p.leaf:
                c.poly(leaf_shape(px, py, s * 0.3, s * 0.13, r.uniform(0, 6.28)), tone)
            else:
                c.poly(oval(px, py, s * r.uniform(0.07, 0.13), s * r.uniform(0.06, 0.1), a), tone)
        for _ in range(9):
            a, d = r.uniform(0, 6.28), s * 0.5 * r.random()
            c.ring(x + d * math.cos(a), y + d * math.sin(a), 0.8, 0.4, colour("#9cc065"))
    for x, fy in ((8, 0.06), (92, 0.1), (8, 0.93), (57, 0.98)):
        y = h * fy
        plate(c, p, x, y, 12, p.deep)
        c.disc(x, y, 9.4, WHITE)
        for _ in range(26):
            a, d = r.uniform(0, 6.28), 8 * math.sqrt(r.random())
            c.poly(oval(x + d * math.cos(a), y + d * math.sin(a), 0.9, 0.4, r.uniform(0, 3)), mix(WHITE, p.soft, 0.4))
    for k in (0, 2.2):
        c.stroke([(55 + k, h * 0.03), (58 + k, h * 0.23)], 0.9, mix(SOY, p.ink, 0.2))


def citrus(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(mix(p.soft, p.paper, 0.35), mix(p.soft, p.mid, 0.3))
    spots: list[tuple[float, float, float]] = []
    for _ in range(400):
        s = r.uniform(7, 15)
        x, y = r.uniform(-2, 102), r.uniform(-2, h + 2)
        if all(math.hypot(x - a, y - b) > s + d + 1 for a, b, d in spots):
            spots.append((x, y, s))
    c.soft(lambda pen: [pen.disc(x + 1.3, y + 2, s, 255) for x, y, s in spots], p.ink, opacity=0.35, blur=1.2)
    peels = [colour("#f39a2e"), colour("#f2c230"), mix(colour("#e8643c"), p.accent, 0.4), mix(colour("#a7bd3f"), p.leaf, 0.3)]
    for x, y, s in spots:
        peel, turn = r.choice(peels), r.uniform(0, 6)
        c.disc(x, y, s, peel)
        if r.random() < 0.3:
            c.disc(x - s * 0.2, y - s * 0.25, s * 0.6, mix(peel, p.glow, 0.3))
            c.poly(leaf_shape(x, y - s * 0.3, s * 1.2, s * 0.5, turn), p.leaf)
            c.disc(x, y - s * 0.3, s * 0.09, mix(p.leaf, p.ink, 0.5))
            continue
        c.disc(x, y, s * 0.9, mix(peel, WHITE, 0.82))
        for k in range(9):
            a0, a1 = turn + k * math.tau / 9 + 0.06, turn + (k + 1) * math.tau / 9 - 0.06
            mid = (a0 + a1) / 2
            wedge = [(x + s * 0.1 * math.cos(mid), y + s * 0.1 * math.sin(mid)), (x + s * 0.74 * math.cos(a0), y + s * 0.74 * math.sin(a0)),
                     (x + s * 0.83 * math.cos(mid), y + s * 0.83 * math.sin(mid)), (x + s * 0.74 * math.cos(a1), y + s * 0.74 * math.sin(a1))]
            c.poly(wedge, mix(peel, p.glow, 0.12 + 0.1 * (k % 2)))
