"""Streets by day: roofs, a tram, a shop, washing on the line."""

from __future__ import annotations

from random import Random

from ..canvas import Canvas, at, leaf_shape, smooth
from ..palettes import WHITE, Colour, Palette, colour, mix
from .hills import closed_below, ridge


def _house(
    c: Canvas,
    p: Palette,
    r: Random,
    x: float,
    y: float,
    w: float,
    tall: float,
    wall: Colour,
    roof: Colour,
) -> None:
    c.box(x, y - tall, x + w, y + 60, wall)
    c.box(x + w * 0.78, y - tall, x + w, y + 60, mix(wall, p.deep, 0.12))
    eave, up = w * 0.06, w * r.uniform(0.16, 0.3)
    c.wash_poly(
        [
            (x - eave, y - tall + 0.4),
            (x + w * 0.12, y - tall - up),
            (x + w * 0.88, y - tall - up),
            (x + w + eave, y - tall + 0.4),
        ],
        mix(roof, p.glow, 0.2),
        roof,
    )
    for k in range(1, 9):
        t = k / 9
        c.stroke(
            [
                (x + w * (0.12 + 0.76 * t), y - tall - up),
                (x - eave + (w + 2 * eave) * t, y - tall + 0.3),
            ],
            0.14,
            mix(roof, p.ink, 0.28),
        )
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
    c.wash_poly(
        closed_below(ridge(r, h * 0.36, h * 0.06, 0.2), h),
        mix(p.deep, p.soft, 0.62),
        mix(p.deep, p.soft, 0.72),
    )
    c.wash(mix(p.deep, p.soft, 0.45), mix(p.deep, p.soft, 0.6), h * 0.36, h * 0.6)
    roof = mix(colour("#c9653f"), p.accent, 0.3)
    walls = [
        p.paper,
        mix(p.glow, p.paper, 0.4),
        mix(p.soft, p.paper, 0.4),
        mix(p.accent, p.paper, 0.72),
        mix(p.mid, p.paper, 0.62),
    ]
    for row in range(6):
        y = h * (0.47 + 0.115 * row)
        x, scale = r.uniform(-14, -4), 0.75 + 0.16 * row
        while x < 102:
            w = r.uniform(12, 20) * scale
            _house(
                c,
                p,
                r,
                x,
                y,
                w,
                r.uniform(5, 13) * scale,
                r.choice(walls),
                mix(roof, p.ink, r.uniform(0, 0.16)),
            )
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
            c.poly(at(x, y, 1, "2.5 .9, 4.1 2.5, 2.5 4.1, .9 2.5"), mix(p.deep, p.paper, 0.55))


def tram(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    ground = h * 0.82
    _tiled_wall(c, p, r, ground)
    _flower_windows(c, p, r, h)
    c.wash(mix(p.mid, p.paper, 0.5), mix(p.deep, p.soft, 0.5), ground, h)
    for _ in range(60):
        x, y = r.uniform(0, 100), r.uniform(ground + 2, h)
        c.box(
            x,
            y,
            x + 3.2,
            y + 0.9,
            mix(mix(p.deep, p.soft, 0.6), p.paper, r.uniform(0, 0.5)),
            round_by=0.3,
        )
    _tram_car(c, p, r, h, ground)
    for y in (ground + 4.2, ground + 8):
        c.stroke([(-2, y), (102, y)], 0.5, mix(p.ink, p.soft, 0.25))


def _flower_windows(c: Canvas, p: Palette, r: Random, h: float) -> None:
    for x in (7, 70):
        c.box(x - 1.2, h * 0.1, x + 22.2, h * 0.42, WHITE)
        c.box(x, h * 0.115, x + 21, h * 0.42, mix(p.deep, p.ink, 0.2))
        for k in range(1, 3):
            c.box(x + 7 * k - 0.4, h * 0.115, x + 7 * k + 0.4, h * 0.42, WHITE)
        c.box(x - 3, h * 0.42, x + 24, h * 0.435, mix(p.soft, p.mid, 0.4))
        for k in range(9):
            fx = x + 2.4 * k
            for j in range(3):
                c.poly(
                    leaf_shape(fx, h * 0.42, r.uniform(2.5, 5), 1.2, -1.57 + (j - 1) * 0.5),
                    mix(p.leaf, p.deep, r.random() * 0.4),
                )
            c.disc(fx, h * 0.42 - r.uniform(2, 4), 0.8, r.choice([p.accent, p.glow]))


def _tram_car(c: Canvas, p: Palette, r: Random, h: float, ground: float) -> None:
    body = mix(colour("#f2b632"), p.accent, 0.22)
    left, right, top, foot = 12.0, 88.0, h * 0.44, ground - 1
    c.soft(
        lambda pen: pen.box(left, foot, right + 3, foot + 4.5, 255), p.ink, opacity=0.5, blur=1.3
    )
    c.stroke([(40, top - 1), (58, top - 15), (58, -2)], 0.45, p.ink)
    c.box(left + 6, top - 2.6, right - 6, top + 2, mix(p.paper, body, 0.2), round_by=1.5)
    c.box(left, top, right, foot, body, round_by=4)
    c.box(left, top + (foot - top) * 0.56, right, foot - 4, mix(body, p.paper, 0.78))
    c.box(left, top + (foot - top) * 0.56, right, top + (foot - top) * 0.585, p.ink)
    for k in range(5):
        wx = left + 5 + k * 13.6
        c.box(wx, top + 5, wx + 11, top + (foot - top) * 0.5, p.ink, round_by=1.2)
        c.wash_poly(
            [
                (wx + 0.7, top + 5.8),
                (wx + 10.3, top + 5.8),
                (wx + 10.3, top + (foot - top) * 0.48),
                (wx + 0.7, top + (foot - top) * 0.48),
            ],
            mix(p.mid, p.paper, 0.45),
            mix(p.deep, p.mid, 0.35),
        )
        if k in (1, 3, 4):
            hx, hy = wx + 5.5, top + (foot - top) * 0.36
            c.disc(hx, hy, 2.1, mix(p.ink, p.accent, 0.12))
            c.box(
                hx - 3,
                hy + 2,
                hx + 3,
                top + (foot - top) * 0.48,
                r.choice([p.accent, p.leaf, p.deep]),
                round_by=1.4,
            )
    for wx in (30, 70):
        c.disc(wx, foot, 4.6, p.ink)
        c.disc(wx, foot, 2.3, mix(p.ink, p.soft, 0.5))
    c.disc(left + 3, foot - 8, 1.5, p.glow)
    c.disc(right - 3, foot - 8, 1.5, p.accent)


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
                c.box(
                    mid + side * 6.7 - 1.7,
                    y - 1,
                    mid + side * 6.7 + 1.7,
                    y + 16,
                    mix(p.leaf, p.deep, 0.3),
                )
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


def _garment(
    c: Canvas,
    p: Palette,
    r: Random,
    x: float,
    y: float,
    w: float,
    tall: float,
    sway: float,
    tone: Colour,
) -> None:
    kind = r.choice(["shirt", "towel", "towel", "shirt", "socks"])
    c.soft(
        lambda pen: pen.box(x + 1, y + 1, x + w + 1.4, y + tall * 0.9, 255),
        p.deep,
        opacity=0.14,
        blur=1.5,
    )
    _cut_cloth(c, p, x, y, w, tall, sway, tone, kind)
    for k in (0.25, 0.75):
        c.box(x + w * k - 0.3, y - 0.9, x + w * k + 0.3, y + 1.2, mix(p.ink, p.accent, 0.3))


def _cut_cloth(
    c: Canvas,
    p: Palette,
    x: float,
    y: float,
    w: float,
    tall: float,
    sway: float,
    tone: Colour,
    kind: str,
) -> None:
    if kind == "socks":
        for k in (0.15, 0.55):
            sx = x + w * k
            c.poly(
                smooth(at(sx, y, 1, "0 0, 2.4 0, 2.4 6, 4.6 8, 3.8 9.4, 0 8"), closed=True), tone
            )
    elif kind == "shirt":
        c.poly(
            [
                (x + w * 0.2, y),
                (x + w * 0.8, y),
                (x + w * 1.12 + sway, y + tall * 0.36),
                (x + w * 0.92 + sway, y + tall * 0.44),
                (x + w * 0.82, y + tall * 0.3),
                (x + w * 0.84 + sway, y + tall),
                (x + w * 0.16 + sway, y + tall),
                (x + w * 0.18, y + tall * 0.3),
                (x + w * 0.08 + sway, y + tall * 0.44),
                (x - w * 0.12 + sway, y + tall * 0.36),
            ],
            tone,
        )
        c.disc(x + w * 0.5, y, w * 0.15, mix(tone, p.ink, 0.25), 1.3)
    else:
        hem = smooth(
            [
                (x + w + sway, y + tall),
                (x + w * 0.6 + sway, y + tall - 0.8),
                (x + w * 0.3 + sway, y + tall + 0.6),
                (x + sway, y + tall),
            ]
        )
        c.poly([(x, y), (x + w, y), *hem.tolist()], tone)
        for k in (0.7, 0.8):
            c.stroke(
                [(x + sway * k, y + tall * k), (x + w + sway * k, y + tall * k)],
                0.6,
                mix(tone, WHITE, 0.5),
            )
