"""Hand-painted tiles, fourfold."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

import numpy as np

from ..canvas import Canvas, leaf_shape, oval, smooth
from ..palettes import WHITE, Palette, colour, mix

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
            tile(
                c,
                p._replace(deep=mix(blue, WHITE, r.uniform(0, 0.12))),
                x + step / 2,
                y + step / 2,
                step / 2,
            )
            if r.random() < 0.13:
                cx, cy = x + r.uniform(0, step), y + r.choice([0.3, step - 0.3])
                c.poly(
                    oval(cx, cy, r.uniform(0.6, 1.6), r.uniform(0.4, 0.9), r.uniform(0, 3), n=9),
                    mix(colour("#cda27b"), p.paper, 0.3),
                )
    c.glow(28, c.height * 0.2, 60, p.glow, 0.14)


def _four(points: list[tuple[float, float]], x: float, y: float, s: float) -> list[np.ndarray]:
    """The shape in each quarter turn about (x, y), scaled by s."""
    base = np.array(points) * s
    turns = [
        np.array([[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]])
        for a in (0, math.pi / 2, math.pi, -math.pi / 2)
    ]
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
        c.poly(
            leaf_shape(
                x + s * 0.12 * math.cos(a), y + s * 0.12 * math.sin(a), s * 0.56, s * 0.26, a
            ),
            p.deep if k % 2 else mix(p.deep, WHITE, 0.5),
        )
    for corner in _four([(0.98, 0.98), (0.98, 0.6), (0.76, 0.76), (0.6, 0.98)], x, y, s):
        c.poly(smooth(corner, closed=True), mix(p.accent, p.glow, 0.35))
    c.disc(x, y, s * 0.15, p.glow)
    c.disc(x, y, s * 0.07, p.deep)
