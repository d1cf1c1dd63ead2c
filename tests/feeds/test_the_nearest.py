"""The nearest notes by the live recipe: in widening circles, the same as if all were read."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from feeds import nearby
from feeds.geo import Point, rough_km
from feeds.models import LiveNote

HERE = Point(30.25, 120.15)


@pytest.fixture
def strew(db):
    """Live notes at these points, the first one the oldest; only what a search reads is made."""

    def at(points, **given):
        now = timezone.now()
        LiveNote.objects.bulk_create(
            LiveNote(
                note_id=number, author_id=1, channel_id=1, root_channel_id=1,
                published_at=now - timedelta(days=9) + timedelta(seconds=number),
                latitude=point.latitude, longitude=point.longitude,
                **({"recommended": True} | given),
            )
            for number, point in enumerate(points, start=1)
        )  # fmt: skip

    return at


def expected(points, here, *, km, limit):
    rows = [(number, rough_km(here, point)) for number, point in enumerate(points, start=1)]
    return sorted((row for row in rows if row[1] <= km), key=lambda row: (row[1], -row[0]))[:limit]


@pytest.mark.parametrize("spread", [0.005, 0.05, 0.4, 3])
@pytest.mark.parametrize("limit", [1, 20, 300])
def test_dense_or_thin_the_nearest_are_found_in_order(strew, spread, limit):
    chance = Random(3)
    points = [
        Point(HERE.latitude + chance.gauss(0, spread), HERE.longitude + chance.gauss(0, spread))
        for _ in range(400)
    ]
    strew(points)
    found, told = (
        nearby.notes_within(HERE, km=50, limit=limit),
        expected(points, HERE, km=50, limit=limit),
    )
    assert [note for note, _km in found] == [note for note, _km in told]
    assert [km for _note, km in found] == pytest.approx([km for _note, km in told])


def test_across_the_date_line(strew):
    points = [Point(0, -179.99), Point(0, 179.5), Point(0, 170)]
    strew(points)
    found = nearby.notes_within(Point(0, 179.9), km=100, limit=9)
    assert [note for note, _km in found] == [1, 2]


def test_what_is_not_recommended_is_not_near(strew):
    strew([HERE], recommended=False)
    assert nearby.notes_within(HERE, km=50, limit=9) == []


def test_of_one_point_with_very_many_the_newest(strew, monkeypatch):
    """All authors of a city without a place lie at its centre."""
    monkeypatch.setattr("feeds.nearby.IN_RANGE", lambda *_box: list(_newest(5)))
    strew([HERE] * 12)
    assert [note for note, _km in nearby.notes_within(HERE, km=50, limit=3)] == [12, 11, 10]


def _newest(number):
    rows = LiveNote.objects.order_by("-published_at")
    return rows.values_list("note_id", "latitude", "longitude")[:number]
