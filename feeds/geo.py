"""Points, boxes, distances. Pure.

Candidates are compared with the haversine formula; what is shown is measured with geopy's geodesic
(60 us a call: for a page, not for a catalogue).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0088
KM_PER_DEGREE = math.pi * EARTH_RADIUS_KM / 180


@dataclass(frozen=True, slots=True)
class Point:
    latitude: float
    longitude: float

    def blurred(self) -> Point:
        """Rounded to about 1 km, as far as anybody's position is ever used."""
        return Point(round(self.latitude, 2), round(self.longitude, 2))


@dataclass(frozen=True, slots=True)
class Box:
    """South, north, and one or two ranges of longitude (two across the date line)."""

    south: float
    north: float
    ranges: tuple[tuple[float, float], ...]


def box_around(point: Point, km: float) -> Box:
    """The smallest box of degrees that holds the circle."""
    up = km / KM_PER_DEGREE
    south, north = max(-90.0, point.latitude - up), min(90.0, point.latitude + up)
    shrink = math.cos(math.radians(max(abs(south), abs(north))))
    if shrink < 1e-6 or km / (KM_PER_DEGREE * shrink) >= 180:
        return Box(south, north, ((-180.0, 180.0),))
    across = km / (KM_PER_DEGREE * shrink)
    west, east = point.longitude - across, point.longitude + across
    if west < -180:
        return Box(south, north, ((west + 360, 180.0), (-180.0, east)))
    if east > 180:
        return Box(south, north, ((west, 180.0), (-180.0, east - 360)))
    return Box(south, north, ((west, east),))


def rough_km(one: Point, other: Point) -> float:
    """Great-circle distance (haversine), within 0.6% of the geodesic."""
    lat1, lat2 = math.radians(one.latitude), math.radians(other.latitude)
    half_lat = math.sin((lat2 - lat1) / 2)
    half_lon = math.sin(math.radians(other.longitude - one.longitude) / 2)
    chord = half_lat**2 + math.cos(lat1) * math.cos(lat2) * half_lon**2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def rough_kms(one: Point, latitudes: Array, longitudes: Array) -> Array:
    """The same to each of many points, as arrays of degrees."""
    lat1, lats = math.radians(one.latitude), np.radians(latitudes)
    half_lat = np.sin((lats - lat1) / 2)
    half_lon = np.sin(np.radians(longitudes - one.longitude) / 2)
    chord = half_lat**2 + math.cos(lat1) * np.cos(lats) * half_lon**2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, chord)))


def shown_km(one: Point, other: Point) -> float:
    """The distance as it is shown to people."""
    # Here, since geopy brings all its geocoders and their HTTP clients along: 20 MB and a third of
    # a second that only pages with distances need.
    from geopy.distance import geodesic

    return float(geodesic((one.latitude, one.longitude), (other.latitude, other.longitude)).km)


def cell_of(point: Point, degrees: float) -> str:
    """Name of the grid cell a point lies in."""
    return f"{math.floor(point.latitude / degrees)}:{math.floor(point.longitude / degrees)}"


def cell_centre(cell: str, degrees: float) -> Point:
    row, column = (int(part) for part in cell.split(":"))
    return Point((row + 0.5) * degrees, (column + 0.5) * degrees)
