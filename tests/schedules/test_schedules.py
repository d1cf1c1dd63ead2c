"""Drafts that publish themselves: when, once, by the rules of that moment, and told either way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.models import Profile, User
from community.models import Channel, Note, NoteImage
from community.moderation.services import hide_note
from community.notifications.models import Notification
from community.outbox.models import Job
from community.schedules import services, tasks
from community.schedules.models import Schedule
from community.schedules.services import (
    LATEST,
    MOST_PLANNED,
    SOONEST,
    publish_scheduled,
    schedule_note,
    unschedule_note,
)
from community.services.writing import NoteContent, delete_note, edit_note, publish_note

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
Kind = Notification.Kind


@pytest.fixture
def draft(alice, make_note):
    return make_note(alice, publish=False)


@pytest.fixture
def planned(alice, draft):
    schedule_note(author=alice, note_id=draft.pk, publish_at=NOW + HOUR, now=NOW)
    return draft


def told(person):
    return list(
        Notification.objects.filter(person=person).order_by("pk").values_list("kind", "words")
    )


def picture(note, state):
    return NoteImage.objects.create(
        note=note, position=0, state=state, token=f"p{note.pk}", created_at=NOW
    )


# ---------------------------------------------------------------- planning
@pytest.mark.parametrize(
    ("publish_at", "code"),
    [
        (NOW - HOUR, "too_soon"),
        (NOW, "too_soon"),
        (NOW + SOONEST - timedelta(seconds=1), "too_soon"),
        (NOW + SOONEST, None),
        (NOW + LATEST, None),
        (NOW + LATEST + timedelta(seconds=1), "too_late"),
        (datetime.max.replace(tzinfo=UTC), "too_late"),
        (datetime.min.replace(tzinfo=UTC), "too_soon"),
        ((NOW + HOUR).replace(tzinfo=None), "naive"),
    ],
)
def test_the_time_is_some_minutes_to_a_year_ahead(alice, draft, publish_at, code):
    if code is None:
        schedule_note(author=alice, note_id=draft.pk, publish_at=publish_at, now=NOW)
        return
    with pytest.raises(Invalid) as refused:
        schedule_note(author=alice, note_id=draft.pk, publish_at=publish_at, now=NOW)
    assert (refused.value.field, refused.value.kind) == ("publish_at", code)
    assert not Schedule.objects.exists()


def test_only_drafts_of_ones_own_with_something_in_them_are_planned(alice, bob, make_note, draft):
    at = NOW + HOUR
    with pytest.raises(NotFound):
        schedule_note(author=bob, note_id=draft.pk, publish_at=at, now=NOW)
    public = make_note(alice, "Out already")
    with pytest.raises(Conflict):
        schedule_note(author=alice, note_id=public.pk, publish_at=at, now=NOW)
    with pytest.raises(NotAllowed):
        schedule_note(author=bob, note_id=public.pk, publish_at=at, now=NOW)
    empty = make_note(alice, "", body="", tags=[], publish=False)
    with pytest.raises(Invalid):
        schedule_note(author=alice, note_id=empty.pk, publish_at=at, now=NOW)


def test_only_so_many_wait_and_moving_one_is_not_one_more(alice, make_note):
    drafts = [make_note(alice, f"Draft {n}", publish=False) for n in range(MOST_PLANNED + 1)]
    for note in drafts[:-1]:
        schedule_note(author=alice, note_id=note.pk, publish_at=NOW + HOUR, now=NOW)
    with pytest.raises(Invalid) as refused:
        schedule_note(author=alice, note_id=drafts[-1].pk, publish_at=NOW + HOUR, now=NOW)
    assert refused.value.kind == "too_many"
    schedule_note(author=alice, note_id=drafts[0].pk, publish_at=NOW + 2 * HOUR, now=NOW)
    unschedule_note(author=alice, note_id=drafts[1].pk)
    schedule_note(author=alice, note_id=drafts[-1].pk, publish_at=NOW + HOUR, now=NOW)


# ---------------------------------------------------------------- its time comes
def test_it_is_published_when_its_time_has_come_and_not_before(alice, planned):
    assert not publish_scheduled(note_id=planned.pk, now=NOW + HOUR - timedelta(seconds=1))
    assert publish_scheduled(note_id=planned.pk, now=NOW + HOUR)
    note = Note.objects.get()
    assert (note.state, note.published_at) == ("published", NOW + HOUR)
    assert not Schedule.objects.exists()
    assert told(alice) == [("published", "")]


def test_again_it_changes_and_tells_nothing(alice, planned):
    publish_scheduled(note_id=planned.pk, now=NOW + HOUR)
    assert not publish_scheduled(note_id=planned.pk, now=NOW + HOUR)
    assert Note.objects.get().published_at == NOW + HOUR
    assert len(told(alice)) == 1


def test_clock_and_worker_publish_what_is_due_and_leave_the_rest(alice, planned, make_note):
    later = make_note(alice, "Tomorrow", publish=False)
    schedule_note(author=alice, note_id=later.pk, publish_at=NOW + 24 * HOUR, now=NOW)
    Job.objects.all().delete()
    with time_machine.travel(NOW + HOUR, tick=False):
        assert tasks.look.once() == 1
        assert services.note_what_is_due(now=timezone.now()) == 1  # another beat: the same job
        assert Job.objects.filter(kind="schedules.publish").count() == 1
        from community.outbox.jobs import work_off

        work_off("default")
    assert set(Note.objects.published().values_list("pk", flat=True)) == {planned.pk}


def test_moved_while_its_job_waits_it_is_published_at_the_new_time(alice, planned):
    schedule_note(author=alice, note_id=planned.pk, publish_at=NOW + 3 * HOUR, now=NOW + HOUR)
    assert not publish_scheduled(note_id=planned.pk, now=NOW + HOUR)
    assert publish_scheduled(note_id=planned.pk, now=NOW + 3 * HOUR)


def off_the_plan(alice, note):
    unschedule_note(author=alice, note_id=note.pk)


def deleted(alice, note):
    delete_note(author=alice, note_id=note.pk)


def published_by_hand(alice, note):
    publish_note(author=alice, note_id=note.pk, now=NOW)


@pytest.mark.parametrize("overtake", [off_the_plan, deleted, published_by_hand])
def test_what_its_author_decided_meanwhile_stands(alice, planned, overtake):
    overtake(alice, planned)
    assert not Schedule.objects.exists()
    before = Note.objects.get()
    assert not publish_scheduled(note_id=planned.pk, now=NOW + HOUR)
    after = Note.objects.get()
    assert (after.state, after.published_at) == (before.state, before.published_at)
    assert told(alice) == []


# ---------------------------------------------------------------- the rules of that moment
def test_with_pictures_on_their_way_it_waits_and_says_so_once(alice, planned):
    image = picture(planned, "processing")
    for minute in range(3):
        assert not publish_scheduled(note_id=planned.pk, now=NOW + HOUR * (1 + minute))
    assert told(alice) == [("held_up", "")]
    NoteImage.objects.filter(pk=image.pk).update(state="ready")
    assert publish_scheduled(note_id=planned.pk, now=NOW + 5 * HOUR)
    assert [kind for kind, _words in told(alice)] == ["held_up", "published"]


def test_a_channel_that_closed_meanwhile_is_told_and_the_draft_stays(alice, planned):
    Channel.objects.filter(pk=planned.channel_id).update(is_open=False)
    assert not publish_scheduled(note_id=planned.pk, now=NOW + HOUR)
    assert Note.objects.get().state == "draft"
    [(kind, words)] = told(alice)
    assert kind == "not_published"
    assert "channel is closed" in words
    row = Schedule.objects.get()
    assert (row.refused_at, row.why) == (NOW + HOUR, words)
    assert services.note_what_is_due(now=NOW + 2 * HOUR) == 0


def test_the_reason_is_in_the_authors_language(alice, planned):
    Profile.objects.filter(person=alice).update(language="zh-hans")
    Channel.objects.filter(pk=planned.channel_id).update(is_open=False)
    publish_scheduled(note_id=planned.pk, now=NOW + HOUR)
    assert "频道" in told(alice)[0][1]


def test_a_note_emptied_meanwhile_is_not_published(alice, planned):
    edit_note(author=alice, note_id=planned.pk, content=NoteContent())
    assert not publish_scheduled(note_id=planned.pk, now=NOW + HOUR)
    assert told(alice)[0][0] == "not_published"


def test_of_a_suspended_author_nothing_is_published_now_or_later(alice, planned):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert not publish_scheduled(note_id=planned.pk, now=NOW + HOUR)
    User.objects.filter(pk=alice.pk).update(is_active=True)
    assert not publish_scheduled(note_id=planned.pk, now=NOW + 2 * HOUR)
    assert Note.objects.get().state == "draft"
    assert Schedule.objects.get().why


def test_nobody_suspended_publishes_by_hand_either(alice, draft):
    alice.is_active = False
    with pytest.raises(NotAllowed):
        publish_note(author=alice, note_id=draft.pk)


def test_planned_anew_after_a_refusal_it_is_published(alice, planned):
    Channel.objects.filter(pk=planned.channel_id).update(is_open=False)
    publish_scheduled(note_id=planned.pk, now=NOW + HOUR)
    Channel.objects.filter(pk=planned.channel_id).update(is_open=True)
    schedule_note(author=alice, note_id=planned.pk, publish_at=NOW + 3 * HOUR, now=NOW + 2 * HOUR)
    assert publish_scheduled(note_id=planned.pk, now=NOW + 3 * HOUR)


def test_a_published_note_that_staff_hides_keeps_no_plan(alice, planned, make_person):
    keeper = User.objects.create_superuser("keeper", "k@example.org", "tide-and-rock-9")
    publish_scheduled(note_id=planned.pk, now=NOW + HOUR)
    hide_note(moderator=keeper, note_id=planned.pk, reason="Spam")
    assert not Schedule.objects.exists()
