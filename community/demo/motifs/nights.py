"""The city after dark: lit windows, lanterns, rain on the glass."""

from __future__ import annotations

from random import Random

from ..canvas import Canvas, at, oval, smooth
from ..palettes import WHITE, Colour, Palette, colour, mix


def _tower(
    c: Canvas, p: Palette, r: Random, x: float, w: float, top: float, body: Colour, lit: float
) -> None:
    h = c.height
    c.box(x, top, x + w, h, body)
    shape = r.random()
    if shape < 0.2:
        c.poly([(x, top), (x + w / 2, top - w * 0.7), (x + w, top)], body)
    elif shape < 0.45:
        c.box(x + w * 0.25, top - w * 0.35, x + w * 0.75, top, body)
        c.stroke(
            [(x + w / 2, top - w * 0.3), (x + w / 2, top - w * 0.3 - r.uniform(3, 9))], 0.25, body
        )
    columns = max(2, int(w / 2.1))
    pitch = w / columns
    y = top + 2
    while y < h:
        for k in range(columns):
            if r.random() < lit:
                wx = x + pitch * (k + 0.27)
                tone = r.choice(
                    [p.glow, p.glow, mix(p.accent, p.glow, 0.5), mix(body, p.glow, 0.35)]
                )
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
            c.soft(
                lambda pen: pen.box(0, h * 0.72, 100, h, 255),
                mix(p.soft, p.accent, 0.3),
                opacity=0.28,
                blur=9,
            )


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
    _stalls(c, p, h)
    for _ in range(20):
        x, t = r.uniform(20, 80), r.random()
        y, s = h * (0.76 + 0.22 * t), 2.2 + 3.4 * t
        body = mix(p.ink, p.deep, r.uniform(0, 0.6))
        c.disc(x, y - s * 1.5, s * 0.48, body)
        c.box(x - s * 0.75, y - s, x + s * 0.75, y + 30, body, round_by=s * 0.6)
    _lantern_strings(c, p, r, h)


def _stalls(c: Canvas, p: Palette, h: float) -> None:
    for k in range(5):
        for side in (-1, 1):
            t = k / 4
            x, y, s = 50 + side * (11 + 34 * t), h * (0.64 + 0.07 * t), 5 + 11 * t
            tone = [p.accent, p.glow, p.leaf, p.soft, mix(p.accent, p.deep, 0.4)][
                (k + (side > 0) * 2) % 5
            ]
            c.box(x - s * 0.8, y, x + s * 0.8, y + s * 1.2, mix(p.ink, p.glow, 0.12))
            c.box(x - s * 0.7, y + s * 0.1, x + s * 0.7, y + s * 0.45, mix(p.glow, p.accent, 0.2))
            c.poly(at(x, y, s, "-.8 -.42, .8 -.42, 1 .1, -1 .1"), tone)
            for j in range(5):
                c.disc(
                    x - s * 0.8 + j * s * 0.4,
                    y + s * 0.1,
                    s * 0.2,
                    mix(tone, WHITE, 0.45 * (j % 2)),
                    s * 0.12,
                )


def _lantern_strings(c: Canvas, p: Palette, r: Random, h: float) -> None:
    for line in range(5):
        y, s = h * (0.06 + 0.095 * line), 5.2 - 0.75 * line
        sag, shift = 3.5, r.uniform(-6, 6)
        half = 56 - 9 * line
        rope = smooth([(50 - half, y - sag), (50, y + sag), (50 + half, y - sag)])
        c.stroke(rope, 0.22, p.ink)
        n = 6 if line % 2 else 7
        points = [(50 + (k - n / 2 + 0.5) * half * 2 / n + shift * 0.2, 0.0) for k in range(n)]
        spots = [(x, y + sag * (1 - 2 * ((x - 50) / half) ** 2) + s) for x, _ in points]
        c.soft(
            lambda pen, at=spots, w=s: pen.discs([(x, yy, w * 1.5) for x, yy in at], 255),
            p.accent,
            opacity=0.5,
            blur=2.4,
        )
        for x, yy in spots:
            _lantern(c, p, x, yy, s, mix(colour("#d8412f"), p.accent, 0.4))


def rainy_window(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(mix(p.deep, p.ink, 0.35), mix(p.deep, p.mid, 0.45))
    for tone in (p.accent, p.glow, p.mid, p.leaf):
        spots = [
            (r.uniform(0, 100), h * r.uniform(0.3, 0.86), r.uniform(2, 6.5)) for _ in range(13)
        ]
        c.soft(
            lambda pen, at=spots: pen.discs(at, 255),
            tone,
            opacity=0.55,
            blur=0.35,
        )
        c.soft(
            lambda pen, at=spots: pen.discs([(x, y, s * 0.8) for x, y, s in at], 255),
            mix(tone, p.glow, 0.4),
            opacity=0.35,
            blur=0.9,
        )
    _raindrops(c, p, r, h)
    frame = mix(p.ink, p.deep, 0.15)
    c.box(0, 0, 100, 3, frame)
    c.box(0, 0, 3.4, h, frame)
    c.box(96.6, 0, 100, h, frame)
    c.box(48.8, 0, 51.2, h, frame)
    sill = h * 0.86
    c.wash(mix(p.paper, p.mid, 0.35), mix(p.soft, p.deep, 0.4), sill, h)
    c.box(0, sill - 1.6, 100, sill, frame)
    _steaming_cup(c, p, r, sill)


def _raindrops(c: Canvas, p: Palette, r: Random, h: float) -> None:
    for _ in range(110):
        x, y, s = r.uniform(0, 100), r.uniform(0, h), r.uniform(0.3, 1.15)
        c.disc(x, y, s, mix(p.deep, p.soft, 0.32), s * 1.15)
        c.disc(x, y + s * 0.2, s * 0.74, mix(p.deep, p.mid, 0.35), s * 0.8)
        c.disc(x - s * 0.25, y - s * 0.4, s * 0.24, WHITE)
    for _ in range(13):
        x, y, run = r.uniform(5, 95), r.uniform(0, h * 0.6), r.uniform(14, 44)
        path = smooth(
            [(x, y), (x + r.uniform(-1, 1), y + run * 0.5), (x + r.uniform(-1.4, 1.4), y + run)]
        )
        c.stroke(path, 0.42, mix(p.mid, p.soft, 0.35))
        ex, ey = path[-1]
        c.disc(ex, ey, 1.1, mix(p.mid, p.soft, 0.5), 1.5)
        c.disc(ex - 0.3, ey - 0.5, 0.3, WHITE)


def _steaming_cup(c: Canvas, p: Palette, r: Random, sill: float) -> None:
    cup, cy = r.choice([26.0, 72.0]), sill + 3.5
    c.soft(lambda pen: pen.poly(oval(cup + 3, cy + 1, 10, 2), 255), p.ink, opacity=0.5, blur=1.2)
    c.ring(cup + 8.6, cy - 7, 3.3, 1.2, p.accent)
    c.poly(smooth(at(cup, cy, 1, "-8 -12, -7.4 -3, -4 .6, 4 .6, 7.4 -3, 8 -12")), p.accent)
    c.disc(cup, cy - 12, 8, mix(p.accent, p.ink, 0.3), 1.7)
    c.disc(cup, cy - 11.6, 7, colour("#4d2d20"), 1.2)
    for k in (-2.4, 2.2):
        steam = smooth(
            [
                (cup + k, cy - 14),
                (cup + k + 2, cy - 19),
                (cup + k - 1.5, cy - 24),
                (cup + k + 1, cy - 30),
            ]
        )
        c.soft(lambda pen, s=steam: pen.stroke(s, 1.3, 255), WHITE, opacity=0.55, blur=0.8)
