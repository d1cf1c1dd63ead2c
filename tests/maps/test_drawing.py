"""The window of a small map: what is cut, what is kept, and the date line. No database."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from community.maps.drawing import MARGIN, Window, clip, draw, outline, pieces, unpack

WORLD = Path(__file__).resolve().parents[2] / "static/maps/world.json"
SQUARE = [(10.0, 10.0), (20.0, 10.0), (20.0, 20.0), (10.0, 20.0)]


@pytest.fixture(scope="module")
def world():
    packed = json.loads(WORLD.read_bytes())
    return {layer: [outline(unpack(line)) for line in lines] for layer, lines in packed.items()}


def points_of(path):
    return [tuple(map(float, pair)) for pair in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)]


def test_lines_are_packed_as_ways_from_point_to_point():
    assert unpack([12015, 3027, 5, -7, -10, 0]) == [
        (120.15, 30.27),
        (120.20, 30.20),
        (120.10, 30.20),
    ]


@pytest.mark.parametrize(
    ("longitude", "latitude", "where"),
    [
        (0, 0, (160, 80)),
        (0, 3.5, (160, 0)),
        (0, -3.5, (160, 160)),
        (7, 0, (320, 80)),
    ],
)
def test_the_middle_of_the_window_is_its_point(longitude, latitude, where):
    assert Window(0, 0).place(longitude, latitude) == pytest.approx(where)


def test_a_degree_of_longitude_is_shorter_in_the_north():
    across = [Window(0, north).place(1, north)[0] - 160 for north in (0, 60, 89.9)]
    assert across[1] == pytest.approx(across[0] / 2)
    assert across[2] > 0


def test_an_area_inside_stays_as_it_is():
    assert sorted(clip(SQUARE, 100, 100)) == sorted(SQUARE)


def test_an_area_outside_is_gone():
    assert clip([(x + 500, y) for x, y in SQUARE], 100, 100) == []


def test_an_area_around_the_window_becomes_the_window():
    around = [(-900.0, -900.0), (900.0, -900.0), (900.0, 900.0), (-900.0, 900.0)]
    far = 100 + MARGIN
    assert {*clip(around, 100, 100)} == {
        (-MARGIN, -MARGIN), (far, -MARGIN), (far, far), (-MARGIN, far)
    }  # fmt: skip


def test_a_line_is_cut_into_the_runs_that_touch_the_window():
    line = [(-90.0, 5.0), (5.0, 5.0), (50.0, 5.0), (500.0, 5.0), (500.0, 500.0), (9.0, 9.0)]
    assert list(pieces(line, 100, 100)) == [line[:4], line[4:]]


@pytest.mark.parametrize(
    ("place", "latitude", "longitude", "sea"),
    [
        ("Shanghai", 31.23, 121.47, True),
        ("Lisbon", 38.72, -9.14, True),
        ("Chengdu", 30.66, 104.06, False),
        ("Denver", 39.74, -104.99, False),
    ],
)
def test_coasts_lie_where_they_lie(world, place, latitude, longitude, sea):
    window = Window(longitude, latitude)
    corners = {(-MARGIN, -MARGIN), (326, -MARGIN), (326, 166), (-MARGIN, 166)}
    only_land = set(points_of(draw(world, window)["land"])) == corners
    assert only_land is not sea, place


def test_the_world_goes_on_beyond_the_date_line(world):
    east, west = (draw(world, Window(longitude, -16.8)) for longitude in (179.9, -180.1))
    assert east["land"] == west["land"]
    assert len(points_of(east["land"])) > 10


def test_no_outline_crosses_the_whole_world(world):
    """One that jumped over the date line would be a bar across every map."""
    jumps = [
        (layer, before, point)
        for layer, outlines in world.items()
        for one in outlines
        for before, point in zip(one.line, one.line[1:], strict=False)
        if abs(point[0] - before[0]) > 180 and max(before[1], point[1]) > -80
    ]
    assert jumps == []


def test_what_a_window_draws_stays_in_it_and_is_small(world):
    for latitude in range(-75, 80, 25):
        for longitude in range(-180, 181, 45):
            for layer, path in draw(world, Window(longitude, latitude)).items():
                assert len(path) < 16_000, (layer, latitude, longitude)
                if layer in ("land", "lakes"):
                    assert all(-7 <= x <= 327 and -7 <= y <= 167 for x, y in points_of(path))


def test_the_outlines_are_small_enough_to_send():
    import gzip

    assert len(gzip.compress(WORLD.read_bytes())) < 150_000
