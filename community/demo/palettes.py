"""Colour palettes of the demo pictures.

Every palette fills the same eight roles, so that any motif can be drawn in any of them.
A motif takes its light, depth and accents from the roles and mixes its own local colours
(coffee, leaf, brick) towards them; that is what keeps a page of pictures in one key.
"""

from __future__ import annotations

from typing import NamedTuple

Colour = tuple[int, int, int]


class Palette(NamedTuple):
    paper: Colour  # the lightest ground
    soft: Colour  # a pale tint: mist, far things
    mid: Colour  # the body of the picture
    deep: Colour  # near things, shade
    ink: Colour  # the darkest line
    accent: Colour  # the one colour the eye finds first
    glow: Colour  # light: sun, lamps, rims
    leaf: Colour  # whatever grows


def colour(code: str) -> Colour:
    """'#rrggbb' -> (r, g, b)."""
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """The colour `share` (0 to 1) of the way from one to the other."""
    t = min(1.0, max(0.0, share))
    return (
        round(one[0] + (other[0] - one[0]) * t),
        round(one[1] + (other[1] - one[1]) * t),
        round(one[2] + (other[2] - one[2]) * t),
    )


def _palette(codes: str) -> Palette:
    return Palette(*(colour(code) for code in codes.split()))


WHITE: Colour = (255, 252, 247)

#                     paper   soft    mid     deep    ink     accent  glow    leaf
PALETTES: dict[str, Palette] = {
    "dawn": _palette("#fbeee4 #f3cdbb #cf9a9f #6f6a92 #34345a #e8735a #ffe3b0 #7c9a86"),
    "tide": _palette("#f3f1e7 #c3dfd9 #6db0b0 #23697a #143a4b #f08a6b #fff0c9 #5d9a80"),
    "tea": _palette("#f6f3e3 #dbe3c2 #9fba83 #4d7a5c #24433c #d9844a #fff3c4 #6d9b58"),
    "persimmon": _palette("#fcf1df #f6d3a6 #e79a55 #9c4a2f #43261f #e2572b #ffe7ad #6f8350"),
    "dusk": _palette("#f7dfd3 #e5a9a0 #9a6f9b #483f76 #221f45 #ff9a56 #ffd890 #58738a"),
    "snow": _palette("#f5f6f4 #dbe4e8 #a3b8c4 #566f83 #273645 #d5604d #fff6e0 #6b8f86"),
    "brick": _palette("#f8efe3 #ead0b8 #d08a66 #35608c #1f3350 #d9583a #ffe6b8 #77925f"),
    "midnight": _palette("#dfe5ee #8fa3c4 #4a5f92 #232f5c #121a38 #ffb24a #ffe2a0 #4b7f7d"),
    "oat": _palette("#f7f2e8 #e8dcc6 #c9ae8a #84684f #3d3029 #c8693f #fff1cf #87935f"),
    "plum": _palette("#f9eef0 #ebc9d3 #bd7f98 #6d3d63 #351f3c #e5694f #ffe5c2 #71917c"),
    "mint": _palette("#f4f6ee #cfe6d6 #8cc4ae #3c8277 #1d4747 #f4a03f #fff2bf #4f9a6e"),
    "sky": _palette("#f6f4ee #cfe2ef #86b4d8 #3c72a8 #1c3c66 #f2784b #fff0c0 #6b9d71"),
}
