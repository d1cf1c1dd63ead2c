"""Many who ask for a list that is not there: it is built for all of them at once."""

from __future__ import annotations

import threading
import time

import pytest
from django.core.cache import cache

from feeds import nearby, reading, serving
from feeds.geo import Point
from feeds.models import FeedList

ASKERS = 100


def built(kind):
    return FeedList.objects.filter(kind=kind).count()


def rush(at_once, ask):
    """Everybody asks at the same moment; whatever failed is raised."""
    together = threading.Barrier(ASKERS)

    def one():
        together.wait()
        return ask()

    answers = at_once([one] * ASKERS, threads=ASKERS)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    return answers


@pytest.mark.letter("A7")
def test_a_hundred_cold_requests_build_a_list_once_or_twice(
    file_database, at_once, alice, make_note, work_off, figure
):
    for n in range(3):
        make_note(alice, f"Bowl {n}")
    work_off()
    here = Point(31.2, 121.5)
    FeedList.objects.all().delete()
    asks = {
        "discover": lambda: serving.serve_discover(viewer=None),
        "nearby": lambda: serving.serve_nearby(viewer=None, point=here),
    }
    for ask in asks.values():
        rush(at_once, ask)
    numbers = {kind: built(kind) for kind in asks}
    assert all(1 <= number <= 2 for number in numbers.values()), numbers
    told = ", ".join(f"{kind} built {number}×" for kind, number in numbers.items())
    figure(f"{ASKERS} at once: {told}")


@pytest.mark.letter("A7")
def test_what_a_builder_who_died_left_is_built_by_others(db, alice, monkeypatch):
    monkeypatch.setattr("feeds.one_builder.BUILDING_SECONDS", 0.1)
    FeedList.objects.all().delete()
    cache.add("building:discover:0", 1, timeout=60)
    started = time.monotonic()
    serving.serve_discover(viewer=None)
    assert time.monotonic() - started < 5
    assert built("discover") == 1


def test_without_the_mark_each_would_build(
    file_database, at_once, alice, make_note, work_off, monkeypatch
):
    """The control."""
    work_off()

    def each_for_himself(name, *, look, build):
        found = look()
        return build() if found is None else found

    monkeypatch.setattr(serving, "built_by_one", each_for_himself)
    slow = nearby.notes_within
    monkeypatch.setattr(nearby, "notes_within", lambda *a, **k: time.sleep(0.2) or slow(*a, **k))
    rush(at_once, lambda: serving.serve_nearby(viewer=None, point=Point(1.0, 2.0)))
    assert built("nearby") > 2
    assert reading.built_by_one is not each_for_himself
