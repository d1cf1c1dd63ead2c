"""Impressions meet their features and what came of them, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from accounts.models import Profile
from feeds.features import COLUMN
from feeds.models import Event, Impression
from feeds.policy import Policy
from feeds.ranking import dataset, logged
from feeds.ranking.table import OBJECTIVES

from .conftest import NOW, with_ranking

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)
POLICY = with_ranking(Policy(), log_share=1.0)


@pytest.fixture
def serve(request_of, candidate):
    """Log a list of notes for somebody, half an hour before they see it."""

    def make(person, list_id, notes, at=NOW):
        request = request_of(person.pk, now=at - timedelta(minutes=30))
        ordered = [candidate(pk, propensity=pk / 100) for pk in notes]
        return logged.log_list(
            list_id=list_id, request=request, ordered=ordered, policy_version=0, ranker="formula"
        )

    return make


def see(person, list_id, note, at=NOW):
    Impression.objects.create(
        person_id=person.pk, note_id=note, feed="discover", list_id=list_id, at=at
    )


def act(person, note, kind, minutes=1, value=1.0):
    at = NOW + timedelta(minutes=minutes)
    Event.objects.create(
        person_id=person.pk, note_id=note, kind=Event.Kind[kind], value=value, at=at
    )


def load(policy=POLICY, now=LATER):
    return dataset.load(now=now, policy=policy)


def labels_of(table, note):
    row = table.labels[table.notes == note][0]
    return {name for name, value in zip(OBJECTIVES, row, strict=True) if value}


def test_each_impression_meets_its_own_features_and_outcomes(alice, bob, serve):
    serve(alice, 1, [10, 11, 12])
    serve(bob, 2, [10, 13])
    for person, list_id, note in ((alice, 1, 10), (alice, 1, 12), (bob, 2, 10)):
        see(person, list_id, note)
    act(alice, 10, "OPEN")
    act(alice, 10, "DWELL", value=30)
    act(bob, 10, "HIDE")
    act(alice, 12, "DWELL", value=3)
    table = load().table
    assert len(table) == 3
    hers = table.of(table.people == alice.pk)
    assert labels_of(hers, 10) == {"open", "long_read"}
    assert labels_of(hers, 12) == set()
    assert labels_of(table.of(table.people == bob.pk), 10) == {"hide"}
    ages = dict(zip(hers.notes.tolist(), hers.features[:, COLUMN["age"]].tolist(), strict=True))
    assert ages == pytest.approx({10: np.log1p(9.5), 12: np.log1p(11.5)}, rel=1e-4)
    assert sorted(hers.propensities.tolist()) == pytest.approx([0.10, 0.12])


def test_only_what_comes_in_time_counts_and_what_is_taken_back_does_not(alice, serve):
    serve(alice, 1, [10, 11, 12, 13])
    for note in (10, 11, 12, 13):
        see(alice, 1, note)
    act(alice, 10, "LIKE", minutes=60 * 23)
    act(alice, 11, "LIKE", minutes=60 * 25)
    act(alice, 12, "LIKE", minutes=-60)
    act(alice, 13, "LIKE")
    act(alice, 13, "UNLIKE", minutes=2)
    table = load().table
    assert [labels_of(table, note) for note in (10, 11, 12, 13)] == [{"like"}, set(), set(), set()]


def test_impressions_without_a_log_of_another_person_or_too_new_are_left_out(alice, bob, serve):
    serve(alice, 1, [10])
    see(alice, 1, 99)  # a pool card: it stood in no list
    see(alice, 5, 10)  # a list that was not logged
    see(bob, 1, 10)  # not his list
    assert len(load().table) == 0
    see(alice, 1, 12, at=LATER - timedelta(hours=1))
    assert len(load().table) == 0


def test_nothing_logged_at_all(db):
    assert len(load().table) == 0


def test_nothing_is_learnt_from_who_switched_personalisation_off(alice, serve):
    serve(alice, 1, [10])
    see(alice, 1, 10)
    assert len(load().table) == 1
    Profile.objects.filter(person=alice).update(personalised=False)
    assert len(load().table) == 0


def test_old_impressions_are_not_read(alice, serve):
    serve(alice, 1, [10])
    see(alice, 1, 10)
    assert len(load().table) == 1
    assert len(load(now=NOW + timedelta(days=31)).table) == 0


def test_the_newest_impressions_up_to_the_most_oldest_first(alice, serve):
    notes = list(range(1, 9))
    serve(alice, 1, notes)
    for note in notes:
        see(alice, 1, note, at=NOW + timedelta(minutes=note))
    table = load(with_ranking(POLICY, most_impressions=3, least_impressions=100)).table
    assert table.notes.tolist() == [6, 7, 8]


def test_a_flood_of_likes_makes_a_machine_of_its_sender(alice, bob, serve):
    serve(alice, 1, [10])
    serve(bob, 2, [10])
    see(alice, 1, 10)
    see(bob, 2, 10)
    at = NOW + timedelta(minutes=1)
    Event.objects.bulk_create(
        Event(person_id=bob.pk, note_id=note, kind=Event.Kind.LIKE, at=at)
        for note in range(100, 700)
    )
    left = load()
    assert (left.machines, left.table.people.tolist()) == (1, [alice.pk])


def test_pages_are_joined_without_gaps(alice, serve, monkeypatch):
    monkeypatch.setattr(dataset, "PAGE", 2)
    monkeypatch.setattr(dataset, "LISTS_AT_ONCE", 1)
    notes = list(range(1, 8))
    for list_id in (1, 2):
        serve(alice, list_id, notes)
    for note in notes:
        see(alice, 1 + note % 2, note)
        act(alice, note, "OPEN")
    table = load().table
    assert len(table) == 7
    assert table.label("open").sum() == 7


def test_the_first_row_since_a_time_is_found_by_halving(alice):
    for hour in range(50):
        Event.objects.create(person_id=alice.pk, note_id=1, kind=1, at=NOW + timedelta(hours=hour))
    first = Event.objects.order_by("pk").first().pk
    found = dataset.first_pk_since(Event, NOW + timedelta(hours=20))
    assert found == first + 20
    assert dataset.first_pk_since(Event, NOW + timedelta(hours=60)) is None
