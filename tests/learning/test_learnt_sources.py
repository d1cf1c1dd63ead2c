"""What the learnt sources bring to discover, and to whom they bring nothing."""

from __future__ import annotations

import numpy as np
import pytest
from django.utils import timezone

from community.artefacts import registry, store
from feeds import sources
from feeds.discover import build_discover
from feeds.learning import training
from feeds.models import Event
from feeds.policy import Policy
from feeds.related import related_notes
from feeds.viewer import request_for

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def proposed(person_id, **given):
    """{source class: note ids} of the three learnt sources."""
    request = request_for(person_id, now=timezone.now(), policy=Policy(), **given)
    engaged = sources.EngagedNotes()
    learnt = (sources.SimilarNotes, sources.SimilarReaders, sources.ColdNotes)
    return {kind.__name__: [c.note_id for c in kind(engaged).propose(request)] for kind in learnt}


@pytest.fixture
def trained(two_groups_of_people):
    training.train(now=NOW)
    return two_groups_of_people


@pytest.fixture
def newcomer(charlie, trained, act):
    """Charlie liked two notes of the even group."""
    _people, notes = trained
    act(charlie, [notes[0], notes[2]])
    return charlie


def test_a_newcomer_gets_notes_of_the_group_whose_notes_they_liked(newcomer, trained):
    _people, notes = trained
    found = proposed(newcomer.pk)
    for kind in ("SimilarNotes", "SimilarReaders"):
        assert len(found[kind]) >= 5
        assert set(found[kind][:5]) <= set(notes[::2]) - {notes[0], notes[2]}


def test_the_same_request_brings_the_same_and_shares_nothing(newcomer):
    shared = {}
    assert proposed(newcomer.pk, shared=shared) == proposed(newcomer.pk, shared=shared)
    assert not any(newcomer.pk in (key if isinstance(key, tuple) else (key,)) for key in shared)


def test_a_like_that_was_taken_back_brings_nothing(charlie, trained, act):
    _people, notes = trained
    act(charlie, notes[:1], Event.Kind.LIKE)
    act(charlie, notes[:1], Event.Kind.UNLIKE)
    assert not any(proposed(charlie.pk).values())


def test_new_notes_of_the_tag_of_ones_group_are_predicted(newcomer, live_notes):
    new = live_notes(6, tags=["even", "odd"], ago_days=1)
    assert proposed(newcomer.pk)["ColdNotes"][:3] == new[::2]


def test_old_notes_without_behaviour_are_not_predicted(newcomer, live_notes):
    live_notes(6, tags=["even", "odd"], ago_days=30)
    assert proposed(newcomer.pk)["ColdNotes"] == []


def test_visitors_and_those_who_want_nothing_personal_get_nothing(
    newcomer, django_assert_num_queries
):
    assert not any(proposed(None).values())
    newcomer.profile.personalised = False
    newcomer.profile.save()
    assert not any(proposed(newcomer.pk).values())


def test_without_a_model_nothing_is_proposed(charlie, two_groups_of_people, act):
    _people, notes = two_groups_of_people
    act(charlie, notes[:2])
    assert not any(proposed(charlie.pk).values())


def test_a_version_whose_arrays_do_not_fit_is_told_once_and_not_used(newcomer, caplog):
    arrays = {"notes": np.arange(3), "found": np.zeros((2, 2), np.int32)}
    arrays["likeness"] = np.zeros((2, 2), np.float32)
    kept = store.save("similar", arrays=arrays, figures={}, trained_on={}, now=NOW)
    registry.publish(kept, by=None, now=NOW)
    registry.forget()
    for _ in range(2):
        found = proposed(newcomer.pk)
        assert found["SimilarNotes"] == []
        assert found["SimilarReaders"]
    assert len([line for line in caplog.messages if "is not used" in line]) == 1


def test_discover_holds_them_with_their_reason(newcomer, trained):
    from feeds.reasons import reasons_for

    Event.objects.update(digested=True)  # no tags and channels known of them yet
    snapshot = build_discover(newcomer.pk, now=timezone.now())
    brought = {item.source for item in snapshot.items}
    assert brought & {"similar", "readers"}
    texts = [r.text for r in reasons_for([(code, 0) for code in ("similar", "readers")])]
    assert texts == ["like notes you engaged with", "people with your taste read it"]


def test_related_notes_are_first_what_its_readers_read_too(trained, charlie):
    from community.models import Note
    from feeds.models import LiveNote

    _people, notes = trained
    page = related_notes(Note.objects.get(pk=notes[0]), viewer=charlie)
    assert page.items[0].reason.code == "also_read"
    assert page.items[0].note_id in notes[::2]
    hidden = page.items[0].note_id
    Note.objects.filter(pk=hidden).update(visibility=Note.Visibility.PRIVATE)
    LiveNote.objects.filter(note=hidden).delete()
    page = related_notes(Note.objects.get(pk=notes[0]), viewer=charlie)
    assert hidden not in {item.note_id for item in page.items}
    assert len({item.note_id for item in page.items}) == len(page.items)


def test_related_notes_without_a_model_share_tags(two_groups_of_people, charlie):
    from community.models import Note

    _people, notes = two_groups_of_people
    page = related_notes(Note.objects.get(pk=notes[0]), viewer=charlie)
    assert page.items[0].reason.code == "shares_tag"
