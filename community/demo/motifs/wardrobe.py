"""A clothes rail and a shelf of bottles."""

from __future__ import annotations

from random import Random

import numpy as np

from ..canvas import Canvas, leaf_shape, oval, smooth
from ..palettes import WHITE, Colour, Palette, mix
from .surfaces import WOOD, wall


def rail(c: Canvas, p: Palette, r: Random) -> None:
    """A clothes rail."""
    h, floor = c.height, c.height * 0.86
    wall(c, p, floor)
    bar = h * 0.2
    steel = mix(p.ink, p.deep, 0.2)
    c.soft(lambda pen: pen.box(12, floor + 1, 90, floor + 4, 255), p.ink, opacity=0.35, blur=2)
    for x in (9.0, 91.0):
        c.stroke([(x, bar - 2), (x, floor + 3)], 1, steel)
        c.stroke([(x - 5, floor + 3), (x + 5, floor + 3)], 1, steel)
    tones = [
        p.accent,
        p.deep,
        p.paper,
        p.leaf,
        p.mid,
        mix(p.glow, p.mid, 0.2),
        mix(p.accent, p.ink, 0.4),
        p.soft,
    ]
    r.shuffle(tones)
    for k in range(8):
        x, tone = 17.5 + k * 9.4, tones[k]
        long = h * r.uniform(0.3, 0.52)
        _hung(c, p, r, x, bar, long, tone)
    c.stroke([(7, bar), (93, bar)], 1.1, steel)
    for x in (26, 40, 66):
        tone = r.choice([p.accent, p.ink, p.deep, WOOD])
        for k in (0, 6):
            c.poly(
                smooth(
                    [
                        (x + k, floor + 3),
                        (x + k, floor - 2.4),
                        (x + k + 2.2, floor - 2.6),
                        (x + k + 3, floor - 0.4),
                        (x + k + 5.2, floor + 0.8),
                        (x + k + 5.2, floor + 3),
                    ],
                    closed=True,
                ),
                tone,
            )
    c.box(74, floor - 8, 90, floor + 3, mix(WOOD, p.paper, 0.3), round_by=0.6)
    c.box(80, floor - 4.4, 84, floor - 3.2, p.ink, round_by=0.5)


def _hung(
    c: Canvas, p: Palette, r: Random, x: float, bar: float, long: float, tone: Colour
) -> None:
    top = bar + 4.4
    c.stroke(
        smooth(
            [(x, bar - 1), (x + 1.1, bar - 0.6), (x + 0.9, bar + 1.4), (x, bar + 2.2), (x, top)]
        ),
        0.4,
        p.ink,
    )
    w = r.uniform(4.6, 5.8)
    flare = r.choice([0.9, 1.0, 1.35])
    hem = top + long
    shape = [
        (x, top),
        (x + w * 0.5, top + 1),
        (x + w, top + 3.6),
        (x + w * 0.92, top + long * 0.4),
        (x + w * flare, hem),
        (x - w * flare, hem),
        (x - w * 0.92, top + long * 0.4),
        (x - w, top + 3.6),
        (x - w * 0.5, top + 1),
    ]
    c.shadow([shape], p.ink, 0.22, 0.9, 0.9, 0.8)
    c.poly(shape, tone)
    style = r.random()

    c.inside(shape, lambda: _weave(c, p, x, long, tone, top, w, hem, style))
    c.disc(x, top + 0.9, 1.9, mix(tone, p.ink, 0.35), 1.1)


def _weave(
    c: Canvas,
    p: Palette,
    x: float,
    long: float,
    tone: Colour,
    top: float,
    w: float,
    hem: float,
    style: float,
) -> None:
    if style < 0.3:
        for k in range(14):
            c.box(
                x - 12,
                top + 5 + k * 3.4,
                x + 12,
                top + 6.2 + k * 3.4,
                mix(tone, p.paper if sum(tone) < 480 else p.deep, 0.6),
            )
    elif style < 0.5:
        for row in range(18):
            for k in range(-3, 4):
                c.disc(
                    x + k * 2.6 + (row % 2) * 1.3,
                    top + 5 + row * 2.8,
                    0.45,
                    mix(tone, p.glow if sum(tone) < 480 else p.accent, 0.7),
                )
    for part in (-0.45, 0.1, 0.55):
        c.stroke(
            [(x + w * part, top + long * 0.3), (x + w * part * 1.2, hem)],
            0.35,
            mix(tone, p.ink, 0.2),
        )


def bottles(c: Canvas, p: Palette, r: Random) -> None:
    """Skincare on a stone shelf: jars, droppers, tubes, an arch behind."""
    h, floor = c.height, c.height * 0.76
    c.wash(mix(p.soft, p.paper, 0.4), mix(p.soft, p.mid, 0.2))
    arch = np.vstack([oval(50, h * 0.4, 33, 33)[32:], [(83, floor), (17, floor)]])
    c.wash_poly(arch, mix(p.mid, p.paper, 0.35), mix(p.accent, p.paper, 0.55))
    c.disc(66, h * 0.3, 9, mix(p.glow, WHITE, 0.4))
    c.wash(mix(p.paper, p.soft, 0.2), mix(p.soft, p.mid, 0.35), floor, h)
    c.box(20, floor - 7, 84, floor + 3, mix(p.paper, p.soft, 0.4), round_by=1)
    c.box(20, floor - 1, 84, floor + 3, mix(p.soft, p.mid, 0.4), round_by=1)
    items = ["dropper", "tall", "jar", "tube"]
    r.shuffle(items)
    tones = [
        p.accent,
        mix(p.leaf, p.deep, 0.3),
        mix(p.deep, p.mid, 0.2),
        mix(p.glow, p.accent, 0.25),
    ]
    for kind, x, tone in zip(items, (31, 46, 61, 75), tones, strict=True):
        _bottle(c, p, kind, x, floor - 7, tone)
    for k in range(7):
        c.poly(
            leaf_shape(88, floor + 3, r.uniform(14, 26), 4, -1.9 + (k - 3) * 0.28),
            mix(p.leaf, p.deep, 0.15 * (k % 3)),
        )
    for x, y, s in ((12, floor + 8, 4.4), (20, floor + 9, 2.8)):
        c.soft(
            lambda pen, x=x, y=y, s=s: pen.poly(oval(x + 1, y + 1.4, s, s * 0.5), 255),
            p.ink,
            opacity=0.4,
            blur=0.9,
        )
        c.poly(oval(x, y, s, s * 0.6), mix(p.mid, p.paper, 0.4))


def _bottle(c: Canvas, p: Palette, kind: str, x: float, foot: float, tone: Colour) -> None:
    w, tall = {"dropper": (5.4, 20), "tall": (5, 33), "jar": (7, 11), "tube": (5.4, 27)}[kind]
    c.soft(
        lambda pen: pen.box(x - w + 3, foot - tall * 0.8, x + w + 4, foot + 0.6, 255),
        p.ink,
        opacity=0.28,
        blur=1.3,
    )
    cap = mix(p.ink, tone, 0.12)
    _vessel(c, p, kind, x, foot, tone, w, tall, cap)
    c.box(
        x + w * 0.4,
        foot - tall + 1.4,
        x + w * 0.86,
        foot - 1.6 if kind != "tube" else foot - 5,
        mix(tone, p.ink, 0.18),
        round_by=0.8,
    )
    c.box(
        x - w * 0.74,
        foot - tall * 0.72,
        x + w * 0.3,
        foot - tall * 0.3,
        mix(p.paper, tone, 0.12),
        round_by=0.4,
    )
    c.stroke([(x - w * 0.5, foot - tall * 0.6), (x, foot - tall * 0.6)], 0.4, mix(tone, p.ink, 0.4))
    c.stroke(
        [(x - w * 0.5, foot - tall * 0.5), (x - w * 0.15, foot - tall * 0.5)],
        0.4,
        mix(tone, p.ink, 0.4),
    )


def _vessel(
    c: Canvas,
    p: Palette,
    kind: str,
    x: float,
    foot: float,
    tone: Colour,
    w: float,
    tall: float,
    cap: Colour,
) -> None:
    if kind == "tube":
        c.wash_poly(
            [
                (x - w * 0.9, foot - 4),
                (x + w * 0.9, foot - 4),
                (x + w, foot - tall),
                (x - w, foot - tall),
            ],
            tone,
            mix(tone, p.ink, 0.12),
        )
        c.box(x - w * 0.6, foot - 4.4, x + w * 0.6, foot, cap, round_by=0.6)
    else:
        c.box(x - w, foot - tall, x + w, foot, tone, round_by=1.6)
        if kind == "dropper":
            c.box(x - 2, foot - tall - 4, x + 2, foot - tall + 0.4, cap)
            c.box(
                x - 1.3,
                foot - tall - 9,
                x + 1.3,
                foot - tall - 3.6,
                mix(p.accent, p.ink, 0.25),
                round_by=1.2,
            )
        else:
            c.box(
                x - w * 0.8,
                foot - tall - 4.4,
                x + w * 0.8,
                foot - tall + 0.6,
                mix(WOOD, p.paper, 0.3) if kind == "jar" else cap,
                round_by=0.7,
            )
