"""Figures of notes and authors: by the note or the author, only of those old enough to tell."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from feeds.experiments import services
from feeds.experiments.results import Warn, results_of
from feeds.models import Impression, PoolDelivery, PoolEngagement, PoolEntry, PoolTransition
from tests.experiments.conftest import drawn_up

HOUR = timedelta(hours=1)


@pytest.fixture
def entered(operator, make_person, make_note, work_off):
    """Ten notes of ten authors that entered three hours from the start of an experiment on them."""

    def enter(unit, **fields):
        start = timezone.now()
        row = services.start(
            experiment=drawn_up("few", {"pools.ladder.0.base": 2}, unit=unit, **fields),
            by=operator, now=start,
        )  # fmt: skip
        for n in range(10):
            make_note(make_person(f"author{n}"))
        work_off()
        PoolTransition.objects.update(figures={"promised": 2})
        return row, start

    return enter


def reach(entry, readers, at):
    Impression.objects.bulk_create(
        [Impression(person=r, note_id=entry.pk, feed="discover", at=at) for r in readers]
    )
    PoolDelivery.objects.bulk_create(
        [
            PoolDelivery(note_id=entry.pk, tier=0, person=r, reserved_at=at, seen_at=at)
            for r in readers
        ]
    )


def figures(found, arm):
    return {row.metric: row.estimate for row in found.rows if row.arm == arm}


@pytest.mark.parametrize("unit", ["note", "author"])
def test_promises_rates_and_gates_by_unit(entered, make_person, unit):
    row, start = entered(unit)
    readers = [make_person(f"r{n}") for n in range(3)]
    mine = list(PoolEntry.objects.filter(trial=f"{row.pk}:1"))
    assert mine
    for entry in mine:
        reach(entry, readers, start + 2 * HOUR)
        PoolEngagement.objects.create(
            note_id=entry.pk, tier=0, person=readers[0], kind=4, score=1.5
        )
    PoolTransition.objects.create(
        note_id=mine[0].pk, from_tier=0, to_tier=1, state="running", reason="promoted",
        root_channel_id=1, at=start + 3 * HOUR,
    )  # fmt: skip
    young = figures(results_of(row, now=start + 5 * HOUR), "other")
    assert young["impressions in 24 hours"] is None
    assert young["promises kept"] is None
    assert young["engagement per impression in P0"].value == pytest.approx(0.5)
    assert young["promoted at the first gate"].value == 1
    old = results_of(row, now=start + 60 * HOUR)
    treated, control = figures(old, "other"), figures(old, "as it is")
    assert treated["impressions in 24 hours"].value == 3
    assert treated["promises kept"].value == 1
    assert treated["hours to 100 impressions (at most 48)"].value == 48
    assert control["promises kept"].value == 0
    assert control["promoted at the first gate"] is None
    assert old.counts == [("as it is", 10 - len(mine)), ("other", len(mine))]


def test_a_view_after_the_time_keeps_no_promise(entered, make_person):
    row, start = entered("note")
    readers = [make_person(f"r{n}") for n in range(3)]
    for entry in PoolEntry.objects.filter(trial=f"{row.pk}:1"):
        reach(entry, readers, start + 30 * HOUR)
    found = figures(results_of(row, now=start + 60 * HOUR), "other")
    assert found["promises kept"].value == 0


def test_a_note_its_author_withdrew_is_nobodys_failure(entered):
    row, start = entered("note")
    PoolEntry.objects.update(state="held")
    assert [count for _name, count in results_of(row, now=start + 60 * HOUR).counts] == [0, 0]


def test_shared_slots_are_warned_of_unless_readers_are_split(entered):
    row, start = entered("note")
    assert Warn.SHARED_SLOTS in results_of(row, now=start).warnings
    row.split_readers = True
    assert Warn.SHARED_SLOTS not in results_of(row, now=start).warnings
