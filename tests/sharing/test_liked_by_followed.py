"""What followed people like reaches a person, with a name only while they agree to it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import Profile
from accounts.services import edit_profile, follow_user, mute_user, unfollow_user
from community.services.reactions import like_note
from feeds.discover import build_discover
from feeds.receipts import receipt_for
from feeds.serving import serve_discover


@pytest.fixture
def liked(alice, bob, charlie, make_note, work_off):
    """Charlie follows Bob, who likes a note of Alice."""
    follow_user(follower=charlie, followed=bob)
    edit_profile(person=bob, likes_shown=True, display_name="Bob the Cup")
    note = make_note(alice, "A bowl")
    work_off()
    like_note(person=bob, note_id=note.pk)
    work_off()
    return note


def sources(viewer):
    return {row[0]: row[1] for row in build_discover(viewer.pk, now=timezone.now()).rows}


def reason(viewer, note):
    build_discover(viewer.pk, now=timezone.now())
    [item] = [i for i in serve_discover(viewer=viewer).items if i.note_id == note.pk]
    return item.reason


def test_it_comes_with_its_reason_and_its_receipt(charlie, liked, settings):
    snapshot = build_discover(charlie.pk, now=timezone.now())
    assert snapshot.rows[0][:2] == (liked.pk, "liked_by")
    receipt = receipt_for(
        charlie, note_id=liked.pk, feed="discover", list_id=snapshot.pk, source="liked_by"
    )
    assert receipt.reason.text == "liked by Bob the Cup"
    assert receipt.reason.code == "liked_by"


def test_who_does_not_agree_is_not_a_source(bob, charlie, liked):
    edit_profile(person=bob, likes_shown=False)
    assert sources(charlie).get(liked.pk) != "liked_by"


def test_nobody_agrees_unasked(make_person):
    assert make_person("new").profile.likes_shown is False


def test_a_list_that_still_speaks_of_them_names_nobody_once_they_changed_their_mind(
    bob, charlie, liked
):
    snapshot = build_discover(charlie.pk, now=timezone.now())
    Profile.objects.filter(person=bob).update(likes_shown=False)
    about = {"note_id": liked.pk, "feed": "discover", "list_id": snapshot.pk, "source": "liked_by"}
    assert "Bob" not in receipt_for(charlie, **about).reason.text
    Profile.objects.filter(person=bob).update(likes_shown=True)
    assert "Bob" in receipt_for(charlie, **about).reason.text
    unfollow_user(follower=charlie, followed=bob)
    assert "Bob" not in receipt_for(charlie, **about).reason.text


def test_muted_people_and_switched_off_recommendations(bob, charlie, liked):
    mute_user(muter=charlie, muted=bob)
    assert sources(charlie).get(liked.pk) != "liked_by"
    Profile.objects.filter(person=charlie).update(personalised=False)
    assert sources(charlie).get(liked.pk) != "liked_by"


def test_a_stranger_is_not_told(alice, bob, make_person, liked):
    assert sources(make_person("stranger")).get(liked.pk) != "liked_by"
