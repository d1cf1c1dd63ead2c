"""Nearby: notes by distance from where the viewer says they are.

A list is precomputed for each cell of a grid that somebody looked from lately; a page sorts it by
the viewer's own (blurred, never stored) point. Notes lie at their place, else at their author's
city, blurred to about 1 km.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime

import numpy as np

from accounts.prepared import Prepared

from .geo import Point, box_around, cell_centre, cell_of, rough_km, rough_kms
from .lists import Item, Snapshot, store_list
from .models import FeedList, Impression, LiveNote
from .policies import current
from .policy import Nearby

# The newest rows of a box that distances are compared of.
MOST_IN_BOX = 5_000
# A search begins with a circle of this radius and widens it until it holds enough.
FIRST_KM = 2.0
# From the density that was met, with some room; never less than twice and more than five times.
ROOM, LEAST_STEP, MOST_STEP = 1.2, 2.0, 5.0

IN_RANGE = Prepared(
    lambda south, north, west, east: LiveNote.objects.filter(
        latitude__gte=south, latitude__lte=north, longitude__gte=west, longitude__lte=east,
        recommended=True,
    )
    .order_by("-published_at")
    .values_list("note_id", "latitude", "longitude")[:MOST_IN_BOX],
    float, float, float, float,
)  # fmt: skip


def notes_within(point: Point, *, km: float, limit: int) -> list[tuple[int, float]]:
    """(note id, rough km) of the nearest live notes, nearest first: the live recipe.

    Looked for in wider and wider circles: where notes lie close together, the nearest are found
    without reading the rest of the town.
    """
    radius = min(FIRST_KM, km)
    while True:
        near = _within(point, radius)
        if len(near) >= limit or radius >= km:
            return near[:limit]
        step = ROOM * math.sqrt(limit / max(1, len(near)))
        radius = min(km, radius * min(MOST_STEP, max(LEAST_STEP, step)))


def _within(point: Point, km: float) -> list[tuple[int, float]]:
    """All that lie in this circle, nearest first; of one point the newest."""
    box = box_around(point, km)
    rows = [row for west, east in box.ranges for row in IN_RANGE(box.south, box.north, west, east)]
    if not rows:
        return []
    ids, latitudes, longitudes = (np.array(column) for column in zip(*rows, strict=True))
    away = rough_kms(point, latitudes, longitudes)
    order = np.lexsort((-ids, away))
    order = order[away[order] <= km]
    return list(zip(ids[order].tolist(), away[order].tolist(), strict=True))


def build_cell(cell: str, *, now: datetime) -> Snapshot:
    """Precompute the list of one cell: everything within the radius of any point in it."""
    version, policy = current()
    rules = policy.nearby
    centre = cell_centre(cell, rules.cell_degrees)
    reach = rules.radius_km + _half_diagonal_km(centre, rules)
    near = notes_within(centre, km=reach, limit=rules.list_size)
    items = [Item(note_id, "near") for note_id, _km in near]
    return store_list("nearby", cell, items, now=now, policy_version=version)


def cells_in_use() -> list[str]:
    """Cells that somebody looked from in about the last hour: as long as marked lists are kept."""
    asked = FeedList.objects.filter(kind="nearby", stale=True)
    return list(asked.values_list("key", flat=True).distinct())


def cell_for(point: Point) -> str:
    return cell_of(point, current()[1].nearby.cell_degrees)


def in_order(
    note_ids: Iterable[int], *, point: Point, order: str, rules: Nearby
) -> list[tuple[int, float]]:
    """(note id, km) sorted strictly by distance, or by bands of distance and newest inside each."""
    rows = LiveNote.objects.filter(note__in=list(note_ids))
    found = [
        (note_id, rough_km(point, Point(lat, lon)), published_at)
        for note_id, lat, lon, published_at in rows.values_list(
            "note_id", "latitude", "longitude", "published_at"
        )
        if lat is not None and lon is not None
    ]
    near = [row for row in found if row[1] <= rules.radius_km]
    if order == "distance":
        near.sort(key=lambda row: (row[1], -row[0]))
    else:
        near.sort(key=lambda row: (band_of(row[1], rules.bands_km), -row[2].timestamp(), -row[0]))
    return [(note_id, km) for note_id, km, _at in near]


def unseen_first(
    rows: list[tuple[int, float]], viewer_id: int | None, began: datetime
) -> tuple[list[tuple[int, float]], int]:
    """(rows with what the viewer saw before `began` behind the rest, number of those unseen)."""
    if viewer_id is None:
        return rows, len(rows)
    ids = [note_id for note_id, _km in rows]
    sights = Impression.objects.filter(person=viewer_id, note__in=ids, at__lt=began)
    seen = set(sights.values_list("note_id", flat=True))
    fresh = [row for row in rows if row[0] not in seen]
    return fresh + [row for row in rows if row[0] in seen], len(fresh)


def band_of(km: float, edges: tuple[float, ...]) -> int:
    """Index of the distance band; beyond the last edge is one band more."""
    return next((index for index, edge in enumerate(edges) if km <= edge), len(edges))


def _half_diagonal_km(centre: Point, rules: Nearby) -> float:
    half = rules.cell_degrees / 2
    corner = Point(max(-90.0, min(90.0, centre.latitude + half)), centre.longitude + half)
    return rough_km(centre, corner)
