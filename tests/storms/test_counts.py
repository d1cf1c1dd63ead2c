"""Counters equal their rows after any storm, on the database as it runs in production."""

from __future__ import annotations

import random
from functools import partial

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.services import follow_user, unfollow_user
from community.models import Channel, Collect, Comment, Like, NoteStats
from community.services.comments import add_comment, delete_comment
from community.services.reactions import collect_note, like_note, uncollect_note, unlike_note
from community.services.writing import NoteContent, publish_note, save_draft
from feeds.invariants import audit

PEOPLE, DUPLICATES, THREADS = 60, 3, 12


@pytest.fixture
def people(file_database):
    return [User.objects.create_user(f"person{n}") for n in range(PEOPLE)]


@pytest.fixture
def note(people):
    content = NoteContent(
        title="Storm", body="Everybody at once", channel=Channel.objects.get(slug="pottery")
    )
    draft = save_draft(author=people[0], content=content)
    return publish_note(author=people[0], note_id=draft.pk)


def mixed(*acts):
    """The acts in an order that is the same on every run."""
    order = list(acts)
    random.Random(7).shuffle(order)
    return order


def assert_counted_exactly():
    differences = {rule: rows for rule, rows in audit(now=timezone.now()).items() if rows}
    assert not differences


@pytest.mark.letter("A1")
def test_a_storm_of_likes_is_counted_exactly(people, note, at_once, figure):
    acts = mixed(
        *(
            partial(act, person=person, note_id=note.pk)
            for person in people
            for act in (like_note, collect_note)
            for _ in range(DUPLICATES)
        )
    )
    outcomes = at_once(acts, threads=THREADS)
    assert [o for o in outcomes if isinstance(o, Exception)] == []
    # Of three that do the same, one did it.
    assert outcomes.count(True) == 2 * PEOPLE
    stats = NoteStats.objects.get(note=note)
    figure(f"{len(acts)} acts of {PEOPLE} people on {THREADS} threads: drift 0, errors 0")
    assert (stats.likes, stats.collects) == (PEOPLE, PEOPLE)
    assert (Like.objects.count(), Collect.objects.count()) == (PEOPLE, PEOPLE)


@pytest.mark.letter("A1")
def test_liking_and_undoing_at_once_leaves_counter_and_rows_equal(people, note, at_once):
    acts = mixed(
        *(
            partial(act, person=person, note_id=note.pk)
            for person in people
            for act in (like_note, unlike_note, like_note, collect_note, uncollect_note)
        )
    )
    outcomes = at_once(acts, threads=THREADS)
    assert [o for o in outcomes if isinstance(o, Exception)] == []
    assert_counted_exactly()
    stats = NoteStats.objects.get(note=note)
    assert (stats.likes, stats.collects) == (Like.objects.count(), Collect.objects.count())
    assert Like.objects.exists()


@pytest.mark.letter("A2")
def test_comments_written_and_deleted_at_once_are_counted_exactly(people, note, at_once):
    old = [add_comment(author=person, note_id=note.pk, body="first") for person in people[:20]]
    acts = mixed(
        # The author of the comment and the author of the note delete it at the same moment.
        *(partial(delete_comment, actor=c.author, comment_id=c.pk) for c in old),
        *(partial(delete_comment, actor=people[0], comment_id=c.pk) for c in old),
        *(partial(add_comment, author=p, note_id=note.pk, body="second") for p in people),
    )
    outcomes = at_once(acts, threads=THREADS)
    refused = {type(o).__name__ for o in outcomes if isinstance(o, Exception)}
    assert refused <= {"NotFound"}  # the other of the two was first
    assert outcomes.count(True) == len(old)
    assert NoteStats.objects.get(note=note).comments == PEOPLE
    assert Comment.objects.filter(deleted_at=None).count() == PEOPLE


@pytest.mark.letter("A2")
def test_follows_across_one_another_are_counted_exactly_and_nobody_waits_for_ever(people, at_once):
    circle = people[:12]
    pairs = [(a, b) for a in circle for b in circle if a != b]
    acts = mixed(
        *(partial(follow_user, follower=a, followed=b) for a, b in pairs for _ in range(2)),
        *(partial(unfollow_user, follower=a, followed=b) for a, b in pairs[::3]),
    )
    outcomes = at_once(acts, threads=THREADS)
    assert [o for o in outcomes if isinstance(o, Exception)] == []
    assert_counted_exactly()


def test_the_audit_sees_one_lost_like(people, note):
    like_note(person=people[1], note_id=note.pk)
    NoteStats.objects.filter(note=note).update(likes=0)
    assert audit(now=timezone.now())["count: likes of notes"]
