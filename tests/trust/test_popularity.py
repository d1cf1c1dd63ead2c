"""What a ring or a farm adds to a note's popularity is left out, now and after it was found."""

from __future__ import annotations

import pytest
from django.utils import timezone

from community.services.reactions import collect_note, like_note, unlike_note
from feeds import popularity
from feeds.events import digest
from feeds.learning.behaviour import read
from feeds.models import LiveNote, NoteDiscount
from feeds.policies import current
from feeds.trust.models import Circle, Reader
from feeds.trust.watching import weigh_later

from .test_qualified_sights import make_ring, sees


def popularity_of(note):
    digest(now=timezone.now())
    return LiveNote.objects.get(pk=note.pk).popularity


# Of a note that nobody touched: nothing but the prior.
UNTOUCHED = 2 / 50


@pytest.fixture
def note(alice, make_note, work_off):
    note = make_note(alice)
    work_off()
    return note


def test_a_rings_acts_for_its_own_note_add_nothing(alice, bob, charlie, note):
    make_ring(alice, bob)
    like_note(person=bob, note_id=note.pk)
    assert popularity_of(note) == UNTOUCHED
    assert NoteDiscount.objects.get(pk=note.pk).score == 1
    like_note(person=charlie, note_id=note.pk)
    assert popularity_of(note) == pytest.approx(3 / 50)


def test_a_member_counts_in_full_for_everybody_else(bob, charlie, note):
    make_ring(bob, charlie)
    like_note(person=bob, note_id=note.pk)
    assert popularity_of(note) > UNTOUCHED
    assert not NoteDiscount.objects.exists()


def test_half_a_weight_is_half_an_act_and_what_is_taken_back_is_left_out_no_more(
    alice,
    bob,
    note,
):
    make_ring(alice, bob, weight=0.5)
    like_note(person=bob, note_id=note.pk)
    collect_note(person=bob, note_id=note.pk)
    assert popularity_of(note) == pytest.approx(3 / 50)
    unlike_note(person=bob, note_id=note.pk)
    assert popularity_of(note) == pytest.approx(2.5 / 50)


def test_sights_of_a_farm_neither_lower_nor_raise_it(charlie, note):
    now = timezone.now()
    Reader.objects.create(person=charlie, weight=0, signs=["farm"], since=now)
    assert sees(charlie, note, now=now)["seen"] == 1
    assert popularity_of(note) == UNTOUCHED
    assert NoteDiscount.objects.get(pk=note.pk).views == 1


def test_a_ring_that_is_found_later_loses_what_it_had_and_gets_it_back_when_lifted(
    alice,
    bob,
    note,
    work_off,
):
    like_note(person=bob, note_id=note.pk)
    raised = popularity_of(note)
    assert raised > UNTOUCHED
    make_ring(alice, bob)
    for _time in range(2):
        weigh_later([alice.pk, bob.pk])
        work_off()
        assert popularity_of(note) == UNTOUCHED
    Circle.objects.update(state=Circle.State.LIFTED)
    weigh_later([alice.pk, bob.pk])
    work_off()
    assert popularity_of(note) == raised


def test_nobody_discounted_costs_two_small_looks(note, bob, django_assert_num_queries):
    weights = current()[1].engagement
    popularity.discount([(bob.pk, note.pk)], weights)
    with django_assert_num_queries(2):
        popularity.discount([(bob.pk, note.pk)], weights)


def test_a_ring_teaches_nothing_about_its_own_notes(alice, bob, charlie, note):
    for person in (bob, charlie):
        like_note(person=person, note_id=note.pk)
    policy = current()[1]
    assert set(read(now=timezone.now(), policy=policy).people) == {bob.pk, charlie.pk}
    make_ring(alice, bob)
    assert set(read(now=timezone.now(), policy=policy).people) == {charlie.pk}
