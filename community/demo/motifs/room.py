"""Things in a room: pots, shelves, a cat on the sill, plants, clothes, a desk at night."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from ..canvas import Canvas, leaf_shape, oval, smooth
from ..palettes import WHITE, Colour, Palette, colour, mix

WOOD = colour("#b98a58")


def wall(c: Canvas, p: Palette, floor: float, tone: Colour | None = None) -> None:
    """A quiet wall and a floor or table edge at `floor`, lit by a slanting window."""
    tone = tone or mix(p.soft, p.paper, 0.35)
    c.wash(mix(tone, p.paper, 0.35), mix(tone, p.mid, 0.18), 0, floor)
    for k in range(2):
        x = 14 + k * 20
        pane = [(x, floor * 0.1), (x + 16, floor * 0.04), (x + 30, floor * 0.62), (x + 14, floor * 0.7)]
        c.soft(lambda pen, q=pane: pen.poly(q, 255), p.glow, opacity=0.5, blur=0.7)
    c.wash(mix(WOOD, p.mid, 0.45), mix(WOOD, p.deep, 0.5), floor, c.height)
    c.box(0, floor, 100, floor + 0.8, mix(WOOD, p.glow, 0.4))


def _profile(r: Random, w: float, tall: float) -> np.ndarray:
    """Half the outline of a thrown pot, from foot to lip: columns radius, height."""
    shapes = [
        [(0.5, 0), (0.95, 0.3), (0.85, 0.62), (0.3, 0.82), (0.28, 0.94), (0.4, 1)],
        [(0.4, 0), (0.62, 0.2), (1.0, 0.58), (0.82, 0.84), (0.5, 0.94), (0.56, 1)],
        [(0.7, 0), (0.98, 0.18), (0.98, 0.5), (0.62, 0.74), (0.22, 0.86), (0.24, 1)],
        [(0.45, 0), (0.6, 0.25), (0.72, 0.5), (0.86, 0.75), (0.95, 0.92), (1.0, 1)],
        [(0.62, 0), (0.8, 0.12), (0.7, 0.4), (0.95, 0.68), (0.8, 0.88), (0.5, 1)],
    ]
    return smooth([(x * w, y * tall) for x, y in r.choice(shapes)])


def _pot(c: Canvas, p: Palette, r: Random, x: float, foot: float, w: float, tall: float,
         glaze: Colour) -> float:
    half = _profile(r, w / 2, tall)
    outline = np.vstack([np.column_stack([x + half[:, 0], foot - half[:, 1]]),
                         np.column_stack([x - half[::-1, 0], foot - half[::-1, 1]])])
    c.wash_poly(outline, mix(glaze, WHITE, 0.16), mix(glaze, p.ink, 0.14))
    mouth = half[-1][0]
    style = r.random()

    def surface() -> None:
        if style < 0.4:
            drip = smooth([(x - w, foot - tall * 0.62), *[(x - w / 2 + k * w / 6, foot - tall * r.uniform(0.42, 0.66)) for k in range(7)], (x + w, foot - tall * 0.6)])
            c.poly(np.vstack([drip, (x + w, foot - tall * 1.1), (x - w, foot - tall * 1.1)]), mix(glaze, p.paper, 0.5))
        elif style < 0.65:
            for k in range(3):
                y = foot - tall * (0.25 + 0.09 * k)
                c.stroke(smooth([(x - w, y), (x, y + 1), (x + w, y)]), 0.45, mix(glaze, p.ink, 0.4))
        else:
            for _ in range(50):
                c.disc(x + r.uniform(-w / 2, w / 2), foot - r.random() * tall, r.uniform(0.08, 0.3), mix(glaze, p.ink, 0.45))
        shade = np.column_stack([x + half[:, 0] * 0.42, foot - half[:, 1]])
        side = np.vstack([shade, (x + w, foot - tall), (x + w, foot)])
        c.soft(lambda pen: pen.poly(side, 255), p.ink, opacity=0.24, blur=1.2)
        c.soft(lambda pen: pen.stroke(np.column_stack([x - half[:, 0] * 0.62, foot - half[:, 1]])[8:-16], w * 0.07, 255), WHITE, opacity=0.4, blur=0.6)

    c.inside(outline, surface)
    c.disc(x, foot - tall, mouth, mix(glaze, p.ink, 0.45), max(0.35, mouth * 0.18))
    return mouth


def vases(c: Canvas, p: Palette, r: Random) -> None:
    h, floor = c.height, c.height * 0.8
    wall(c, p, floor)
    glazes = [mix(p.deep, p.paper, 0.15), p.accent, mix(p.leaf, p.paper, 0.25), mix(p.soft, p.paper, 0.6), mix(p.mid, p.deep, 0.2)]
    r.shuffle(glazes)
    spots = [(17, 17, 26), (38, 22, 44), (62, 24, 32), (84, 18, 22)]
    scale = min(1.0, floor / 80)
    c.soft(lambda pen: [pen.poly(oval(x + 4, floor + 2.2, w * 0.62, 1.8), 255) for x, w, _ in spots], p.ink, opacity=0.5, blur=1.2)
    for (x, w, tall), glaze in zip(spots, glazes, strict=False):
        tall *= scale * r.uniform(0.95, 1.15)
        foot = floor + r.uniform(1.4, 3)
        if x in (38, 84):
            _sprig(c, p, r, x, foot - tall + 1, tall * 0.85)
        _pot(c, p, r, x, foot, w, tall, glaze)


def _sprig(c: Canvas, p: Palette, r: Random, x: float, y: float, tall: float) -> None:
    kind = r.choice(["blossom", "leaf", "reed"])
    for k in range(3):
        lean = (k - 1) * 0.36 + r.uniform(-0.1, 0.1)
        stem = smooth([(x, y), (x + lean * tall * 0.3, y - tall * 0.5), (x + lean * tall, y - tall * r.uniform(0.85, 1.05))])
        c.stroke(stem, 0.4, mix(p.leaf, p.ink, 0.5))
        for j, (sx, sy) in enumerate(stem[5::2]):
            side = 1 if j % 2 else -1
            if kind == "leaf":
                c.poly(leaf_shape(sx, sy, tall * 0.17, tall * 0.07, -1.57 + lean + side * 0.9), mix(p.leaf, p.deep, 0.2 * (j % 3)))
            elif kind == "blossom":
                fx, fy = sx + side * 1.2, sy
                for a in range(5):
                    c.disc(fx + 0.9 * math.cos(a * 1.257), fy + 0.9 * math.sin(a * 1.257), 0.75, mix(p.accent, WHITE, 0.45 + 0.1 * (j % 3)))
                c.disc(fx, fy, 0.5, p.glow)
            else:
                c.poly(leaf_shape(sx, sy, tall * 0.12, 0.9, -1.57 + lean + side * 0.4), mix(WOOD, p.glow, 0.35))


def bookshelf(c: Canvas, p: Palette, r: Random) -> None:
    h = c.height
    case = mix(WOOD, p.ink, 0.35)
    c.wash(mix(case, p.ink, 0.35), mix(case, p.ink, 0.5))
    rows = max(3, round(h / 27))
    gap = (h - 4) / rows
    tones = [p.accent, p.deep, p.mid, p.leaf, p.soft, p.paper, p.ink, mix(p.accent, p.ink, 0.4), mix(p.leaf, p.ink, 0.4), p.glow]
    for row in range(rows):
        base = 3 + gap * (row + 1) - 2.2
        c.soft(lambda pen, y=base - gap: pen.box(2, y, 98, y + 7, 255), (20, 14, 16), opacity=0.5, blur=2)
        x, object_at = 4.0, r.uniform(20, 78)
        while x < 94:
            if object_at and x > object_at:
                x = _shelf_object(c, p, r, x, base, gap)
                object_at = 0.0
                continue
            w, tall = r.uniform(2.4, 5.4), gap * r.uniform(0.56, 0.84)
            if x + w > 96:
                break
            _spine(c, p, r, x, base, w, tall, r.choice(tones))
            x += w + 0.18
        c.box(0, base, 100, base + 2.2, mix(case, p.glow, 0.16))
        c.box(0, base + 1.6, 100, base + 2.2, mix(case, p.ink, 0.3))
    for x in (0, 97):
        c.box(x, 0, x + 3, h, case)
    c.box(0, 0, 100, 2.6, case)
    c.glow(28, h * 0.3, 55, p.glow, 0.16)


def _spine(c: Canvas, p: Palette, r: Random, x: float, base: float, w: float, tall: float,
           tone: Colour) -> None:
    c.box(x, base - tall, x + w, base, tone, round_by=0.35)
    c.box(x + w * 0.78, base - tall, x + w, base, mix(tone, p.ink, 0.2))
    band = mix(tone, p.glow if sum(tone) < 400 else p.ink, 0.55)
    style = r.random()
    if style < 0.4:
        for y in (0.12, 0.17, 0.86):
            c.box(x, base - tall * (1 - y), x + w, base - tall * (1 - y) + 0.5, band)
    elif style < 0.7:
        c.box(x + w * 0.25, base - tall * 0.82, x + w * 0.72, base - tall * 0.42, band, round_by=0.3)
    else:
        c.disc(x + w * 0.48, base - tall * 0.22, min(w * 0.24, 1), band)
        c.stroke([(x + w * 0.48, base - tall * 0.84), (x + w * 0.48, base - tall * 0.5)], 0.4, band)


def _shelf_object(c: Canvas, p: Palette, r: Random, x: float, base: float, gap: float) -> float:
    kind = r.choice(["pile", "plant", "vase", "lean"])
    if kind == "pile":
        y = base
        for k in range(r.randint(3, 5)):
            c.box(x + k * 0.5, y - 2.2, x + 13 - r.uniform(0, 2), y, r.choice([p.accent, p.deep, p.paper, p.leaf, p.mid]), round_by=0.4)
            y -= 2.4
        return x + 15
    if kind == "plant":
        for k in range(9):
            c.poly(leaf_shape(x + 6, base - 6, gap * r.uniform(0.35, 0.55), 2.4, -1.57 + (k - 4) * 0.34), mix(p.leaf, p.ink, r.uniform(0, 0.4)))
        c.poly([(x + 2.5, base - 7), (x + 9.5, base - 7), (x + 8.5, base), (x + 3.5, base)], mix(p.accent, p.paper, 0.25))
        return x + 12
    if kind == "vase":
        _pot(c, p, r, x + 6, base, 10, gap * 0.6, mix(p.soft, p.paper, 0.5))
        return x + 12.5
    tall = gap * 0.72
    c.poly([(x + 0.5, base), (x + 3.6, base), (x + 8.6, base - tall), (x + 5.6, base - tall - 0.9)], p.accent)
    return x + 9.5


def cat_sill(c: Canvas, p: Palette, r: Random) -> None:
    h, sill = c.height, c.height * 0.78
    c.wash(mix(p.deep, p.ink, 0.2), mix(p.deep, p.ink, 0.45))
    x0, x1, top = 12.0, 88.0, h * 0.07
    c.wash_poly([(x0, top), (x1, top), (x1, sill), (x0, sill)], mix(p.mid, p.soft, 0.2), p.glow)
    c.disc(r.uniform(30, 70), h * 0.3, 8, mix(p.glow, WHITE, 0.5))
    x = x0
    while x < x1 - 1:
        w = r.uniform(5, 11)
        y = sill - r.uniform(7, 22)
        c.box(x, y, min(x + w, x1), sill, mix(p.mid, p.deep, 0.35 + 0.15 * r.random()))
        for _ in range(4):
            if x + w < x1:
                wx, wy = r.uniform(x + 1, x + w - 2), r.uniform(y + 1.5, sill - 2)
                c.box(wx, wy, wx + 0.9, wy + 1.3, p.glow)
        x += w
    frame = mix(p.paper, p.mid, 0.3)
    for box in ((x0 - 2, top - 2, x1 + 2, top), (x0 - 2, top, x0, sill), (x1, top, x1 + 2, sill), (49, top, 51, sill), (x0, h * 0.36, x1, h * 0.375)):
        c.box(*box, frame)
    for side in (-1, 1):
        edge = 50 + side * 52
        for k in range(5):
            a = edge - side * k * 3.6
            c.poly(smooth([(a, -2), (a - side * 1.4, h * 0.4), (a - side * 0.4, h * 0.86), (a + side * 4.6, h * 0.86), (a + side * 4.6, -2)]), mix(p.accent, p.deep, 0.25 + 0.1 * (k % 2) + 0.06 * k))
    c.wash(mix(frame, p.glow, 0.3), mix(frame, p.deep, 0.3), sill, sill + 4)
    _sitting_cat(c, p, 40 + r.uniform(-8, 18), sill + 0.6, min(34.0, h * 0.3), r)
    px = 80.0
    for k in range(9):
        c.poly(leaf_shape(px, sill - 6, r.uniform(7, 13), 2.2, -1.57 + (k - 4) * 0.3), mix(p.leaf, p.ink, 0.3 + 0.3 * (k % 2)))
    c.poly([(px - 4.4, sill - 7.4), (px + 4.4, sill - 7.4), (px + 3.4, sill + 0.5), (px - 3.4, sill + 0.5)], p.accent)


def _sitting_cat(c: Canvas, p: Palette, x: float, y: float, s: float, r: Random) -> None:
    """A cat from behind, tail hanging, looking out."""
    fur = mix(p.ink, colour("#1d1a22"), 0.4)
    tail = smooth([(x + s * 0.2, y - s * 0.1), (x + s * 0.52, y - s * 0.02), (x + s * 0.56, y + s * 0.3), (x + s * 0.38, y + s * 0.46), (x + s * 0.28, y + s * 0.36)])
    c.stroke(tail, s * 0.085, fur)
    body = smooth([(x - s * 0.34, y), (x - s * 0.38, y - s * 0.24), (x - s * 0.23, y - s * 0.58), (x - s * 0.15, y - s * 0.72),
                   (x + s * 0.15, y - s * 0.72), (x + s * 0.23, y - s * 0.58), (x + s * 0.38, y - s * 0.24), (x + s * 0.34, y)], closed=True)
    c.poly(body, fur)
    hx, hy = x - s * 0.02, y - s * 0.8
    c.disc(hx, hy, s * 0.205, fur, s * 0.175)
    for side in (-1, 1):
        c.poly([(hx + side * s * 0.2, hy - s * 0.05), (hx + side * s * 0.175, hy - s * 0.31), (hx + side * s * 0.035, hy - s * 0.15)], fur)
    rim = smooth([(x - s * 0.36, y - s * 0.2), (x - s * 0.24, y - s * 0.55), (x - s * 0.17, y - s * 0.68)])
    c.stroke(rim, 0.35, mix(fur, p.glow, 0.5))
    c.stroke(smooth([(hx - s * 0.2, hy), (hx - s * 0.185, hy - s * 0.1), (hx - s * 0.18, hy - s * 0.28)]), 0.3, mix(fur, p.glow, 0.5))


def plant(c: Canvas, p: Palette, r: Random) -> None:
    h, floor = c.height, c.height * 0.84
    wall(c, p, floor)
    x, foot, top = 50 + r.uniform(-4, 4), floor + 3, floor - 21
    crown = top - h * 0.2
    c.soft(lambda pen: pen.poly(oval(x + 6, foot, 18, 2.4), 255), p.ink, opacity=0.5, blur=1.6)
    c.soft(lambda pen: pen.disc(x + 8, crown - 4, 22, 255), p.deep, opacity=0.16, blur=7)
    leaves = []
    for k in range(13):
        a = -1.57 + (k - 6) * 0.27 + r.uniform(-0.1, 0.1)
        reach = h * r.uniform(0.2, 0.36) * (1.05 - 0.05 * abs(k - 6))
        leaves.append((a, reach, x + reach * math.cos(a) * 0.9, top - 2 + reach * math.sin(a)))
    r.shuffle(leaves)
    for n, (a, _, lx, ly) in enumerate(leaves):
        c.stroke(smooth([(x, top + 1), ((x + lx) / 2 + 1, (top + ly) / 2), (lx, ly)]), 0.55, mix(p.leaf, p.ink, 0.35))
        _split_leaf(c, p, lx, ly, r.uniform(13, 18), a + math.copysign(0.35, math.cos(a)), mix(p.leaf, p.deep, 0.55 - 0.5 * n / 13))
    pot = [(x - 14, top), (x + 14, top), (x + 11, foot), (x - 11, foot)]
    tone = r.choice([p.accent, mix(p.paper, p.soft, 0.3), mix(p.deep, p.mid, 0.3)])
    c.wash_poly(pot, mix(tone, WHITE, 0.12), mix(tone, p.ink, 0.14))
    c.poly([(x + 5, top), (x + 14, top), (x + 11, foot), (x + 4, foot)], mix(tone, p.ink, 0.16))
    c.box(x - 15, top - 3, x + 15, top + 1.6, mix(tone, WHITE, 0.1), round_by=0.8)
    c.box(x + 6, top - 3, x + 15, top + 1.6, mix(tone, p.ink, 0.12), round_by=0.8)


def _split_leaf(c: Canvas, p: Palette, x: float, y: float, size: float, angle: float,
                tone: Colour) -> None:
    """A monstera leaf: a heart with fingers cut out of its edge."""
    outline = []
    for side in (1, -1):
        edge = [(0.0, 0.02), (-0.12, 0.2), (0.0, 0.42), (0.22, 0.5)]
        for k in range(4):
            t = 0.24 + 0.17 * k
            w = 0.52 * (1 - (k / 4.6) ** 1.8)
            edge += [(t + 0.02, w), (t + 0.05, w * 0.42), (t + 0.09, w * 0.4), (t + 0.13, w * 0.92)]
        half = [(u, v * side) for u, v in [*edge, (1.02, 0.0)]]
        outline += half if side == 1 else half[::-1]
    pts = np.array(outline) * size
    cos, sin = math.cos(angle), math.sin(angle)
    world = np.column_stack([x + pts[:, 0] * cos - pts[:, 1] * sin, y + pts[:, 0] * sin + pts[:, 1] * cos])
    c.poly(smooth(world, closed=True, steps=4), tone)
    tip = (x + size * 0.95 * cos, y + size * 0.95 * sin)
    c.stroke([(x, y), tip], 0.32, mix(tone, p.glow, 0.4))


def rail(c: Canvas, p: Palette, r: Random) -> None:
    """A clothes rail."""
    h, floor = c.height, c.height * 0.86
    wall(c, p, floor)
    bar = h * 0.2
    steel = mix(p.ink, p.deep, 0.2)
    c.soft(lambda pen: pen.box(12, floor + 1, 90, floor + 4, 255), p.ink, opacity=0.35, blur=2)
    for x in (9, 91):
        c.stroke([(x, bar - 2), (x, floor + 3)], 1, steel)
        c.stroke([(x - 5, floor + 3), (x + 5, floor + 3)], 1, steel)
    tones = [p.accent, p.deep, p.paper, p.leaf, p.mid, mix(p.glow, p.mid, 0.2), mix(p.accent, p.ink, 0.4), p.soft]
    r.shuffle(tones)
    for k in range(8):
        x, tone = 17.5 + k * 9.4, tones[k]
        long = h * r.uniform(0.3, 0.52)
        _hung(c, p, r, x, bar, long, tone)
    c.stroke([(7, bar), (93, bar)], 1.1, steel)
    for x in (26, 40, 66):
        tone = r.choice([p.accent, p.ink, p.deep, WOOD])
        for k in (0, 6):
            c.poly(smooth([(x + k, floor + 3), (x + k, floor - 2.4), (x + k + 2.2, floor - 2.6), (x + k + 3, floor - 0.4), (x + k + 5.2, floor + 0.8), (x + k + 5.2, floor + 3)], closed=True), tone)
    c.box(74, floor - 8, 90, floor + 3, mix(WOOD, p.paper, 0.3), round_by=0.6)
    c.box(80, floor - 4.4, 84, floor - 3.2, p.ink, round_by=0.5)


def _hung(c: Canvas, p: Palette, r: Random, x: float, bar: float, long: float, tone: Colour) -> None:
    top = bar + 4.4
    c.stroke(smooth([(x, bar - 1), (x + 1.1, bar - 0.6), (x + 0.9, bar + 1.4), (x, bar + 2.2), (x, top)]), 0.4, p.ink)
    w = r.uniform(4.6, 5.8)
    flare = r.choice([0.9, 1.0, 1.35])
    hem = top + long
    shape = [(x, top), (x + w * 0.5, top + 1), (x + w, top + 3.6), (x + w * 0.92, top + long * 0.4), (x + w * flare, hem),
             (x - w * flare, hem), (x - w * 0.92, top + long * 0.4), (x - w, top + 3.6), (x - w * 0.5, top + 1)]
    c.shadow([shape], p.ink, 0.22, 0.9, 0.9, 0.8)
    c.poly(shape, tone)
    style = r.random()

    def cloth() -> None:
        if style < 0.3:
            for k in range(14):
                c.box(x - 12, top + 5 + k * 3.4, x + 12, top + 6.2 + k * 3.4, mix(tone, p.paper if sum(tone) < 480 else p.deep, 0.6))
        elif style < 0.5:
            for row in range(18):
                for k in range(-3, 4):
                    c.disc(x + k * 2.6 + (row % 2) * 1.3, top + 5 + row * 2.8, 0.45, mix(tone, p.glow if sum(tone) < 480 else p.accent, 0.7))
        for k in (-0.45, 0.1, 0.55):
            c.stroke([(x + w * k, top + long * 0.3), (x + w * k * 1.2, hem)], 0.35, mix(tone, p.ink, 0.2))

    c.inside(shape, cloth)
    c.disc(x, top + 0.9, 1.9, mix(tone, p.ink, 0.35), 1.1)


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
    tones = [p.accent, mix(p.leaf, p.deep, 0.3), mix(p.deep, p.mid, 0.2), mix(p.glow, p.accent, 0.25)]
    for kind, x, tone in zip(items, (31, 46, 61, 75), tones, strict=True):
        _bottle(c, p, kind, x, floor - 7, tone)
    for k in range(7):
        c.poly(leaf_shape(88, floor + 3, r.uniform(14, 26), 4, -1.9 + (k - 3) * 0.28), mix(p.leaf, p.deep, 0.15 * (k % 3)))
    for x, y, s in ((12, floor + 8, 4.4), (20, floor + 9, 2.8)):
        c.soft(lambda pen, x=x, y=y, s=s: pen.poly(oval(x + 1, y + 1.4, s, s * 0.5), 255), p.ink, opacity=0.4, blur=0.9)
        c.poly(oval(x, y, s, s * 0.6), mix(p.mid, p.paper, 0.4))


def _bottle(c: Canvas, p: Palette, kind: str, x: float, foot: float, tone: Colour) -> None:
    w, tall = {"dropper": (5.4, 20), "tall": (5, 33), "jar": (7, 11), "tube": (5.4, 27)}[kind]
    c.soft(lambda pen: pen.box(x - w + 3, foot - tall * 0.8, x + w + 4, foot + 0.6, 255), p.ink, opacity=0.28, blur=1.3)
    cap = mix(p.ink, tone, 0.12)
    if kind == "tube":
        c.wash_poly([(x - w * 0.9, foot - 4), (x + w * 0.9, foot - 4), (x + w, foot - tall), (x - w, foot - tall)], tone, mix(tone, p.ink, 0.12))
        c.box(x - w * 0.6, foot - 4.4, x + w * 0.6, foot, cap, round_by=0.6)
    else:
        c.box(x - w, foot - tall, x + w, foot, tone, round_by=1.6)
        if kind == "dropper":
            c.box(x - 2, foot - tall - 4, x + 2, foot - tall + 0.4, cap)
            c.box(x - 1.3, foot - tall - 9, x + 1.3, foot - tall - 3.6, mix(p.accent, p.ink, 0.25), round_by=1.2)
        else:
            c.box(x - w * 0.8, foot - tall - 4.4, x + w * 0.8, foot - tall + 0.6, mix(WOOD, p.paper, 0.3) if kind == "jar" else cap, round_by=0.7)
    c.box(x + w * 0.4, foot - tall + 1.4, x + w * 0.86, foot - 1.6 if kind != "tube" else foot - 5, mix(tone, p.ink, 0.18), round_by=0.8)
    c.box(x - w * 0.74, foot - tall * 0.72, x + w * 0.3, foot - tall * 0.3, mix(p.paper, tone, 0.12), round_by=0.4)
    c.stroke([(x - w * 0.5, foot - tall * 0.6), (x, foot - tall * 0.6)], 0.4, mix(tone, p.ink, 0.4))
    c.stroke([(x - w * 0.5, foot - tall * 0.5), (x - w * 0.15, foot - tall * 0.5)], 0.4, mix(tone, p.ink, 0.4))


def desk(c: Canvas, p: Palette, r: Random) -> None:
    """A desk at night: a screen with coloured lines, a lamp, a window with stars."""
    h, top = c.height, c.height * 0.7
    c.wash(mix(p.deep, p.ink, 0.5), mix(p.deep, p.mid, 0.12), 0, top)
    c.box(8, h * 0.08, 40, h * 0.4, mix(p.ink, p.deep, 0.35))
    for _ in range(26):
        c.disc(r.uniform(9, 39), r.uniform(h * 0.09, h * 0.39), r.choice([0.15, 0.25]), p.glow)
    c.disc(31, h * 0.15, 3, mix(p.glow, WHITE, 0.3))
    for box in ((7, h * 0.07, 41, h * 0.085), (7, h * 0.39, 41, h * 0.41), (7, h * 0.07, 8.4, h * 0.41), (39.6, h * 0.07, 41, h * 0.41), (23.6, h * 0.07, 24.4, h * 0.4)):
        c.box(*box, mix(p.mid, p.paper, 0.25))
    c.wash(mix(WOOD, p.deep, 0.45), mix(WOOD, p.ink, 0.6), top, h)
    c.box(0, top, 100, top + 1, mix(WOOD, p.glow, 0.25))
    s0, s1, y0, y1 = 22.0, 76.0, top - 40, top - 6
    c.glow(49, top - 22, 40, p.mid, 0.45)
    c.box(45, y1, 53, top + 3, p.ink)
    c.box(36, top + 2, 62, top + 4, p.ink, round_by=1)
    c.box(s0, y0, s1, y1, p.ink, round_by=1.6)
    c.box(s0 + 1.4, y0 + 1.4, s1 - 1.4, y1 - 1.4, mix(p.ink, p.deep, 0.45))
    y, indent = y0 + 4.4, 0
    while y < y1 - 4:
        x = s0 + 7 + indent * 3
        c.box(s0 + 3, y, s0 + 4.4, y + 0.9, mix(p.deep, p.soft, 0.3))
        for _ in range(r.randint(1, 4)):
            w = r.uniform(2.5, 9)
            if x + w < s1 - 4:
                c.box(x, y, x + w, y + 1, r.choice([p.accent, p.glow, p.soft, p.mid, p.leaf]), round_by=0.5)
            x += w + 1.2
        indent = max(0, min(4, indent + r.choice([-1, 0, 0, 1])))
        y += 2.5
    c.poly([(24, top + 9), (62, top + 9), (65, top + 17), (21, top + 17)], mix(p.ink, p.deep, 0.3))
    for row in range(3):
        for k in range(13):
            x = 25 + k * 2.9 - row * 0.5
            c.box(x, top + 10 + row * 2.2, x + 2.2, top + 11.6 + row * 2.2, mix(p.deep, p.soft, 0.35), round_by=0.3)
    c.stroke([(88, top + 5), (86, top - 22), (76, top - 36)], 1, p.accent)
    c.disc(88, top + 5, 6, p.accent, 1.6)
    c.poly([(71, top - 33), (79, top - 41), (84, top - 33), (72, top - 27)], p.accent)
    c.soft(lambda pen: pen.poly([(77, top - 29), (83, top - 33), (98, top + 8), (77, top + 8)], 255), p.glow, opacity=0.4, blur=2.6)
    c.box(9, top - 4, 16.6, top + 6, mix(p.paper, p.accent, 0.2), round_by=1.2)
    c.ring(17, top + 1, 3, 1, mix(p.paper, p.accent, 0.2))
