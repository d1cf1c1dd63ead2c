"""Distances and boxes, at the date line and at the poles too."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.geo import Point, box_around, cell_centre, cell_of, rough_km, rough_kms, shown_km

points = st.builds(Point, st.floats(-89.9, 89.9), st.floats(-180, 180))


def inside(box, point):
    in_range = any(west <= point.longitude <= east for west, east in box.ranges)
    return box.south <= point.latitude <= box.north and in_range


def test_the_two_formulas_agree_within_six_permille():
    hangzhou, lisbon = Point(30.25, 120.15), Point(38.72, -9.14)
    assert rough_km(hangzhou, lisbon) == pytest.approx(shown_km(hangzhou, lisbon), rel=0.006)


@given(points, points, st.floats(0.5, 500))
def test_whatever_is_near_enough_lies_in_the_box(one, other, km):
    if rough_km(one, other) <= km * 0.999:
        assert inside(box_around(one, km), other)


def test_a_box_across_the_date_line_has_two_ranges():
    assert inside(box_around(Point(0, 179.9), 50), Point(0, -179.9))


@given(points)
def test_a_point_lies_in_its_cell(point):
    centre = cell_centre(cell_of(point, 0.1), 0.1)
    assert abs(centre.latitude - point.latitude) <= 0.0500001
    assert abs(centre.longitude - point.longitude) <= 0.0500001


def test_a_position_is_blurred_to_about_a_kilometre():
    assert Point(30.123456, 120.98765).blurred() == Point(30.12, 120.99)


@given(points, st.lists(points, min_size=1, max_size=9))
def test_many_distances_at_once_are_those_of_each(one, others):
    latitudes, longitudes = (
        np.array([getattr(other, side) for other in others]) for side in ("latitude", "longitude")
    )
    expected = [rough_km(one, other) for other in others]
    assert rough_kms(one, latitudes, longitudes).tolist() == pytest.approx(expected, abs=1e-6)
