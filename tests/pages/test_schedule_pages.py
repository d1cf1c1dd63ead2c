"""Planning a note on the compose page, and what the list of drafts says of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import Profile
from community.models import Channel, Note
from community.schedules.models import Schedule
from community.schedules.services import publish_scheduled, schedule_note

WORDS = {"title": "Slow cooling", "body": "Eighty degrees an hour.", "channel": "pottery",
         "visibility": "public", "act": "schedule"}  # fmt: skip
SHANGHAI = ZoneInfo("Asia/Shanghai")


def typed(hours, zone=SHANGHAI):
    return (timezone.now() + timedelta(hours=hours)).astimezone(zone).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def author(alice, as_person):
    Profile.objects.filter(person=alice).update(time_zone="Asia/Shanghai")
    return as_person(alice)


def test_the_time_is_taken_in_the_authors_own_time_zone(author):
    at = typed(30)
    answer = author.post("/compose/", WORDS | {"publish_at": at})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/drafts/")
    row = Schedule.objects.get()
    assert row.publish_at == datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)
    assert not row.note.is_published
    page = author.get("/drafts/").content.decode()
    assert "Scheduled" in page
    assert row.publish_at.astimezone(SHANGHAI).isoformat() in page
    edit = author.get(f"/notes/{row.pk}/edit/").content.decode()
    assert "It publishes itself on" in edit


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("", "Choose a time."),
        ("soon", "Write the time as"),
        ("2026-13-45T99:00", "Write the time as"),
        ("2001-01-01T10:00", "at least 5 minutes"),
        ("9999-12-31T23:59", "within a year"),
        ("0001-01-01T00:00", "at least 5 minutes"),
        ("99999-01-01T00:00", "Write the time as"),
    ],
)
def test_a_time_that_cannot_be_is_refused_beside_the_field_and_the_draft_is_kept(author, at, said):
    answer = author.post("/compose/", WORDS | {"publish_at": at})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not Schedule.objects.exists()
    assert not Note.objects.published().exists()


def test_an_hour_that_the_clocks_skip_is_refused(alice, as_person):
    Profile.objects.filter(person=alice).update(time_zone="Europe/Berlin")
    answer = as_person(alice).post("/compose/", WORDS | {"publish_at": "2027-03-28T02:30"})
    assert answer.status_code == 400
    assert not Schedule.objects.exists()


def test_a_channel_is_asked_for_as_when_publishing(author):
    answer = author.post("/compose/", WORDS | {"publish_at": typed(3), "channel": ""})
    assert answer.status_code == 400
    assert "Choose the channel" in answer.content.decode()


def test_it_is_moved_and_taken_off_on_a_page_of_its_own(author, alice, make_note):
    draft = make_note(alice, publish=False)
    address = f"/notes/{draft.pk}/schedule/"
    assert author.get(address).status_code == 200
    assert author.post(address, {"publish_at": typed(4)}).status_code == 303
    assert author.post(address, {"publish_at": "2001-01-01T10:00"}).status_code == 400
    first = Schedule.objects.get().publish_at
    author.post(address, {"publish_at": typed(9)})
    assert Schedule.objects.get().publish_at > first
    assert author.post(f"/notes/{draft.pk}/unschedule/").status_code == 303
    assert not Schedule.objects.exists()
    assert "Glazing my first bowl" in author.get("/drafts/").content.decode()


def test_what_could_not_be_published_says_why_among_the_drafts(author, alice, make_note):
    draft = make_note(alice, publish=False)
    now = timezone.now()
    schedule_note(author=alice, note_id=draft.pk, publish_at=now + timedelta(hours=1))
    Channel.objects.filter(pk=draft.channel_id).update(is_open=False)
    publish_scheduled(note_id=draft.pk, now=now + timedelta(hours=2))
    for page in ("/drafts/", f"/notes/{draft.pk}/edit/", "/notifications/"):
        assert "This channel is closed" in author.get(page).content.decode()
    assert author.get(f"/notes/{draft.pk}/schedule/").status_code == 200


def test_published_notes_have_no_such_page(author, alice, make_note):
    note = make_note(alice)
    assert author.get(f"/notes/{note.pk}/schedule/").status_code == 404


def test_others_neither_see_nor_change_the_plan(alice, bob, make_note, as_person):
    draft = make_note(alice, "Quokka", publish=False)
    schedule_note(author=alice, note_id=draft.pk, publish_at=timezone.now() + timedelta(hours=1))
    other = as_person(bob)
    assert other.get(f"/notes/{draft.pk}/schedule/").status_code == 404
    assert other.post(f"/notes/{draft.pk}/schedule/", {"publish_at": typed(4)}).status_code == 404
    assert other.post(f"/notes/{draft.pk}/unschedule/").status_code == 404
    assert b"Quokka" not in other.get("/drafts/").content
    assert Schedule.objects.count() == 1
