"""Scheduled notes under two workers, and under authors who press twice."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.models import Note
from community.notifications.models import Notification
from community.schedules.models import Schedule
from community.schedules.services import MOST_PLANNED, publish_scheduled, schedule_note
from community.services.writing import publish_note

HOUR = timedelta(hours=1)


def test_two_workers_and_the_author_publish_a_note_once(file_database, alice, make_note, at_once):
    now = timezone.now()
    drafts = [make_note(alice, f"Draft {n}", publish=False) for n in range(6)]
    for note in drafts:
        schedule_note(author=alice, note_id=note.pk, publish_at=now + HOUR, now=now)

    def by_clock(pk):
        return lambda: publish_scheduled(note_id=pk, now=now + HOUR)

    def by_hand(pk):
        return lambda: bool(publish_note(author=alice, note_id=pk, now=now + HOUR))

    acts = [act for note in drafts for act in (by_clock(note.pk),) * 3 + (by_hand(note.pk),)]
    answers = at_once(acts, threads=4)
    published = [answer for answer in answers if answer is True]
    assert len(published) == len(drafts)
    assert Note.objects.published().count() == len(drafts)
    assert not Schedule.objects.exists()
    # Told of those that the clock published, once each.
    told = Notification.objects.filter(kind="published")
    assert told.count() == len(set(told.values_list("note", flat=True)))


def test_pressing_at_once_plans_no_more_than_are_allowed(file_database, alice, make_note, at_once):
    now = timezone.now()
    drafts = [make_note(alice, f"Draft {n}", publish=False) for n in range(MOST_PLANNED + 6)]

    def plan(pk):
        return lambda: schedule_note(author=alice, note_id=pk, publish_at=now + HOUR, now=now)

    at_once([plan(note.pk) for note in drafts], threads=4)
    assert Schedule.objects.count() == MOST_PLANNED
