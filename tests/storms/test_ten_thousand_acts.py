"""Ten thousand acts of several people in any order: every unread figure and every counter exact."""

from __future__ import annotations

from random import Random

import pytest

from community.messaging.models import Message, MessageQuerySet
from community.models import NoteStats
from community.notifications import reading
from community.notifications.models import Notification
from community.outbox.jobs import work_off
from tests.storms.crowd_of_acts import WEIGHTS, Crowd

ACTS, WORK_EVERY, LOOK_EVERY = 10_000, 250, 1_000
RATES = ("MESSAGE_RATE", "NEW_MESSAGE_RATE", "MESSAGE_REQUEST_RATE", "NEW_MESSAGE_REQUEST_RATE")


@pytest.fixture
def no_limits(settings):
    for name in RATES:
        setattr(settings, name, "1000000/24h")
    settings.COMMENT_RATES = "1000000/1h"


def work():
    """What workers do of it: notices."""
    while work_off("default", batch=100):
        pass


@pytest.mark.letter("A2")
def test_figures_are_exact_after_ten_thousand_acts_in_any_order(db, no_limits):
    crowd = Crowd(Random(20_261))
    for number in range(1, ACTS + 1):
        crowd.act()
        if number % WORK_EVERY == 0:
            work()
        if number % LOOK_EVERY == 0:
            assert crowd.differences() == [], number
    assert crowd.done.keys() == WEIGHTS.keys()
    assert sum(crowd.done.values()) > ACTS * 0.6, crowd.done
    assert Notification.objects.count() > 100
    assert Message.objects.count() > 250


@pytest.mark.letter("A2")
def test_figures_are_exact_when_many_act_at_once(no_limits, file_database, at_once):
    crowd = Crowd(Random(20_262))
    chances = [Random(seed) for seed in range(600)]
    answers = at_once([lambda c=c: crowd.act(chance=c) for c in chances], threads=4)
    assert [answer for answer in answers if answer is not None] == []
    work()
    assert crowd.differences() == []
    assert sum(crowd.done.values()) > len(chances) * 0.5


def without_one(whole):
    """The same gate, that loses a row."""

    def unread_by(self, person):
        found = whole(self, person)
        return found.exclude(pk__in=list(found.values_list("pk", flat=True)[:1]))

    return unread_by


def test_one_that_is_off_would_be_noticed(db, no_limits, monkeypatch):
    """The control: a like too many, a message that is not counted, a notice that is not."""
    crowd = Crowd(Random(1))
    for _ in range(300):
        crowd.act()
    work()
    assert crowd.differences() == []
    with monkeypatch.context() as patched:
        patched.setattr(MessageQuerySet, "unread_by", without_one(MessageQuerySet.unread_by))
        assert "unread of" in crowd.differences()[0]
    with monkeypatch.context() as patched:
        patched.setattr(reading, "unread_count", lambda person: -1)
        assert "notices of" in crowd.differences()[0]
    NoteStats.objects.filter(pk=crowd.notes[0]).update(likes=99)
    assert len(crowd.differences()) == 1
