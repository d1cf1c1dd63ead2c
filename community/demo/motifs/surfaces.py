"""What things stand on, and the colours that are the same everywhere: wood, coffee, crust."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from ..canvas import Canvas, smooth
from ..palettes import WHITE, Colour, Palette, colour, mix

WOOD = colour("#b98a58")


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
    for x0, x1 in pairwise(edges):
        for _ in range(5):
            x, bend = r.uniform(x0 + 1, x1 - 1), r.uniform(-1.5, 1.5)
            c.stroke(
                smooth(
                    [
                        (x, -2),
                        (x + bend, c.height * 0.4),
                        (x - bend, c.height * 0.7),
                        (x, c.height + 2),
                    ]
                ),
                0.22,
                mix(wood, p.mid, 0.3),
            )
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
    c.soft(
        lambda pen: pen.disc(x + size * 0.07, y + size * 0.1, size * 1.02, 255),
        p.ink,
        opacity=0.38,
        blur=size * 0.06,
    )
    c.disc(x, y, size, tone)
    c.disc(x, y, size * 0.95, mix(tone, WHITE, 0.45))
    c.disc(x, y, size * 0.76, mix(tone, p.deep, 0.1))
    c.disc(x + size * 0.012, y + size * 0.015, size * 0.73, mix(tone, WHITE, 0.3))


def wall(c: Canvas, p: Palette, floor: float, tone: Colour | None = None) -> None:
    """A quiet wall and a floor or table edge at `floor`, lit by a slanting window."""
    tone = tone or mix(p.soft, p.paper, 0.35)
    c.wash(mix(tone, p.paper, 0.35), mix(tone, p.mid, 0.18), 0, floor)
    for k in range(2):
        x = 14 + k * 20
        pane = [
            (x, floor * 0.1),
            (x + 16, floor * 0.04),
            (x + 30, floor * 0.62),
            (x + 14, floor * 0.7),
        ]
        c.soft(lambda pen, q=pane: pen.poly(q, 255), p.glow, opacity=0.5, blur=0.7)
    c.wash(mix(WOOD, p.mid, 0.45), mix(WOOD, p.deep, 0.5), floor, c.height)
    c.box(0, floor, 100, floor + 0.8, mix(WOOD, p.glow, 0.4))
