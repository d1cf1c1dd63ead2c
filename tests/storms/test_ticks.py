"""Periodic work run twice at one moment, after a day of standstill, and by two beats at once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from celery import current_app
from django.utils import timezone

from accounts.services import follow_user
from community.models import Note
from community.moderation.models import Decision
from community.outbox import jobs
from community.outbox.models import Job, ScheduleSlot
from community.outbox.schedule import take_slot
from community.services.comments import add_comment
from community.services.places import find_or_create_place
from community.services.reactions import like_note
from feeds import nearby, pool_keeper, serving
from feeds.geo import Point
from feeds.invariants import audit
from feeds.models import LiveNote, PoolDelivery, PoolEntry, PoolTransition
from tests.rows import changed, contents

TICKED = [
    "feeds.PoolEntry", "feeds.PoolTransition", "feeds.PoolEngagement", "feeds.LiveNote",
    "feeds.NoteHour", "feeds.Interest", "feeds.TimelineEntry", "feeds.Event",
]  # fmt: skip
DAY = timedelta(days=1)


def periodic_tasks():
    """Every task of ours that beat rings for, by name."""
    current_app.loader.import_default_modules()
    return {name: task for name, task in current_app.tasks.items() if hasattr(task, "once")}


@pytest.fixture
def busy(alice, bob, charlie, make_note, work_off):
    """Notes at every stage: new, seen and liked, due at the gate, never catalogued, withdrawn."""
    now = timezone.now()
    notes = [make_note(alice, f"Bowl {n}", ago=timedelta(hours=2 + n)) for n in range(4)]
    follow_user(follower=charlie, followed=alice)
    for note in notes[:2]:
        like_note(person=bob, note_id=note.pk)
        add_comment(author=charlie, note_id=note.pk, body="Lovely")
    work_off()
    for note in notes[:2]:
        for person in (bob, charlie):
            PoolDelivery.objects.create(
                note=note, tier=0, person=person, reserved_at=now, seen_at=now
            )
        PoolEntry.objects.filter(note=note).update(delivered=2, promised=2, due_at=now)
    like_note(person=charlie, note_id=notes[2].pk)
    Decision.objects.create(note=notes[3], author=alice, act="hide", reason="Rule", decided_at=now)
    Note.objects.filter(pk=notes[3].pk).update(hidden_at=now)  # its job was lost
    lost = make_note(bob, "Nobody was told of it", ago=timedelta(hours=1))
    Job.objects.filter(kind__startswith="feeds.", arguments__notes=[lost.pk]).delete()
    return notes


def run_all(at):
    """Every periodic task once, in the order of their names."""
    with time_machine.travel(at, tick=False):
        for _name, task in sorted(periodic_tasks().items()):
            task.once()


def test_the_tasks_of_the_clock_are_all_here():
    assert {"feeds.advance_pools", "feeds.digest_events", "feeds.tidy_timelines",
            "feeds.precompute_hot", "feeds.precompute_discover", "feeds.precompute_nearby",
            "outbox.sweep"} <= periodic_tasks().keys()  # fmt: skip


@pytest.mark.letter("B7")
@pytest.mark.parametrize("pause", [timedelta(0), DAY, 3 * DAY], ids=["now", "a day", "three days"])
def test_a_tick_that_runs_twice_at_one_moment_changes_nothing_the_second_time(busy, pause):
    at = timezone.now() + pause
    untouched = contents(TICKED)
    for name, task in sorted(periodic_tasks().items()):
        with time_machine.travel(at, tick=False):
            task.once()
            before = contents(TICKED)
            task.once()
        assert changed(before, contents(TICKED)) == {}, name
    assert changed(untouched, contents(TICKED)) != {}  # the control: something was to be done


def test_all_ticks_twice_after_a_day_of_standstill_leave_one_state(busy):
    at = timezone.now() + DAY
    run_all(at)
    jobs.work_off("feeds")
    run_all(at)  # what the first round noted for the next
    settled = contents(TICKED)
    run_all(at)
    assert changed(settled, contents(TICKED)) == {}


def test_what_was_lost_on_the_way_is_found_by_the_next_ticks(busy):
    assert {rule for rule, rows in audit(now=timezone.now()).items() if rows} != set()
    run_all(timezone.now() + timedelta(minutes=10))
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=True):
        for queue in ("fanout", "feeds", "default"):
            jobs.work_off(queue)
    lost = Note.objects.get(title="Nobody was told of it")
    assert LiveNote.objects.filter(note=lost).exists()
    hidden = Note.objects.get(hidden_at__isnull=False)
    assert not LiveNote.objects.filter(note=hidden).exists()
    assert PoolEntry.objects.get(note=hidden).state != PoolEntry.State.RUNNING
    assert {rule: rows for rule, rows in audit(now=timezone.now()).items() if rows} == {}


def test_the_notes_of_a_suspended_author_leave_the_feeds_choice_and_return(busy, alice):
    run_all(timezone.now())
    live = LiveNote.objects.filter(author=alice).count()
    assert live
    alice.is_active = False
    alice.save()
    run_all(timezone.now() + timedelta(minutes=10))
    assert not LiveNote.objects.filter(author=alice).exists()
    assert not PoolEntry.objects.filter(author=alice, state="running").exists()
    alice.is_active = True
    alice.save()
    run_all(timezone.now() + timedelta(minutes=20))
    assert LiveNote.objects.filter(author=alice).count() == live


@pytest.mark.letter("C2")
def test_two_workers_at_the_same_gate_write_one_step(file_database, at_once):
    """On a file, as two processes meet: one verdict, one line in the log, for each note."""
    due = timezone.now()
    for n in range(30):
        PoolEntry.objects.create(
            note_id=1000 + n, author_id=1, root_channel_id=1, state="running", tier=0,
            promised=2, delivered=2, engagement=20, started_at=due - DAY, due_at=due,
        )  # fmt: skip
    together = threading.Barrier(3)

    def tick():
        together.wait()
        return pool_keeper.advance(now=due)

    moved = at_once([tick] * 3, threads=3)
    assert [m for m in moved if isinstance(m, Exception)] == []
    assert sum(moved) == 30
    assert PoolTransition.objects.count() == 30
    assert PoolEntry.objects.exclude(tier=0, state="running").count() == 30


@pytest.mark.letter("B5")
def test_two_beats_for_thirty_days_fire_each_slot_once(db):
    """Two beats that ring a little apart; one of them away for six hours and without a burst."""
    start, slot = timezone.now(), timedelta(hours=1)
    fired = []
    for hour in range(24 * 30):
        for beat, delay in (("one", 0), ("two", 7)):
            if beat == "one" and 100 <= hour < 106:
                continue
            now = start + hour * slot + timedelta(seconds=delay)
            if take_slot("test", slot=slot, now=now):
                fired.append(now)
    numbers = [int(now.timestamp() // slot.total_seconds()) for now in fired]
    assert len(numbers) == len(set(numbers)) == ScheduleSlot.objects.count()
    assert len(numbers) in (24 * 30, 24 * 30 + 1)


@pytest.mark.letter("B5")
def test_of_many_beats_at_one_moment_one_gets_the_slot(file_database, at_once):
    together, now = threading.Barrier(8), timezone.now()

    def ring():
        together.wait()
        return take_slot("test", slot=timedelta(minutes=1), now=now)

    answers = at_once([ring] * 8, threads=8)
    assert sorted(answers) == [False] * 7 + [True]


def test_a_cell_that_nobody_asks_for_any_more_is_no_longer_precomputed(busy):
    """The list that a tick writes is no sign that somebody looked."""
    start, here, tick = (
        timezone.now(),
        Point(31.2, 121.5),
        periodic_tasks()["feeds.precompute_nearby"],
    )
    serving.serve_nearby(viewer=None, point=here, now=start)
    with time_machine.travel(start + timedelta(minutes=1), tick=False):
        assert tick.once() == 1
    for minutes in range(10, 120, 10):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            tick.once()
    assert nearby.cells_in_use() == []
    serving.serve_nearby(viewer=None, point=here, now=start + DAY)
    assert nearby.cells_in_use() == [nearby.cell_for(here)]


def test_a_quiet_cell_shows_what_was_published_since_it_was_built(busy, make_note, bob, work_off):
    start, here = timezone.now(), Point(31.2, 121.5)
    serving.serve_nearby(viewer=None, point=here, now=start)
    place = find_or_create_place(name="Kiln", latitude=31.2, longitude=121.5)
    fresh = make_note(bob, "Fired here today", place=place)
    work_off()
    page = serving.serve_nearby(viewer=None, point=here, now=start + timedelta(minutes=6))
    assert fresh.pk in [item.note_id for item in page.items]
