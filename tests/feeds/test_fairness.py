"""What is owed comes before what is new, and no author before the others."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from feeds import pool_slots
from feeds.fairness import is_owed, turn_weight, turns
from feeds.models import Impression, PoolEntry
from feeds.policies import current
from feeds.pool_page import pool_page
from feeds.remembered import Remembered


@pytest.mark.parametrize(
    ("authors", "expected"),
    [([], []), ([7], [0]), ([7, 7, 8, 7, 8], [0, 1, 0, 2, 1])],
)
def test_each_author_counts_from_the_first_note(authors, expected):
    assert turns(authors) == expected


@pytest.mark.parametrize(
    ("turn", "age_hours", "owed"),
    [(0, 23.9, False), (0, 24, True), (0, 60, True), (1, 60, False), (5, 1, False)],
)
def test_owed_is_the_first_note_of_an_author_after_its_time(turn, age_hours, owed):
    assert is_owed(turn=turn, age_hours=age_hours, hours=24) is owed


def test_a_share_of_one_treats_all_notes_alike():
    assert [turn_weight(turn, 1.0) for turn in range(4)] == [1, 1, 1, 1]
    assert [turn_weight(turn, 0.5) for turn in range(4)] == [1, 0.5, 0.25, 0.125]


@given(st.lists(st.integers(0, 6), max_size=300), st.floats(0.01, 0.9))
def test_however_many_notes_an_author_has_together_they_weigh_less_than_a_bound(authors, share):
    total = Counter()
    for author, turn in zip(authors, turns(authors), strict=True):
        total[author] += turn_weight(turn, share)
    assert all(1 <= weight < 1 / (1 - share) + 1e-9 for weight in total.values())


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(0, 90)), max_size=60))
def test_at_most_one_note_of_an_author_is_owed_at_a_time(notes):
    order = turns(author for author, _age in notes)
    owed = Counter(
        author
        for (author, age), turn in zip(notes, order, strict=True)
        if is_owed(turn=turn, age_hours=age, hours=24)
    )
    assert all(count == 1 for count in owed.values())


def slots(person, now, count=1):
    """Author and note of the best so many slots, with nothing remembered from before."""
    Remembered.forget_everything()
    chosen = pool_slots.choose(
        count, viewer_id=person.pk, taste={}, exclude=(), policy=current()[1], now=now
    )
    return chosen[:count]


def promised(notes, now, **values):
    ids = [note.pk for note in notes]
    PoolEntry.objects.filter(note__in=ids).update(promised=100, started_at=now, **values)


def test_what_is_owed_comes_before_the_new_note_that_is_further_behind(
    alice, bob, charlie, make_note, work_off
):
    old, new = make_note(alice), make_note(bob)
    work_off()
    now = timezone.now()
    promised([old], now - timedelta(hours=25), delivered=95)
    promised([new], now - timedelta(hours=20), delivered=0)
    for _draw in range(10):
        assert [note.note_id for note in slots(charlie, now)] == [old.pk]


def test_a_prolific_author_does_not_take_the_slots_of_others(
    alice, bob, charlie, make_note, work_off
):
    many = [make_note(alice) for _ in range(12)]
    one = make_note(bob)
    work_off()
    now = timezone.now()
    promised([*many, one], now - timedelta(hours=10))
    got = Counter(note.author_id for _draw in range(200) for note in slots(charlie, now))
    # By chance alone the one note of twelve and one would get 15 of 200.
    assert got[bob.pk] > 60
    assert got[alice.pk] > 60


def test_alone_a_prolific_author_gets_every_slot(alice, charlie, make_note, work_off):
    for _ in range(5):
        make_note(alice)
    work_off()
    assert len(slots(charlie, timezone.now(), count=5)) == 5


def test_what_a_reader_has_met_keeps_no_slot_from_what_they_have_not(
    alice, bob, charlie, make_note, work_off
):
    """Five notes that come first for everybody, all met by this reader, and one that is last."""
    met, new = [make_note(alice) for _ in range(5)], make_note(bob)
    work_off()
    now = timezone.now()
    promised(met, now - timedelta(hours=23))
    promised([new], now, delivered=90)
    Impression.objects.bulk_create(
        Impression(person=charlie, note=note, feed="discover", at=now) for note in met
    )
    for _draw in range(10):
        assert [note.note_id for note in slots(charlie, now)] == [new.pk]


def test_one_author_does_not_fill_the_hands(alice, bob, charlie, make_note, work_off, monkeypatch):
    many = [make_note(alice) for _ in range(6)]
    one = make_note(bob)
    work_off()
    now = timezone.now()
    promised(many, now - timedelta(hours=30), due_at=now)
    promised([one], now, due_at=now + timedelta(hours=24))
    monkeypatch.setattr(pool_slots, "AT_HAND", 3)
    assert one.pk in {note.note_id for note in slots(charlie, now, count=3)}


def test_the_page_says_which_note_waits_for_which(client, alice, make_note, work_off):
    first, second = make_note(alice), make_note(alice)
    work_off()
    now = timezone.now()
    promised([first], now - timedelta(hours=25), due_at=now)
    promised([second], now, due_at=now)
    older, newer = pool_page(first, now=now), pool_page(second, now=now)
    assert (older.older_notes, older.owed) == (0, True)
    assert (newer.older_notes, newer.owed) == (1, False)
    client.force_login(alice)
    text = client.get(reverse("pool", args=[second.pk])).content.decode()
    assert "An older note of yours is still in the first pool" in text
    text = client.get(reverse("pool", args=[first.pk])).content.decode()
    assert "made good now, before new notes" in text


def test_nothing_of_this_is_said_when_the_promise_was_kept(alice, make_note, work_off):
    note = make_note(alice)
    work_off()
    now = timezone.now()
    promised([note], now - timedelta(hours=25), delivered=100)
    assert pool_page(note, now=now).owed is False
