"""Invitations, leaving, removal, blocks: rights begin and end at once."""

from __future__ import annotations

import pytest

from accounts.errors import CannotTieToSelf, Conflict, Invalid, NotAllowed, NotFound
from accounts.services import block_user
from community.albums import members
from community.albums.members import (
    answer_invitation,
    follow_album,
    invite,
    leave_album,
    remove_member,
)
from community.albums.models import AlbumFollow, AlbumMember
from community.albums.services import AlbumContent, add_to_album, edit_album, role_in
from community.notifications.models import Notification


@pytest.fixture
def album(alice, make_album):
    return make_album(alice, visibility="private")


def ask(album, person):
    return invite(actor=album.owner, album_id=album.pk, username=person.username)


def test_an_invitation_gives_no_right_before_it_is_accepted(alice, bob, album, make_note):
    ask(album, bob)
    note = make_note(bob)
    with pytest.raises(NotFound):
        add_to_album(actor=bob, album_id=album.pk, note_id=note.pk)
    [told] = Notification.objects.visible_to(bob).filter(kind="album_invite")
    assert (told.actor, told.album) == (alice, album)
    answer_invitation(person=bob, album_id=album.pk, accept=True)
    assert add_to_album(actor=bob, album_id=album.pk, note_id=note.pk)


def test_a_refusal_is_final(alice, bob, album):
    ask(album, bob)
    answer_invitation(person=bob, album_id=album.pk, accept=False)
    assert role_in(album, bob) == ""
    with pytest.raises(NotFound):
        answer_invitation(person=bob, album_id=album.pk, accept=True)
    with pytest.raises(Conflict):
        ask(album, bob)
    assert not Notification.objects.visible_to(bob).filter(kind="album_invite")


def test_nobody_answers_for_somebody_else(bob, charlie, album):
    ask(album, bob)
    with pytest.raises(NotFound):
        answer_invitation(person=charlie, album_id=album.pk, accept=True)


def test_only_the_owner_invites_and_not_themselves(alice, bob, charlie, album, join):
    join(album, bob)
    with pytest.raises(NotAllowed):
        invite(actor=bob, album_id=album.pk, username="charlie")
    with pytest.raises(CannotTieToSelf):
        ask(album, alice)
    with pytest.raises(NotFound):
        invite(actor=alice, album_id=album.pk, username="nobody")


def test_an_album_has_so_many_members(alice, bob, charlie, album, monkeypatch):
    monkeypatch.setattr(members, "MOST_MEMBERS", 2)
    ask(album, bob)
    with pytest.raises(Invalid):
        ask(album, charlie)
    answer_invitation(person=bob, album_id=album.pk, accept=False)
    ask(album, charlie)


@pytest.mark.parametrize("how", ["leaves", "is removed", "is blocked", "blocks"])
def test_who_goes_writes_and_sees_nothing_any_more(alice, bob, album, join, make_note, how):
    join(album, bob)
    follow_album(person=bob, album_id=album.pk)
    if how == "leaves":
        leave_album(person=bob, album_id=album.pk)
    elif how == "is removed":
        remove_member(actor=alice, album_id=album.pk, username="bob")
    elif how == "is blocked":
        block_user(blocker=alice, blocked=bob)
    else:
        block_user(blocker=bob, blocked=alice)
    with pytest.raises(NotFound):
        add_to_album(actor=bob, album_id=album.pk, note_id=make_note(bob).pk)
    assert not AlbumMember.objects.filter(person=bob).exists()
    assert not AlbumFollow.objects.exists()


def test_an_invitation_ends_with_a_block(alice, bob, album):
    ask(album, bob)
    block_user(blocker=bob, blocked=alice)
    with pytest.raises(NotFound):
        answer_invitation(person=bob, album_id=album.pk, accept=True)


def test_the_blocked_are_neither_invited_nor_may_they_follow(alice, charlie, make_album):
    album = make_album(alice)
    block_user(blocker=charlie, blocked=alice)
    with pytest.raises(NotFound):
        ask(album, charlie)
    with pytest.raises(NotFound):
        follow_album(person=charlie, album_id=album.pk)


def test_an_owner_neither_leaves_nor_is_removed_nor_follows(alice, album):
    with pytest.raises(NotAllowed):
        leave_album(person=alice, album_id=album.pk)
    with pytest.raises(NotAllowed):
        remove_member(actor=alice, album_id=album.pk, username="alice")
    with pytest.raises(CannotTieToSelf):
        follow_album(person=alice, album_id=album.pk)


def test_made_private_an_album_is_followed_by_its_members_alone(
    alice, bob, charlie, make_album, join
):
    album = make_album(alice)
    join(album, bob)
    for person in (bob, charlie):
        follow_album(person=person, album_id=album.pk)
    content = AlbumContent(title="Bowls", visibility="private")
    edit_album(actor=alice, album_id=album.pk, content=content)
    assert [row.person for row in AlbumFollow.objects.all()] == [bob]
