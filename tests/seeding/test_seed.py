"""A seeded community is one like any other: in order, with feeds to read and notes to find."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Profile, User
from community.models import Note, NoteStats
from community.search.query import ask, matches
from feeds import serving
from feeds.invariants import audit
from feeds.models import TimelineEntry


def seed(*arguments):
    said = StringIO()
    call_command("seed", "--people", "200", "--notes", "400", *arguments, stdout=said)
    return said.getvalue()


def test_everything_is_there_and_counted_exactly(db, monkeypatch):
    monkeypatch.setattr("feeds.seeding.AT_ONCE", 90)
    assert "200 people and 400 notes" in seed()
    assert (User.objects.count(), Note.objects.published().count()) == (200, 400)
    assert {rule: rows for rule, rows in audit(now=timezone.now()).items() if rows} == {}
    # A few have most.
    most, median = (NoteStats.objects.order_by("-likes")[n].likes for n in (0, 200))
    assert most >= 3 * max(1, median)


def test_its_feeds_are_read_and_its_notes_found(db):
    seed()
    reader = User.objects.filter(profile__following_count__gt=0).first()
    assert TimelineEntry.objects.filter(owner=reader).exists()
    assert serving.serve_following(viewer=reader).items
    assert serving.serve_discover(viewer=reader).items
    word = Note.objects.first().title.split()[0]
    assert matches(ask(word), most=5)


def test_more_can_be_added(db):
    seed()
    seed("--seed", "2")
    assert (User.objects.count(), Note.objects.count()) == (400, 800)
    assert {rule: rows for rule, rows in audit(now=timezone.now()).items() if rows} == {}
    assert Profile.objects.count() == 400


def test_nobody_can_log_in_as_one_of_them(db):
    seed()
    assert not any(person.has_usable_password() for person in User.objects.all()[:20])


def test_real_people_are_not_drowned_by_accident(alice):
    with pytest.raises(CommandError, match="1 people have accounts"):
        seed()
    seed("--beside-people")
    assert User.objects.count() == 201


def test_who_is_opened_next_has_a_number_of_their_own(db, make_person):
    seed()
    assert make_person("alice").pk not in range(1, 201)
