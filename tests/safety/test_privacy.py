"""Who sees and reaches a person, as tables of the rules and on every way out."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.errors import NotAllowed
from accounts.indexing import indexable
from accounts.models import Profile, User
from accounts.privacy import KeepsToThemselves, change_privacy, mentionable_by, reaches, sees
from accounts.services import follow_user
from community.albums.models import Album
from community.albums.services import AlbumContent, create_album
from community.models import Note
from community.notifications.models import Notification
from community.search.query import find_people
from community.services.comments import add_comment
from feeds.models import LiveNote

# rule: reached by (a stranger, who follows me, whom I follow, both, myself)
REACHED = {
    "everybody": (True, True, True, True, True),
    "followers": (False, True, False, True, True),
    "followed": (False, False, True, True, True),
    "nobody": (False, False, False, False, True),
}
# rule: seen by (a visitor, a member, a follower, myself)
SEEN = {
    "everybody": (True, True, True, True),
    "members": (False, True, True, True),
    "followers": (False, False, True, True),
}


@pytest.mark.parametrize(("rule", "expected"), REACHED.items())
def test_whom_a_rule_lets_reach_the_person(rule, expected):
    ties = [(False, False), (True, False), (False, True), (True, True)]
    found = [reaches(rule, follows=a, followed=b) for a, b in ties]
    assert (*found, reaches(rule, is_self=True, follows=False, followed=False)) == expected


@pytest.mark.parametrize(("rule", "expected"), SEEN.items())
def test_whom_a_rule_lets_see_the_person(rule, expected):
    assert (
        sees(rule, is_member=False, follows=False),
        sees(rule, is_member=True, follows=False),
        sees(rule, is_member=True, follows=True),
        sees(rule, is_self=True, is_member=True, follows=False),
    ) == expected


def set_profile(person, **fields):
    Profile.objects.filter(person=person).update(**fields)
    return User.objects.select_related("profile").get(pk=person.pk)


def as_person(person):
    client = Client()
    if person is not None:
        client.force_login(person, "accounts.backends.PersonBackend")
    return client


@pytest.mark.parametrize(("rule", "expected"), SEEN.items())
def test_notes_albums_and_profile_keep_to_the_rule(rule, expected, alice, bob, charlie, make_note):
    note = make_note(alice)
    album = create_album(owner=alice, content=AlbumContent(title="Bowls"))
    set_profile(alice, seen_by=rule, bio="kiln and sea", city="Hangzhou")
    viewers = (None, charlie, bob, alice)
    for viewer, sees_it in zip(viewers, expected, strict=True):
        assert Note.objects.listed_for(viewer).filter(pk=note.pk).exists() is sees_it
        assert Album.objects.visible_to(viewer).filter(pk=album.pk).exists() is sees_it
        client = as_person(viewer)
        assert client.get(f"/notes/{note.pk}/").status_code == (200 if sees_it else 404)
        page = client.get("/people/alice/").content.decode()
        assert ("kiln and sea" in page) is sees_it
        assert ("Hangzhou" in page) is sees_it
        told = client.get("/api/v1/people/alice/").json()
        assert (told["bio"] == "kiln and sea") is sees_it


def test_a_note_for_me_alone_stays_so_whatever_the_profile_says(alice, bob, make_note):
    note = make_note(alice, visibility="private")
    set_profile(alice, seen_by="everybody")
    assert not Note.objects.visible_to(bob).filter(pk=note.pk).exists()


def test_a_precomputed_catalogue_lets_go_of_who_no_longer_wants_it(
    alice, bob, charlie, make_note, work_off
):
    note = make_note(alice)
    work_off()
    assert LiveNote.objects.filter(note=note).exists()
    change_privacy(person=alice, discoverable=False)
    work_off()
    assert not LiveNote.objects.filter(note=note).exists()
    assert Note.objects.listed_for(charlie).filter(pk=note.pk).exists()
    change_privacy(person=alice, discoverable=True)
    work_off()
    assert LiveNote.objects.filter(note=note).exists()


def test_who_leaves_discovery_is_found_by_name_by_nobody_but_who_follows(alice, bob, charlie):
    set_profile(alice, discoverable=False)
    assert [alice in find_people("alice", viewer=v) for v in (None, charlie, bob, alice)] == [
        False, False, True, True,
    ]  # fmt: skip


def test_who_shows_themselves_to_followers_is_not_offered_to_strangers(alice, bob, charlie):
    set_profile(alice, seen_by="followers")
    assert alice not in find_people("alice", viewer=charlie)
    assert alice in find_people("alice", viewer=bob)


def test_who_is_closed_is_followed_only_by_whom_they_follow(alice, bob, charlie):
    set_profile(alice, seen_by="followers")
    with pytest.raises(KeepsToThemselves):
        follow_user(follower=charlie, followed=alice)
    assert follow_user(follower=bob, followed=alice) is False  # follows since before
    follow_user(follower=alice, followed=charlie)
    assert follow_user(follower=charlie, followed=alice) is True


@pytest.mark.parametrize(("rule", "expected"), REACHED.items())
def test_comments_keep_to_the_rule(rule, expected, alice, make_person, make_note):
    note = make_note(alice)
    people = [make_person(name) for name in ("stranger", "fan", "idol", "friend")]
    _stranger, fan, idol, friend = people
    for follower in (fan, friend):
        follow_user(follower=follower, followed=alice)
    for followed in (idol, friend):
        follow_user(follower=alice, followed=followed)
    set_profile(alice, may_comment=rule)
    for person, allowed in zip([*people, alice], expected, strict=True):
        if allowed:
            add_comment(author=person, note_id=note.pk, body="Lovely")
        else:
            with pytest.raises(NotAllowed):
                add_comment(author=person, note_id=note.pk, body="Lovely")
    assert [person.pk for person in people if alice in mentionable_by(person.pk)] == [
        p.pk for p in people
    ]


@pytest.mark.parametrize(("rule", "expected"), REACHED.items())
def test_mentions_are_told_by_the_rule(rule, expected, alice, make_person, make_note, work_off):
    people = [make_person(name) for name in ("stranger", "fan", "idol", "friend")]
    _stranger, fan, idol, friend = people
    for follower in (fan, friend):
        follow_user(follower=follower, followed=alice)
    for followed in (idol, friend):
        follow_user(follower=alice, followed=followed)
    set_profile(alice, may_mention=rule)
    for person in people:
        make_note(person, body="Look at this bowl, @alice, it rings like a bell when tapped.")
    work_off()
    told = set(
        Notification.objects.filter(person=alice, kind="mention").values_list("actor", flat=True)
    )
    assert [person.pk in told for person in people] == list(expected[:4])


@pytest.mark.parametrize(
    "fields", [{"indexed": False}, {"seen_by": "members"}, {"seen_by": "followers"}]
)
def test_search_engines_are_asked_to_leave_out_who_does_not_want_them(alice, fields):
    assert User.objects.filter(indexable(), pk=alice.pk).exists()
    set_profile(alice, **fields)
    assert not User.objects.filter(indexable(), pk=alice.pk).exists()
    assert "noindex" in Client().get("/people/alice/").content.decode()


def test_the_page_saves_what_was_chosen_and_no_other_setting(alice):
    set_profile(alice, bio="kiln")
    body = {"seen_by": "members", "may_mention": "nobody", "may_comment": "followers"}
    assert as_person(alice).post("/settings/privacy/", body).status_code == 303
    profile = Profile.objects.get(person=alice)
    assert (profile.seen_by, profile.may_mention, profile.may_comment) == tuple(body.values())
    assert (profile.discoverable, profile.indexed, profile.bio) == (False, False, "kiln")


@pytest.mark.parametrize("body", [{}, {"seen_by": "\x00"}, {"seen_by": "x" * 10_000}])
def test_odd_choices_are_refused_and_change_nothing(alice, body):
    assert as_person(alice).post("/settings/privacy/", body).status_code == 400
    assert Profile.objects.get(person=alice).seen_by == "everybody"
    assert Profile.objects.get(person=alice).discoverable is True


def test_saving_the_profile_leaves_privacy_as_it_is(alice):
    set_profile(alice, likes_shown=True, discoverable=False, may_comment="nobody")
    as_person(alice).post("/settings/", {"display_name": "Alice", "theme": "dark"})
    profile = Profile.objects.get(person=alice)
    assert (profile.likes_shown, profile.discoverable, profile.may_comment) == (
        True,
        False,
        "nobody",
    )
