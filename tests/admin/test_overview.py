"""The desk's first page: how the community stands, drawn beside its figures."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from community.outbox.models import Job
from feeds import overview
from feeds.models import NoteHour, PoolEntry, PoolTransition
from feeds.policy import Policy

from .conftest import allow, logged_in

NOW = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)
HOUR = NOW.replace(minute=0)
WINDOW = timedelta(hours=overview.HOURS)


@pytest.fixture
def note(alice, make_note):
    return make_note(alice)


def entry(note, **facts):
    row = {
        "author_id": note.author_id, "root_channel_id": note.channel.root_id, "promised": 150,
        "delivered": 30, "state": "running", "tier": 0, "started_at": NOW, "due_at": NOW,
    }  # fmt: skip
    PoolEntry.objects.update_or_create(note=note, defaults=row | facts)


def left(note, at, *, delivered):
    PoolTransition.objects.create(
        note=note, from_tier=0, to_tier=1, state="running", reason="passed", rate=0.1, at=at,
        root_channel_id=note.channel.root_id, figures={"promised": 100, "delivered": delivered},
    )  # fmt: skip


def test_every_hour_of_two_days_is_told_with_its_sum(note, make_note, bob):
    NoteHour.objects.create(note=note, hour=HOUR, impressions=5, opens=2)
    NoteHour.objects.create(note=make_note(bob), hour=HOUR, impressions=7, opens=1)
    NoteHour.objects.create(note=note, hour=HOUR - WINDOW, impressions=99)
    hours = overview.reading(NOW)
    assert len(hours) == overview.HOURS
    assert hours[-1] == overview.Hour(HOUR, 12, 3)
    assert sum(hour.impressions for hour in hours) == 12


def test_pools_are_told_by_state_with_what_they_owe(note, alice, make_note):
    entry(note)
    entry(make_note(alice), delivered=170)
    entry(make_note(alice), state="look", tier=1)
    entry(make_note(alice), state="settled")
    tiers = overview.tiers(Policy())
    assert [tier.name for tier in tiers] == [rung.name for rung in Policy().pools.ladder]
    assert (tiers[0].running, tiers[0].look, tiers[1].look) == (2, 0, 1)
    # What one got beyond its promise makes nobody else's smaller.
    assert tiers[0].owed == 120


def test_a_promise_counts_on_the_day_it_was_judged(alice, make_note):
    PoolTransition.objects.all().delete()
    left(make_note(alice), NOW, delivered=100)
    left(make_note(alice), NOW, delivered=99)
    left(make_note(alice), NOW - timedelta(days=2), delivered=130)
    left(make_note(alice), NOW - timedelta(days=8), delivered=130)
    days = overview.promises_by_day(NOW)
    assert [day.judged for day in days] == [0, 0, 0, 0, 1, 0, 2]
    assert [day.kept for day in days] == [0, 0, 0, 0, 1, 0, 1]


def test_tasks_are_told_by_queue_and_those_of_later_are_not_waiting(db):
    Job.objects.all().delete()
    later, state = NOW + timedelta(hours=1), Job.State
    for key, (queue, at, how) in enumerate(
        [("a", NOW, state.READY), ("a", later, state.READY), ("a", NOW, state.ASIDE),
         ("b", NOW, state.LEASED)]
    ):  # fmt: skip
        Job.objects.create(
            kind="demo", key=str(key), queue=queue, run_at=at, state=how, created_at=NOW
        )
    assert overview.queues(NOW) == [overview.Queue("a", 1, 0, 1), overview.Queue("b", 0, 1, 0)]


def test_the_first_page_draws_them_beside_their_figures(note, at_the_desk):
    entry(note)
    page = at_the_desk.get("/admin/").content.decode()
    assert page.count('class="chart__line') == 2 * 2  # each line, and its key
    assert page.count("chart__columns") == 1
    for name in ("reading", "pools", "kept", "tasks"):
        assert f'id="board-{name}"' in page
    assert re.search(r">P0<svg.*?</svg></th><td>1</td>", page)


def test_who_may_not_look_at_pools_meets_nothing_of_it(make_person):
    staff = allow(make_person("helper"), "community.view_note")
    assert "desk-board" not in logged_in(staff).get("/admin/").content.decode()
