"""Followers of an album are told of what is new to them, at most once a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.services import mute_user
from community.albums.members import follow_album, unfollow_album
from community.albums.services import AlbumContent, add_to_album, edit_album
from community.albums.telling import QUIET_FOR, tell_followers
from community.notifications.models import Notification

HOUR = timedelta(hours=1)


@pytest.fixture
def scene(alice, bob, make_album, make_note):
    album = make_album(alice)
    now = timezone.now()
    follow_album(person=bob, album_id=album.pk, now=now)

    def put(at, **content):
        note = make_note(alice, **content)
        add_to_album(actor=alice, album_id=album.pk, note_id=note.pk, now=at)
        tell_followers(album_id=album.pk, now=at)
        return note

    return album, now, put


def told(person):
    rows = Notification.objects.visible_to(person).filter(kind="album")
    return [(row.album_id, row.note_id) for row in rows.order_by("pk")]


def test_many_notes_of_a_day_are_told_once_and_the_next_day_again(bob, scene):
    album, now, put = scene
    first = put(now + HOUR)
    put(now + 2 * HOUR)
    put(now + 3 * HOUR)
    assert told(bob) == [(album.pk, first.pk)]
    later = put(now + HOUR + QUIET_FOR)
    assert told(bob) == [(album.pk, first.pk), (album.pk, later.pk)]


def test_told_twice_by_two_workers_is_told_once(bob, scene):
    album, now, put = scene
    put(now + HOUR)
    assert tell_followers(album_id=album.pk, now=now + HOUR) == 0
    assert len(told(bob)) == 1


def test_what_a_follower_may_not_see_is_not_told_and_does_not_use_up_the_day(bob, scene):
    album, now, put = scene
    put(now + HOUR, visibility="private")
    assert told(bob) == []
    seen = put(now + 2 * HOUR)
    assert told(bob) == [(album.pk, seen.pk)]


def test_what_was_in_it_before_is_not_news(alice, charlie, scene):
    album, now, put = scene
    put(now + HOUR)
    follow_album(person=charlie, album_id=album.pk, now=now + 2 * HOUR)
    tell_followers(album_id=album.pk, now=now + 3 * HOUR)
    assert told(charlie) == []


def test_nobody_is_told_of_what_they_put_in_themselves(alice, bob, scene, join, make_note):
    album, now, _put = scene
    join(album, bob)
    add_to_album(actor=bob, album_id=album.pk, note_id=make_note(bob).pk, now=now + HOUR)
    tell_followers(album_id=album.pk, now=now + HOUR)
    assert told(bob) == []


@pytest.mark.parametrize("how", ["unfollowed", "muted", "private"])
def test_who_does_not_want_to_or_may_not_is_not_told(alice, bob, scene, how):
    album, now, put = scene
    if how == "unfollowed":
        unfollow_album(person=bob, album_id=album.pk)
    elif how == "muted":
        mute_user(muter=bob, muted=alice)
    else:
        content = AlbumContent(title="Bowls", visibility="private")
        edit_album(actor=alice, album_id=album.pk, content=content)
    put(now + HOUR)
    assert told(bob) == []


def test_a_notice_of_an_album_that_became_private_is_seen_no_more(alice, bob, scene):
    album, now, put = scene
    put(now + HOUR)
    content = AlbumContent(title="Bowls", visibility="private")
    edit_album(actor=alice, album_id=album.pk, content=content)
    assert told(bob) == []
