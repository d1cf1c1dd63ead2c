"""People are told in the ways and of the things that they chose, and of nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from accounts.errors import Invalid, NotFound
from accounts.services import follow_user
from community.notifications import preferences, reading
from community.notifications.models import Notification, Preferences, ThreadMute
from community.notifications.services import tell
from community.notifications.topics import TOPIC_OF, TOPICS, Way, kinds_by, ways_for
from community.services.comments import add_comment
from community.services.reactions import like_comment, like_note
from community.services.writing import NoteContent, edit_note

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
Kind = Notification.Kind


def test_every_kind_belongs_to_one_topic():
    listed = [kind for topic in TOPICS.values() for kind in topic.kinds]
    assert sorted(listed) == sorted(Kind.values)
    assert set(TOPIC_OF) == set(Kind.values)


@pytest.mark.parametrize(
    ("topic", "chosen", "ways"),
    [
        ("comments", {}, {"page", "mail", "push"}),
        ("reactions", {}, {"page", "mail"}),
        ("reactions", {"reactions": []}, set()),
        ("reactions", {"reactions": ["push"]}, {"push"}),
        ("reactions", {"comments": []}, {"page", "mail"}),
        ("decisions", {"decisions": []}, {"page"}),
        ("account", {"account": ["mail"]}, {"page", "mail"}),
    ],
)
def test_ways_are_those_chosen_else_the_defaults(topic, chosen, ways):
    assert ways_for(topic, chosen) == ways


def test_kinds_by_a_way():
    assert Kind.LIKE not in kinds_by(Way.PUSH, {})
    assert Kind.LIKE in kinds_by(Way.PUSH, {"reactions": ["push"]})
    assert Kind.COMMENT not in kinds_by(Way.MAIL, {"comments": ["page"]})


def tell_like(person, actor, note):
    return tell(person_id=person.pk, kind="like", actor_id=actor.pk, note_id=note.pk, now=NOON)


def test_what_nobody_wants_in_any_way_is_not_written(alice, bob, make_note):
    preferences.choose(person=alice, ways={"reactions": []})
    assert tell_like(alice, bob, make_note(alice)) is False
    assert not Notification.objects.exists()
    assert tell(person_id=alice.pk, kind="follow", actor_id=bob.pk, now=NOON)


def test_what_is_wanted_by_mail_only_stands_on_no_page(alice, bob, make_note, as_person):
    preferences.choose(person=alice, ways={"reactions": ["mail"]})
    assert tell_like(alice, bob, make_note(alice))
    assert reading.unread_count(alice) == 0
    client = as_person(alice)
    for address in ("/notifications/", "/api/v1/notifications/", "/api/v1/notifications/groups/"):
        assert "liked your note" not in client.get(address).content.decode()
    assert Notification.objects.visible_to(alice).count() == 1


@pytest.mark.parametrize(
    ("chosen", "from_followed", "from_follower", "from_stranger"),
    [
        ("everybody", True, True, True),
        ("tied", True, True, False),
        ("followed", True, False, False),
    ],
)
def test_people_choose_whose_reactions_reach_them(
    alice, bob, charlie, make_person, make_note, chosen, from_followed, from_follower, from_stranger
):
    """Bob follows Alice; Alice follows Dora; Charlie is a stranger."""
    dora = make_person("dora")
    follow_user(follower=alice, followed=dora)
    preferences.choose(person=alice, from_whom=chosen)
    note = make_note(alice)
    expected = {dora: from_followed, bob: from_follower, charlie: from_stranger}
    for actor, told in expected.items():
        assert tell_like(alice, actor, note) is told, actor
    # Who follows, and what staff decides, is told all the same.
    assert tell(person_id=alice.pk, kind="follow", actor_id=charlie.pk, now=NOON)
    assert tell(person_id=alice.pk, kind="hidden", note_id=note.pk, now=NOON)


# ---------------------------------------------------------------- threads
def test_a_muted_note_tells_nothing_of_its_comments_but_of_its_likes(
    alice, bob, make_note, work_off
):
    note, other = make_note(alice), make_note(alice, "Another")
    mine = add_comment(author=alice, note_id=note.pk, body="mine")
    add_comment(author=bob, note_id=note.pk, body="before")
    work_off()
    assert reading.unread_count(alice) == 2  # and that Bob follows her
    preferences.mute_thread(person=alice, note_id=note.pk, now=NOON)
    assert reading.unread_count(alice) == 1
    add_comment(author=bob, note_id=note.pk, body="@alice after")
    add_comment(author=bob, note_id=note.pk, body="answer", reply_to=mine.pk)
    like_comment(person=bob, comment_id=mine.pk)
    like_note(person=bob, note_id=note.pk)
    add_comment(author=bob, note_id=other.pk, body="elsewhere")
    work_off()
    told = Notification.objects.filter(person=alice, read_at=None).exclude(kind="follow")
    assert sorted(told.values_list("kind", "note")) == [("comment", other.pk), ("like", note.pk)]
    assert preferences.unmute_thread(person=alice, note_id=note.pk)
    add_comment(author=bob, note_id=note.pk, body="heard again")
    work_off()
    assert told.filter(kind="comment", note=note).count() == 1


def test_a_note_that_one_may_not_see_cannot_be_muted_nor_is_it_listed(alice, charlie, make_note):
    draft, note = make_note(alice, publish=False), make_note(alice)
    with pytest.raises(NotFound):
        preferences.mute_thread(person=charlie, note_id=draft.pk, now=NOON)
    assert preferences.mute_thread(person=charlie, note_id=note.pk, now=NOON)
    assert not preferences.mute_thread(person=charlie, note_id=note.pk, now=NOON)
    assert [n.pk for n in preferences.muted_threads(charlie)] == [note.pk]
    private = NoteContent(title="x", body="y", channel=note.channel, visibility="private")
    edit_note(author=alice, note_id=note.pk, content=private)
    assert not preferences.muted_threads(charlie)


# ---------------------------------------------------------------- pages
FORM = {"from_whom": "everybody", "digest": "off", "quiet_from": "", "quiet_until": ""}


def test_the_form_keeps_what_is_chosen_and_shows_it_again(alice, as_person):
    client = as_person(alice)
    page = client.get("/settings/notifications/").content.decode()
    assert 'value="comments.push" checked' in page
    assert 'value="reactions.push" checked' not in page
    sent = FORM | {
        "ways": ["reactions.push", "comments.page"], "from_whom": "tied", "digest": "daily",
        "quiet_from": "22:00", "quiet_until": "07:30",
    }  # fmt: skip
    assert client.post("/settings/notifications/", sent).status_code == 303
    kept = Preferences.objects.get(person=alice)
    assert kept.ways["reactions"] == ["push"]
    assert kept.ways["comments"] == ["page"]
    assert kept.ways["mentions"] == []
    assert (kept.quiet_from, kept.quiet_until) == (time(22), time(7, 30))
    assert (kept.from_whom, kept.digest) == ("tied", "daily")
    page = client.get("/settings/notifications/").content.decode()
    assert 'value="reactions.push" checked' in page
    assert 'value="comments.push" checked' not in page
    assert 'value="22:00"' in page
    client.post("/settings/notifications/", FORM)
    kept.refresh_from_db()
    assert (kept.quiet_from, kept.digest) == (None, "off")


@pytest.mark.parametrize(
    "odd",
    [
        {"from_whom": "nobody"}, {"digest": "hourly"}, {"ways": ["reactions.pigeon"]},
        {"quiet_from": "22:00"}, {"quiet_from": "25:00", "quiet_until": "07:00"},
        {"quiet_from": "07:00", "quiet_until": "07:00"}, {"digest": "\x00"},
    ],
)  # fmt: skip
def test_odd_choices_are_refused_and_change_nothing(alice, as_person, odd):
    answer = as_person(alice).post("/settings/notifications/", FORM | odd)
    assert answer.status_code == 400
    assert "field__error" in answer.content.decode() or "notice--bad" in answer.content.decode()
    assert not Preferences.objects.exists()


def test_the_service_refuses_what_no_form_sends(alice):
    for odd in ({"ways": {"x": []}}, {"ways": {"notes": ["y"]}}, {"digest": "x"}):
        with pytest.raises(Invalid):
            preferences.choose(person=alice, **odd)


def test_a_thread_is_muted_from_its_notice_and_heard_again_from_the_settings(
    alice, bob, make_note, as_person, work_off
):
    note, client = make_note(alice), as_person(alice)
    add_comment(author=bob, note_id=note.pk, body="hi")
    work_off()
    assert f"/notes/{note.pk}/comments/mute/" in client.get("/notifications/").content.decode()
    assert client.post(f"/notes/{note.pk}/comments/mute/").status_code == 303
    assert ThreadMute.objects.count() == 1
    assert f"/notes/{note.pk}/comments/unmute/" in client.get(
        "/settings/notifications/"
    ).content.decode()  # fmt: skip
    assert client.post(f"/notes/{note.pk}/comments/unmute/").status_code == 303
    assert not ThreadMute.objects.exists()
    assert client.post("/notes/999999/comments/mute/").status_code == 404
