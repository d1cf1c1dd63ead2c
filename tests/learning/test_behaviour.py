"""Whose acts on which notes become the material of learning."""

from __future__ import annotations

import pytest
from django.utils import timezone

from feeds.learning import behaviour
from feeds.models import Event, LiveNote
from feeds.policy import Policy

from .conftest import with_learning

pytestmark = pytest.mark.django_db
Kind = Event.Kind


def cells(policy=None):
    """{(person, note): weight} of what is read."""
    found = behaviour.read(now=timezone.now(), policy=policy or Policy())
    matrix = found.matrix.tocoo()
    people, notes = found.people[matrix.row].tolist(), found.notes[matrix.col].tolist()
    return dict(zip(zip(people, notes, strict=True), matrix.data.tolist(), strict=True))


def test_acts_of_people_on_live_notes_digested_or_not(alice, bob, live_notes, act):
    one, two = live_notes(2)
    act(alice, [one], Kind.OPEN, digested=True)
    act(alice, [one, two], Kind.COLLECT)
    act(bob, [two], Kind.IMPRESSION)
    assert cells() == {(alice.pk, one): 3.0, (alice.pk, two): 3.0}


def test_a_like_that_is_taken_back_does_not_count(alice, live_notes, act):
    one, two = live_notes(2)
    act(alice, [one, two], Kind.LIKE)
    act(alice, [one], Kind.UNLIKE)
    assert cells() == {(alice.pk, two): 2.0}


def test_who_wants_nothing_personal_or_is_suspended_is_not_learnt_from(
    alice, bob, charlie, live_notes, act
):
    notes = live_notes(2)
    for person in (alice, bob, charlie):
        act(person, notes)
    bob.profile.personalised = False
    bob.profile.save()
    charlie.is_active = False
    charlie.save()
    assert {person for person, _note in cells()} == {alice.pk}


def test_notes_that_are_not_live_and_ones_own_are_left_out(alice, live_notes, act):
    gone, own, kept = live_notes(3)
    act(alice, [gone, own, kept, 999_999])
    LiveNote.objects.filter(note=gone).delete()
    LiveNote.objects.filter(note=own).update(author=alice)
    assert cells() == {(alice.pk, kept): 2.0}


def test_ten_thousand_likes_are_a_row_like_others(alice, bob, live_notes, act):
    notes = live_notes(30)
    act(bob, notes[:5])
    for _ in range(330):
        act(alice, notes)
    found = cells(with_learning(most_notes=8))
    assert sorted(note for person, note in found if person == alice.pk) == notes[-8:]
    assert sum(person == bob.pk for person, _note in found) == 5


def test_old_acts_are_forgotten_and_nothing_is_an_empty_matrix(alice, live_notes, act):
    act(alice, live_notes(2), at=timezone.now() - timezone.timedelta(days=400))
    assert cells() == {}


def test_the_number_of_statements_does_not_grow_with_notes(
    alice, bob, live_notes, act, django_assert_max_num_queries
):
    notes = live_notes(50)
    act(alice, notes)
    act(bob, notes[:20])
    # Live notes, people, their acts, and two looks at who is in a ring or a farm.
    with django_assert_max_num_queries(5):
        assert len(cells()) == 70
