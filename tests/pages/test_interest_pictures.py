"""Interests are chosen by pictures of what is written there, which the chooser may see."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.services import block_user
from community.models import NoteImage, NoteStats

RENDITION = {"width": 320, "height": 240, "format": "jpeg", "file": "w320.jpg", "bytes": 900,
             "filename": "w320.jpg"}  # fmt: skip


@pytest.fixture
def with_picture(make_note):
    """A note in the pottery channel with a picture of its own and so many likes; its token."""

    def write(author, *, likes=0):
        note = make_note(author)
        NoteImage.objects.filter(note=note).update(
            is_text_card=False, renditions=[RENDITION], width=320, height=240
        )
        NoteStats.objects.filter(note=note).update(likes=likes)
        return NoteImage.objects.get(note=note).token

    return write


def tiles_of(client):
    return client.get("/welcome/").content.decode()


def test_the_most_liked_of_the_newest_is_the_picture_of_its_channel(
    alice, bob, as_person, with_picture
):
    plain, liked = with_picture(alice), with_picture(alice, likes=3)
    html = tiles_of(as_person(bob))
    assert liked in html
    assert plain not in html
    assert html.count("tile--picture") == 1


def test_a_text_card_is_no_picture_of_an_interest(alice, bob, as_person, make_note):
    make_note(alice)
    assert "tile--picture" not in tiles_of(as_person(bob))


def test_who_may_not_see_a_note_meets_the_next_picture(
    alice, charlie, bob, as_person, with_picture
):
    liked, next_one = with_picture(alice, likes=3), with_picture(charlie)
    assert liked in tiles_of(as_person(bob))
    block_user(blocker=alice, blocked=bob, now=timezone.now())
    html = tiles_of(as_person(bob))
    assert liked not in html
    assert next_one in html
