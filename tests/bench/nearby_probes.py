"""The nearest notes of very many, against the bare question that its index answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random
from statistics import median, quantiles
from typing import Any

from .filling import fill
from .stopwatch import measured

NEAREST = 50
# Half of all notes lie around cities, the first of which have most; the others anywhere on land
# that people live on.
CITIES, SPREAD_DEGREES, SKEW = 500, 0.15, 2.0
BOX = """
SELECT note_id, latitude, longitude FROM feeds_livenote
WHERE latitude BETWEEN %s AND %s AND longitude BETWEEN %s AND %s
"""


def nearest_of_many(notes: str, places: str, rounds: str) -> dict[str, float]:
    """Milliseconds to find the 50 nearest of so many notes from each of so many places, by the
    recipe that cells are built with; and of a bare question for the rows of the smallest box that
    holds these 50, which nobody knows beforehand. Medians of the rounds for each place."""
    from django.db import connection

    from feeds.geo import Point, box_around
    from feeds.nearby import notes_within
    from feeds.policies import current

    chance, most_km = Random(7), current()[1].nearby.radius_km
    cities = [(chance.uniform(-45, 60), chance.uniform(-170, 170)) for _ in range(CITIES)]
    _fill(int(notes), chance, cities)
    ours, bare = [], []
    for _ in range(int(places)):
        # People look from where notes are, too.
        where = Point(*_around(chance, cities)).blurred()
        near = notes_within(where, km=most_km, limit=NEAREST)
        if not near:
            continue
        box = box_around(where, near[-1][1] + 1e-6)
        west, east = box.ranges[0]

        def ask(asked: tuple[float, ...] = (box.south, box.north, west, east)) -> int:
            with connection.cursor() as cursor:
                cursor.execute(BOX, asked)
                return len(cursor.fetchall())

        def find(where: Point = where) -> int:
            return len(notes_within(where, km=most_km, limit=NEAREST))

        pairs = [(measured(find)[0].seconds, measured(ask)[0].seconds) for _ in range(int(rounds))]
        ours.append(median(pair[0] for pair in pairs) * 1000)
        bare.append(median(pair[1] for pair in pairs) * 1000)
    return {
        "p50": median(ours), "p99": _p99(ours), "bare_p50": median(bare), "bare_p99": _p99(bare),
        "places": len(ours),
    }  # fmt: skip


def _fill(notes: int, chance: Random, cities: list[tuple[float, float]]) -> None:
    from django.db import connection
    from django.utils import timezone

    from community.models import Channel
    from feeds.models import LiveNote

    now = timezone.now()
    channel = Channel.objects.values_list("pk", flat=True)[0]
    columns = (
        "note", "author", "channel_id", "root_channel_id", "published_at", "latitude", "longitude",
        "recommended",
    )  # fmt: skip

    def rows() -> Iterator[tuple[Any, ...]]:
        for n in range(notes):
            lat, lon = (
                _around(chance, cities) if n % 2 else
                (chance.uniform(-45, 60), chance.uniform(-170, 170))
            )  # fmt: skip
            at = now - timedelta(seconds=n)
            yield 10_000_000 + n, n % 90_000, channel, channel, at, lat, lon, True

    fill(LiveNote, columns, rows())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _around(chance: Random, cities: list[tuple[float, float]]) -> tuple[float, float]:
    lat, lon = cities[int(len(cities) * chance.random() ** SKEW)]
    return lat + chance.gauss(0, SPREAD_DEGREES), lon + chance.gauss(0, SPREAD_DEGREES)


def _p99(values: list[float]) -> float:
    return quantiles(values, n=100, method="inclusive")[98]


PROBES: dict[str, Callable[..., Any]] = {"nearest_of_many": nearest_of_many}
