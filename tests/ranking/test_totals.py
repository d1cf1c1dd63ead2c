"""Totals follow the events, and hydration stays at two queries."""

from __future__ import annotations

import pytest
from django.utils import timezone

from feeds import events
from feeds.facts import hydrate
from feeds.models import Event
from feeds.pipeline import Candidate
from feeds.ranking.models import NoteTotals


@pytest.fixture
def live_note(alice, make_note, work_off):
    note = make_note(alice)
    work_off()
    return note


def act(person, note, *kinds):
    now = timezone.now()
    for kind in kinds:
        events.record(person_id=person.pk, note_id=note.pk, kind=Event.Kind[kind], at=now)
    events.digest(now=now)
    assert events.digest(now=now) == 0


def test_totals_are_what_happened(live_note, bob, charlie, django_assert_num_queries):
    act(bob, live_note, "IMPRESSION", "OPEN", "LIKE")
    act(charlie, live_note, "IMPRESSION", "LIKE", "UNLIKE")
    totals = NoteTotals.objects.get(note=live_note)
    assert (totals.impressions, totals.opens, totals.likes) == (2, 1, 1)
    with django_assert_num_queries(2):
        [candidate] = hydrate([Candidate(live_note.pk, "fresh")])
    assert candidate.facts.counts == (2, 1, 0, 1, 0, 0, 0, 0, 0)
    assert candidate.facts.author_followers == 1
    assert len(candidate.facts.tags) == 2


def test_a_note_that_nobody_met_has_zeros(live_note):
    [candidate] = hydrate([Candidate(live_note.pk, "fresh")])
    assert candidate.facts.counts == (0.0,) * 9


def test_totals_go_with_their_note(live_note, bob):
    act(bob, live_note, "OPEN")
    live_note.delete()
    assert not NoteTotals.objects.exists()
