"""A gallery wall and its visitor."""

from __future__ import annotations

from random import Random

from ..canvas import Canvas, at, oval, smooth
from ..palettes import Palette, colour, mix
from .surfaces import WOOD


def gallery(c: Canvas, p: Palette, r: Random) -> None:
    """A white room, three abstract paintings, one visitor on the bench."""
    h, floor = c.height, c.height * 0.78
    c.wash(p.paper, mix(p.paper, p.soft, 0.45), 0, floor)
    c.wash(mix(WOOD, p.paper, 0.35), mix(WOOD, p.mid, 0.4), floor, h)
    c.box(0, floor - 1.4, 100, floor, mix(p.paper, p.mid, 0.25))
    for x0, x1, y0, y1 in ((7, 29, 0.22, 0.52), (35, 71, 0.12, 0.58), (77, 95, 0.26, 0.5)):
        y0, y1 = h * y0, h * y1
        c.soft(
            lambda pen, x0=x0, x1=x1, y0=y0: pen.poly(
                [
                    ((x0 + x1) / 2 - 3, -4),
                    ((x0 + x1) / 2 + 3, -4),
                    (x1 + 5, y0 + 14),
                    (x0 - 5, y0 + 14),
                ],
                255,
            ),
            p.glow,
            opacity=0.5,
            blur=3,
        )
        c.soft(
            lambda pen, b=(x0 + 1, y0 + 2, x1 + 1.6, y1 + 2.4): pen.box(*b, 255),
            p.ink,
            opacity=0.4,
            blur=1.2,
        )
        c.box(x0 - 0.8, y0 - 0.8, x1 + 0.8, y1 + 0.8, mix(WOOD, p.ink, 0.4))
        c.inside(
            [(x0, y0), (x1, y0), (x1, y1), (x0, y1)],
            lambda b=(x0, y0, x1, y1): _abstract(c, p, r, *b),
        )
    bench = floor + (h - floor) * 0.42
    c.soft(lambda pen: pen.box(30, bench + 6, 78, bench + 11, 255), p.ink, opacity=0.45, blur=1.5)
    for x in (34.0, 70.0):
        c.box(x, bench, x + 2, bench + 9, p.ink)
    c.box(30, bench - 1.6, 76, bench + 1.2, p.ink, round_by=0.7)
    x, seat = 46.0, bench - 1.6
    coat = r.choice([p.accent, p.deep, p.leaf])
    c.poly(
        smooth(at(x, seat, 1, "-6 .4, -6.4 -9, -3.4 -16, 3.4 -16, 6.4 -9, 6 .4"), closed=True), coat
    )
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
            c.soft(
                lambda pen, a=a, b=b: pen.box(
                    x0 + w * 0.1, y0 + t * a, x1 - w * 0.1, y0 + t * b, 255
                ),
                tones[k + 1],
                opacity=0.92,
                blur=0.8,
            )
    elif style == "arcs":
        for k in range(5):
            c.disc(x0 + w * 0.5, y1, w * (0.62 - 0.12 * k), tones[k + 1])
        c.disc(x0 + w * 0.7, y0 + t * 0.24, w * 0.13, p.accent)
    else:
        y = y1 - t * 0.08
        for k in range(4):
            rx, ry = w * (0.36 - 0.065 * k), t * (0.12 - 0.018 * k)
            c.poly(
                oval(
                    x0 + w * (0.5 + r.uniform(-0.05, 0.05)), y - ry, rx, ry, r.uniform(-0.08, 0.08)
                ),
                tones[k + 1],
            )
            y -= ry * 1.9
