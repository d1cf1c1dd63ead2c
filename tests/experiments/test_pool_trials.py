"""Experiments on notes and authors: promised, judged and told by the policy of the arm."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import Invalid
from feeds import pool_admission, pool_keeper, pool_slots
from feeds.experiments import reach, services
from feeds.experiments.assignment import as_running, policy_for, pool_policy, trial_of
from feeds.experiments.models import Experiment, Exposure
from feeds.models import LiveNote, PoolEntry, PoolTransition
from feeds.policies import current
from feeds.pool_page import pool_page
from tests.experiments.conftest import drawn_up

SMALL = {"pools.ladder.0.base": 3, "pools.ladder.0.extra": 0}


@pytest.fixture
def started(operator):
    def start(name, overrides, **fields):
        now = fields.pop("now", timezone.now())
        row = drawn_up(name, overrides, **fields)
        return services.start(experiment=row, by=operator, now=now)

    return start


@pytest.mark.parametrize(
    ("name", "unit", "told"),
    [
        ("pools.gate_factor", "note", None),
        ("pools.ladder.0.base", "author", None),
        ("discover.similar", "reader", None),
        ("interests.recent_share", "reader", None),
        ("pools.gate_factor", "reader", "but on authors"),
        ("discover.similar", "note", "but on readers"),
        ("pools.slot_every", "note", "shared by all"),
        ("pools.quality_bar", "author", "shared by all"),
        ("interests.half_life_days", "reader", "would outlast"),
        ("discover.page_size", "reader", "alike for everybody"),
        ("hot.gravity", "reader", "cannot be tried on readers"),
    ],
)
def test_what_can_be_tried_on_whom_is_said_in_one_table(name, unit, told):
    fault = reach.fault_of(name, unit)
    assert (fault is None) == (told is None)
    assert told is None or told in fault


def test_a_note_is_promised_and_judged_by_its_arm(started, make_person, make_note, work_off):
    readers = [make_person(f"reader{n}") for n in range(12)]
    row = started("notes", SMALL, unit="note")
    notes = [make_note(readers[n]) for n in range(8)]
    work_off()
    pool_keeper.advance(now=timezone.now())
    entries = {entry.note_id: entry for entry in PoolEntry.objects.all()}
    arms = {note.pk: trial_of(note_id=note.pk, author_id=note.author_id) for note in notes}
    assert set(arms.values()) == {f"{row.pk}:0", f"{row.pk}:1"}
    for note in notes:
        entry = entries[note.pk]
        assert entry.trial == arms[note.pk]
        # Raised by no tick to what the policy of everybody promises.
        assert entry.promised == (3 if entry.trial.endswith(":1") else 12)
    exposed = dict(Exposure.objects.values_list("note_id", "arm"))
    assert exposed == {pk: int(trial[-1]) for pk, trial in arms.items()}


def test_the_gate_and_its_page_are_those_of_the_arm(started, alice, make_note, work_off):
    started("gate", {"pools.gate_factor": 9.0}, unit="note")
    now = timezone.now()
    notes = [make_note(alice) for _ in range(8)]
    work_off()
    PoolEntry.objects.update(promised=40, delivered=40, engagement=12, due_at=now)
    asked = {note.pk: pool_page(note, now=now).figures["gate"] for note in notes}
    pool_keeper.advance(now=now)
    steps = PoolTransition.objects.filter(from_tier=0)
    moved = {step.note_id: step.to_tier for step in steps}
    for note in notes:
        strict = trial_of(note_id=note.pk, author_id=alice.pk).endswith(":1")
        assert asked[note.pk] == pytest.approx(0.04 * (9.0 if strict else 1.1))
        assert moved[note.pk] == (None if strict else 1)
    assert set(moved.values()) == {None, 1}


def test_all_notes_of_an_author_are_in_the_authors_arm(started, make_person, make_note, work_off):
    started("authors", SMALL, unit="author")
    authors = [make_person(f"author{n}") for n in range(6)]
    for author in authors:
        make_note(author)
        make_note(author)
    work_off()
    trials = PoolEntry.objects.values_list("author_id", "trial").distinct()
    assert trials.count() == len(authors)
    assert set(Exposure.objects.values_list("person_id", flat=True)) == {a.pk for a in authors}


def test_an_arm_outlives_no_experiment(started, operator, alice, make_note, work_off):
    row = started("gate", {"pools.gate_factor": 9.0}, unit="note")
    trial = f"{row.pk}:1"
    assert pool_policy(trial).pools.gate_factor == 9.0
    services.stop(experiment=row, by=operator, now=timezone.now())
    from feeds.experiments import assignment

    assignment.forget()  # as it is after the commit that a test never makes
    assert pool_policy(trial).pools.gate_factor == 1.1
    make_note(alice)
    work_off()
    assert PoolEntry.objects.get().trial == ""


def test_readers_and_notes_cross_and_one_setting_is_tried_once(started):
    started("notes", SMALL, unit="note")
    started("lists", {"discover.freshness_weight": 2.0})
    with pytest.raises(Invalid, match=r"pools.ladder: is being tried by “notes”"):
        started("authors", {"pools.ladder.1.base": 600}, unit="author")
    # The same numbers fall elsewhere in the layer of another unit.
    pairs = {(policy_for(n)[0][-1], trial_of(note_id=n, author_id=n)[-1:]) for n in range(200)}
    assert len(pairs) >= 4


def test_while_nothing_runs_the_tick_asks_nothing_more(
    alice, make_note, work_off, django_assert_max_num_queries
):
    make_note(alice)
    work_off()
    pool_keeper.advance(now=timezone.now())
    with django_assert_max_num_queries(14):
        pool_keeper.advance(now=timezone.now() + timedelta(minutes=1))


def test_admitting_twice_exposes_once(started, alice, make_note, work_off):
    started("notes", SMALL, unit="note")
    note = make_note(alice)
    work_off()
    before = Exposure.objects.count()
    for _ in range(2):
        pool_admission.admit(LiveNote.objects.filter(note=note), now=timezone.now())
    assert Exposure.objects.count() == before == 1
    assert Experiment.objects.get().unit == "note"


def test_split_readers_give_their_slots_to_notes_of_one_arm(
    started, make_person, alice, make_note, work_off
):
    row = started("notes", SMALL, unit="note", split_readers=True)
    for _ in range(10):
        make_note(alice)
    work_off()
    arms = {entry.note_id: entry.trial for entry in PoolEntry.objects.all()}
    # Where a note falls depends on its number, which no test chooses. One in twenty belongs to the
    # holdout: it is in no arm, and in everybody's slots.
    assert set(arms.values()) - {""} == {f"{row.pk}:0", f"{row.pk}:1"}
    served = set()
    for n in range(12):
        reader = make_person(f"reader{n}")
        chosen = pool_slots.choose(
            10, viewer_id=reader.pk, taste={}, exclude=(), policy=current()[1], now=timezone.now()
        )
        mine = as_running(row).reader_arm(reader.pk)
        assert {arms[note.note_id] for note in chosen} - {""} == {f"{row.pk}:{mine}"}
        served.add(mine)
    assert served == {0, 1}


def test_without_the_split_every_reader_serves_every_note(started, alice, bob, make_note, work_off):
    started("notes", SMALL, unit="note")
    for _ in range(10):
        make_note(alice)
    work_off()
    chosen = pool_slots.choose(
        10, viewer_id=bob.pk, taste={}, exclude=(), policy=current()[1], now=timezone.now()
    )
    assert len({note.trial for note in chosen}) == 2


def test_readers_are_not_split_for_an_experiment_on_readers(started):
    with pytest.raises(Invalid, match="split readers"):
        started("lists", {"discover.freshness_weight": 2.0}, split_readers=True)
