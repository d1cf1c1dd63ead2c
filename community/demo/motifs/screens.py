"""Film: a strip of frames, a cinema from the back row."""

from __future__ import annotations

from random import Random

import numpy as np

from ..canvas import Canvas, oval, smooth
from ..palettes import WHITE, Palette, mix
from .hills import closed_below


def film_strip(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    c.wash(mix(p.soft, p.paper, 0.5), mix(p.soft, p.mid, 0.35))
    base = mix(p.ink, (24, 18, 18), 0.5)
    scenes = [_tiny_hills, _tiny_sea, _tiny_city, _tiny_moon]
    for n, x0 in enumerate((7.0, 55.0)):
        lift = r.uniform(-12, -2) - 9 * n
        c.soft(
            lambda pen, x0=x0: pen.box(x0 + 1.5, -5, x0 + 40.5, h + 5, 255),
            p.ink,
            opacity=0.4,
            blur=1.6,
        )
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
                c.box(
                    hx, k * 4.6 - 1, hx + 2.4, k * 4.6 + 2, mix(p.soft, p.paper, 0.4), round_by=0.5
                )


def _tiny_hills(c: Canvas, p: Palette, r: Random, x: float, y: float, w: float, t: float) -> None:
    c.wash_poly([(x, y), (x + w, y), (x + w, y + t), (x, y + t)], p.mid, p.glow)
    c.disc(x + w * 0.68, y + t * 0.34, 3, WHITE)
    for k in range(3):
        line = smooth(
            [(x - 3 + j * 6, y + t * (0.5 + 0.17 * k) + r.uniform(-3, 3)) for j in range(7)]
        )
        c.poly(closed_below(line, y + t + 2), mix(p.mid, p.ink, 0.3 + 0.3 * k))


def _tiny_sea(c: Canvas, p: Palette, r: Random, x: float, y: float, w: float, t: float) -> None:
    c.wash_poly([(x, y), (x + w, y), (x + w, y + t), (x, y + t)], p.soft, p.glow)
    c.disc(x + w * 0.4, y + t * 0.55, 4.4, p.accent)
    c.box(x, y + t * 0.56, x + w, y + t, p.deep)
    for _ in range(12):
        c.poly(
            oval(x + w * 0.4 + r.gauss(0, 4), y + t * r.uniform(0.6, 1), r.uniform(1, 3), 0.25),
            p.glow,
        )


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
        c.poly(
            [(tx, y + t), (tx + 2.2, y + t * r.uniform(0.45, 0.65)), (tx + 4.4, y + t)],
            mix(p.ink, p.leaf, 0.25),
        )


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
            line = smooth(
                [
                    (x0 - 6 + j * 9, y0 + (y1 - y0) * (0.6 + 0.14 * k) + r.uniform(-4, 4))
                    for j in range(11)
                ]
            )
            c.poly(
                np.vstack([line, (x1 + 6, y1 + 4), (x0 - 6, y1 + 4)]),
                mix(p.mid, p.ink, 0.3 + 0.28 * k),
            )
        fx = x0 + 24
        c.box(fx - 0.8, y1 - 13, fx + 0.8, y1 - 6, p.ink, round_by=0.6)
        c.disc(fx, y1 - 14.6, 1.3, p.ink)

    c.inside(frame, scene)
    for side in (0, 1):
        for k in range(4):
            a = (2.6 * k) if side == 0 else 100 - 2.6 * k
            b = a + (3 if side == 0 else -3)
            c.poly(
                smooth([(a, 0), (a, h * 0.6), (b, h * 0.62), (b, 0)]),
                mix(mix(p.accent, p.ink, 0.55), p.ink, 0.12 * (k % 2) + 0.1 * k),
            )
    _seats(c, p, r, h)


def _seats(c: Canvas, p: Palette, r: Random, h: float) -> None:
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
            c.box(
                x - s * 0.66,
                y + 0.35,
                x + s * 0.66,
                y + s * 0.16,
                mix(tone, p.glow, 0.28),
                round_by=s * 0.08,
            )
