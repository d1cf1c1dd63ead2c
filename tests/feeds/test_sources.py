"""Each source brings what its name says, with its reason."""

import pytest
from django.utils import timezone

from accounts.services import choose_interests, follow_user
from community.models import Channel, Tag
from community.services.reactions import like_note
from feeds.discover import build_discover
from feeds.serving import serve_discover

pytestmark = pytest.mark.django_db


def sources_of(person):
    snapshot = build_discover(person.pk, now=timezone.now())
    return {item.note_id: item.source for item in snapshot.items}


def test_liked_tags_bring_notes_with_the_strongest_shared_tag_as_reason(
    alice, charlie, make_note, work_off
):
    liked = make_note(alice, tags=["raku", "kiln"])
    akin = make_note(alice, "Smoke and sawdust", tags=["raku", "smoke"])
    make_note(alice, "A shelf", tags=["oak"])
    like_note(person=charlie, note_id=liked.pk)
    work_off()
    assert sources_of(charlie)[akin.pk] == "tag"
    page = serve_discover(viewer=charlie)
    reason = next(item.reason for item in page.items if item.note_id == akin.pk)
    assert reason.detail == Tag.objects.get(key="raku").pk
    assert "raku" in reason.text


def test_chosen_interests_bring_their_channels_and_their_parts(alice, charlie, make_note, work_off):
    pottery = make_note(alice)
    coffee = make_note(
        alice, "Slow filter", channel=Channel.objects.get(slug="coffee"), tags=["filter"]
    )
    choose_interests(person=charlie, slugs=["craft", "books", "music"])
    work_off()
    sources = sources_of(charlie)
    assert sources[pottery.pk] == "channel"
    assert sources[coffee.pk] != "channel"


def test_followed_authors_are_a_source(alice, charlie, make_note, work_off):
    follow_user(follower=charlie, followed=alice)
    note = make_note(alice)
    work_off()
    assert sources_of(charlie)[note.pk] == "followed"


def test_with_personal_recommendations_off_nothing_personal_is_used(
    alice, charlie, make_note, work_off
):
    from accounts.services import edit_profile

    note = make_note(alice)
    like_note(person=charlie, note_id=note.pk)
    choose_interests(person=charlie, slugs=["craft", "books", "music"])
    follow_user(follower=charlie, followed=alice)
    edit_profile(person=charlie, personalised=False)
    work_off()
    assert set(sources_of(charlie).values()) <= {"popular", "fresh", "hot", "pool"}
