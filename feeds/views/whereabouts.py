"""Where a reader of nearby wants to look from: a rounded position, or a city. Nothing is kept."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Avg, Count
from django.utils.translation import gettext as _

from accounts.errors import Invalid
from community.views.known import places_known_to
from feeds.geo import Point
from feeds.remembered import Remembered

CITIES_OFFERED = 60
_cities: Remembered[list[City]] = Remembered(most=1, seconds=120)


@dataclass(frozen=True, slots=True)
class City:
    name: str
    places: int
    point: Point


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """`point` is None where nothing was said; then the viewer's own city counts."""

    point: Point | None = None
    city: str = ""


def whereabouts(query: Mapping[str, str]) -> Whereabouts:
    """From ?city=, else ?lat=&lon= in degrees. Raises Invalid for what is no place on earth."""
    if name := query.get("city", "").strip():
        return Whereabouts(_city_point(name), name)
    if query.get("lat") or query.get("lon"):
        return Whereabouts(_position(query.get("lat", ""), query.get("lon", "")))
    return Whereabouts()


def cities() -> list[City]:
    """Cities with most places of public notes, each at their middle; up to two minutes old."""
    return _cities.get("all") or _cities.put("all", _read_cities())


def _read_cities() -> list[City]:
    rows = (
        places_known_to(None)
        .exclude(city="")
        .values("city")
        .annotate(places=Count("pk"), latitude=Avg("latitude"), longitude=Avg("longitude"))
        .order_by("-places", "city")[:CITIES_OFFERED]
    )
    return [City(r["city"], r["places"], Point(r["latitude"], r["longitude"])) for r in rows]


def _city_point(name: str) -> Point:
    middle = (
        places_known_to(None)
        .filter(city=name[:80])
        .aggregate(lat=Avg("latitude"), lon=Avg("longitude"))
    )
    if middle["lat"] is None:
        raise Invalid(_("Nobody has written about a place in this city yet."), field="city")
    return Point(middle["lat"], middle["lon"]).blurred()


def _position(latitude: str, longitude: str) -> Point:
    try:
        here = Point(float(latitude), float(longitude))
    except ValueError:
        raise Invalid(_("This is not a position."), field="lat") from None
    if not (math.isfinite(here.latitude) and abs(here.latitude) <= 90):
        raise Invalid(_("A latitude is from -90 to 90 degrees."), field="lat")
    if not (math.isfinite(here.longitude) and abs(here.longitude) <= 180):
        raise Invalid(_("A longitude is from -180 to 180 degrees."), field="lon")
    return here.blurred()
