"""Cut the window of a small map out of the world, as SVG paths. No Django: tested as tables.

The world is four lists of rings or lines, each a flat list of hundredths of a degree: longitude
and latitude of the first point, then the way from point to point (static/maps/world.json).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

Point = tuple[float, float]
Line = list[Point]
Packed = Sequence[int]

HUNDREDTHS = 100
# Beyond the edge of the picture, so that the outline of what was cut is not seen.
MARGIN = 6.0
# Degrees of latitude from the upper to the lower edge: a coast and a border or two come into view.
TALL = 7.0
# Nearer to the poles a degree of longitude is too short to be drawn by.
LEAST_COSINE = 0.15


@dataclass(frozen=True, slots=True)
class Window:
    """`width` by `height` units of SVG around a point."""

    longitude: float
    latitude: float
    width: float = 320.0
    height: float = 160.0

    @property
    def unit(self) -> float:
        """Units of SVG in a degree of latitude."""
        return self.height / TALL

    def place(self, longitude: float, latitude: float) -> Point:
        """Where a point lies; degrees of longitude are as long as they are in the middle."""
        cosine = max(LEAST_COSINE, math.cos(math.radians(self.latitude)))
        return (
            self.width / 2 + (longitude - self.longitude) * cosine * self.unit,
            self.height / 2 - (latitude - self.latitude) * self.unit,
        )


def unpack(packed: Packed) -> Line:
    """Longitudes and latitudes in degrees."""
    across, down = accumulate(packed[0::2]), accumulate(packed[1::2])
    return [(x / HUNDREDTHS, y / HUNDREDTHS) for x, y in zip(across, down, strict=True)]


@dataclass(frozen=True, slots=True)
class Outline:
    """A ring or line with what it spans, so that most are passed over at a glance."""

    line: Line
    west: float
    south: float
    east: float
    north: float


def outline(line: Line) -> Outline:
    xs, ys = [x for x, _y in line], [y for _x, y in line]
    return Outline(line, min(xs), min(ys), max(xs), max(ys))


def draw(world: Mapping[str, Sequence[Outline]], window: Window) -> dict[str, str]:
    """The `d` of each layer within the window: areas are closed, rivers and borders are lines."""
    return {
        "land": _path(_areas(world["land"], window), close="Z"),
        "lakes": _path(_areas(world["lakes"], window), close="Z"),
        "rivers": _path(_lines(world["rivers"], window), close=""),
        "borders": _path(_lines(world["borders"], window), close=""),
    }


def _areas(rings: Iterable[Outline], window: Window) -> Iterator[Line]:
    for ring in _near(rings, window):
        cut = clip(ring, window.width, window.height)
        if len(cut) > 2:
            yield cut


def _lines(lines: Iterable[Outline], window: Window) -> Iterator[Line]:
    for line in _near(lines, window):
        yield from pieces(line, window.width, window.height)


def _near(outlines: Iterable[Outline], window: Window) -> Iterator[Line]:
    """Those that reach into the window, in its units; the world goes on beyond the date line."""
    for one in outlines:
        for turn in (-360, 0, 360):
            span = [
                window.place(one.west + turn, one.south),
                window.place(one.east + turn, one.north),
            ]
            if _reaches(span, window.width, window.height):
                yield [window.place(x + turn, y) for x, y in one.line]


def _reaches(line: Line, width: float, height: float) -> bool:
    xs, ys = [x for x, _y in line], [y for _x, y in line]
    return (
        min(xs) < width + MARGIN
        and max(xs) > -MARGIN
        and min(ys) < height + MARGIN
        and max(ys) > -MARGIN
    )


def clip(ring: Line, width: float, height: float) -> Line:
    """The part of an area within the window and its margin (Sutherland and Hodgman 1974)."""
    edges: tuple[tuple[int, float, Callable[[float, float], bool]], ...] = (
        (0, -MARGIN, float.__ge__),
        (0, width + MARGIN, float.__le__),
        (1, -MARGIN, float.__ge__),
        (1, height + MARGIN, float.__le__),
    )
    for axis, limit, inside in edges:
        ring = _cut(ring, axis, limit, inside)
    return ring


def _cut(ring: Line, axis: int, limit: float, inside: Callable[[float, float], bool]) -> Line:
    kept: Line = []
    for before, point in zip(ring[-1:] + ring[:-1], ring, strict=True):
        comes, is_in = inside(before[axis], limit), inside(point[axis], limit)
        if comes != is_in:
            kept.append(_crossing(before, point, axis, limit))
        if is_in:
            kept.append(point)
    return kept


def _crossing(one: Point, other: Point, axis: int, limit: float) -> Point:
    share = (limit - one[axis]) / (other[axis] - one[axis])
    across, down = (one[n] + share * (other[n] - one[n]) for n in (0, 1))
    return (limit, down) if axis == 0 else (across, limit)


def pieces(line: Line, width: float, height: float) -> Iterator[Line]:
    """The runs of a line that touch the window; what lies wholly beyond one edge is left out."""
    run: Line = []
    for before, point in pairwise(line):
        if _reaches([before, point], width, height):
            run = run or [before]
            run.append(point)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _path(lines: Iterable[Line], *, close: str) -> str:
    return "".join(f"M{' '.join(_said(line))}{close}" for line in lines)


def _said(line: Line) -> Iterator[str]:
    """Half a unit is finer than the data; points that fall together are told once."""
    last = ""
    for x, y in line:
        said = f"{round(x * 2) / 2:g} {round(y * 2) / 2:g}"
        if said != last:
            yield said
        last = said
