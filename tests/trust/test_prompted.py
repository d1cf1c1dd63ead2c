"""Acts of people whom no feed led to a note decide nothing about whom it is shown to."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from community.models import Like
from community.services.reactions import collect_note, like_note, uncollect_note, unlike_note
from feeds import events, heat
from feeds.models import Event, Impression, LiveNote, NoteHour
from feeds.trust.prompted import CHOSEN
from feeds.trust.size import _ACTIVE

from .crowd import Crowd

NAMED = ("search", "profile", "tag", "album", "place")


@pytest.fixture
def now() -> datetime:
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def crowd(db, now) -> Crowd:
    return Crowd(70, 1, now=now)


def shown(crowd, reader, *, feed, earlier=timedelta(minutes=1)) -> None:
    Impression.objects.create(
        person_id=crowd.ids[reader],
        note=crowd.notes[0],
        feed=feed,
        at=crowd.now - earlier,
    )


def hot_likes(crowd) -> int:
    found = heat.engagement_since(crowd.now - timedelta(days=7), now=crowd.now)
    return found[crowd.notes[0].pk].people.get("like", 0)


@pytest.mark.parametrize(
    ("feed", "counts"), [*((f, 1) for f in CHOSEN), *((f, 0) for f in NAMED), ("", 0)]
)
def test_where_the_reader_came_from(crowd, feed, counts):
    if feed:
        shown(crowd, 1, feed=feed)
    like_note(person=crowd.people[1], note_id=crowd.notes[0].pk, now=crowd.now)
    events.digest(now=crowd.now)
    assert hot_likes(crowd) == counts
    assert sum(NoteHour.objects.values_list("likes", flat=True)) == counts
    # On the note itself everybody counts.
    assert Like.objects.count() == 1


def test_a_look_after_the_act_is_none_before_it(crowd):
    like_note(person=crowd.people[1], note_id=crowd.notes[0].pk, now=crowd.now)
    shown(crowd, 1, feed="discover", earlier=-timedelta(minutes=1))
    assert hot_likes(crowd) == 0


def test_what_did_not_count_takes_nothing_away_when_it_is_undone(crowd):
    """Nobody can like by a link, look at the card, and take back what was never given."""
    note, reader = crowd.notes[0].pk, crowd.people[1]
    like_note(person=reader, note_id=note, now=crowd.now)
    collect_note(person=reader, note_id=note, now=crowd.now)
    events.digest(now=crowd.now)
    shown(crowd, 1, feed="hot", earlier=timedelta())
    unlike_note(person=reader, note_id=note, now=crowd.now)
    uncollect_note(person=reader, note_id=note, now=crowd.now)
    events.digest(now=crowd.now)
    assert set(Event.objects.filter(kind=Event.Kind.UNLIKE).values_list("feed", flat=True)) == {
        "hot"
    }
    assert list(NoteHour.objects.values_list("likes", "collects")) in ([], [(0, 0)])
    like_note(person=reader, note_id=note, now=crowd.now)
    events.digest(now=crowd.now)
    assert sum(NoteHour.objects.values_list("likes", flat=True)) == 1
    unlike_note(person=reader, note_id=note, now=crowd.now)
    events.digest(now=crowd.now)
    assert sum(NoteHour.objects.values_list("likes", flat=True)) == 0


def test_fifty_friends_with_a_link_lift_nothing(crowd):
    before = LiveNote.objects.get(pk=crowd.notes[0].pk).popularity
    for reader in crowd.people[1:51]:
        like_note(person=reader, note_id=crowd.notes[0].pk, now=crowd.now)
    events.digest(now=crowd.now)
    assert hot_likes(crowd) == 0
    after = LiveNote.objects.get(pk=crowd.notes[0].pk).popularity
    assert after <= max(before, 2 / 50)


def test_in_a_small_community_all_acts_count(db, now):
    small = Crowd(20, 1, now=now)
    _ACTIVE.put("active", 20)
    like_note(person=small.people[1], note_id=small.notes[0].pk, now=now)
    events.digest(now=now)
    assert hot_likes(small) == 1
    assert NoteHour.objects.get().likes == 1
