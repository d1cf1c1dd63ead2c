"""Figures of readers: reckoned by hand on few rows, and absent where they cannot be had."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from accounts.models import Profile, User
from feeds.experiments import services
from feeds.experiments.assignment import as_running
from feeds.experiments.models import Experiment, Exposure
from feeds.experiments.results import Warn, results_of
from feeds.experiments.sights import GROUPS, Sights, came_back, sessions, spread_by_arm
from feeds.models import Event, Impression, LessOf
from tests.experiments.conftest import drawn_up

START = timezone.now() - timedelta(days=10)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def trial(operator):
    """Started ten days ago, with forty readers who met their arm then."""
    people = User.objects.bulk_create(
        [User(username=f"reader{n}", username_key=f"reader{n}") for n in range(40)]
    )
    Profile.objects.bulk_create([Profile(person=p) for p in people], ignore_conflicts=True)
    row = services.start(
        experiment=drawn_up("fresh", {"discover.freshness_weight": 2.0}), by=operator, now=START
    )
    known = as_running(row)
    Exposure.objects.bulk_create(
        [
            Exposure(experiment=row, person=p, arm=arm, at=START)
            for p in people
            if (arm := known.arm(p.pk)) is not None
        ]
    )
    return row


def arm_people(row, arm):
    met = Exposure.objects.filter(experiment=row, arm=arm).order_by("person")
    return list(met.values_list("person_id", flat=True))


def figure(found, metric, arm):
    [row] = [r for r in found.rows if (r.metric, r.arm) == (metric, arm)]
    return row.estimate


def test_every_figure_is_what_one_reckons_by_hand(trial, alice, make_note):
    notes = [make_note(alice) for _ in range(3)]
    mine = arm_people(trial, 1)
    for person in mine:
        for place, note in enumerate(notes):
            Impression.objects.create(
                person_id=person, note=note, feed="discover", at=START + place * HOUR,
                source="pool0" if place == 0 else "tag",
            )  # fmt: skip
    first = mine[0]
    acts = (Event.Kind.COMMENT, Event.Kind.SHARE, Event.Kind.FOLLOW, Event.Kind.LIKE)
    for kind in acts:
        Event.objects.create(person_id=first, note=notes[0], kind=kind, at=START + HOUR)
    LessOf.objects.create(person_id=first, kind=LessOf.Kind.TAG, target=1, created_at=START + HOUR)
    found = results_of(trial, now=START + 2 * DAY)
    people = len(mine)
    expected = {
        "impressions per reader": 3,
        "sittings per reader": 3,
        "engagement per reader": 17 / people,
        "engagement per impression": 17 / (3 * people),
        "comments per reader": 1 / people,
        "shares per reader": 1 / people,
        "follows per reader": 1 / people,
        "“less of this” per reader": 1 / people,
        "reserved first views per impression": 1 / 3,
        "live notes seen": None,  # the other arm saw nothing to compare with
        "promises kept": None,  # no arm keeps a promise alone
    }
    for metric, value in expected.items():
        estimate = figure(found, metric, "other")
        assert (estimate.value if estimate else None) == (
            value if value is None else pytest.approx(value)
        ), metric
    assert figure(found, "impressions per reader", "as it is").value == 0
    assert figure(found, "engagement per impression", "as it is") is None


def test_who_came_back_counts_only_those_who_could(trial, alice, make_note):
    note = make_note(alice)
    control = arm_people(trial, 0)
    Impression.objects.create(
        person_id=control[0], note=note, feed="hot", at=START + DAY + 2 * HOUR
    )
    late = Exposure.objects.get(experiment=trial, person=control[1])
    Exposure.objects.filter(pk=late.pk).update(at=START + 3 * DAY)
    found = results_of(trial, now=START + 3 * DAY)
    back = figure(found, "came back on day 1", "as it is")
    assert (back.value, back.units) == (1 / (len(control) - 1), len(control) - 1)
    assert figure(found, "came back on day 7", "as it is") is None


def sights(people, notes, seconds=None):
    count = len(people)
    ids = (np.array(people), np.array(notes), np.array(notes) // 10)
    when = np.arange(count, dtype=float) if seconds is None else np.array(seconds, float)
    return Sights(*ids, when)


def test_a_pause_of_half_an_hour_ends_a_sitting():
    seen = sights([1, 1, 1, 2], [5, 6, 7, 5], [0, 60, 60 + 1801, 10])
    assert sessions(seen) == {1: 2, 2: 1}
    assert sessions(sights([], [])) == {}
    assert came_back(sights([], []), {}, START, START, 1) is None


def test_arms_of_unequal_size_are_compared_on_equally_many_cards(db):
    chance = np.random.default_rng(1)

    def arm(count):
        return sights(np.sort(chance.integers(0, 400, count)), chance.integers(0, 60, count))

    found = spread_by_arm([arm(4_000), arm(400)], START, START + DAY)["Gini of exposure by note"]
    large, small = found
    # The same readers' taste: the larger arm would look far more even on all its cards.
    assert large.value == pytest.approx(small.value, abs=0.08)
    assert small.low < small.value < small.high
    assert small.units == GROUPS
    assert spread_by_arm([arm(10), arm(0)], START, START)["new notes seen"] == [None, None]


def test_what_to_know_before_believing_is_said(trial):
    early, late = (results_of(trial, now=START + n * DAY) for n in (2, 15))
    assert early.warnings == [Warn.EARLY, Warn.SHARED_NOTES]
    assert late.warnings == [Warn.SHARED_NOTES]
    assert [day.day for day in early.days] == [0, 1, 0, 1]


def test_a_main_figure_by_day_and_arm(trial, alice, make_note):
    notes = [make_note(alice) for _ in range(4)]
    person = arm_people(trial, 1)[0]
    for place, note in enumerate(notes):
        at = START + timedelta(days=place // 2, hours=1)
        Impression.objects.create(person_id=person, note=note, feed="discover", at=at)
    Event.objects.create(
        person_id=person, note=notes[3], kind=Event.Kind.COMMENT, at=START + DAY + HOUR
    )
    found = results_of(trial, now=START + 3 * DAY)
    assert [day.value for day in found.days if day.arm == "other"] == [0, 2, None]


def test_the_statements_do_not_grow_with_readers(trial, django_assert_max_num_queries):
    assert Experiment.objects.count() == 1
    with django_assert_max_num_queries(32):
        results_of(trial, now=START + 2 * DAY)
