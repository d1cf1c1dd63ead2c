"""What only grows is cut, a few rows at a time, and nothing younger is touched."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from community import bounded
from feeds import retention
from feeds.models import EventBatch, Impression, NoteHour
from tests.rows import contents

NOW = timezone.now()


def rows(person, note):
    """Of each table an old and a young row."""
    for days in (1, 800):
        at = NOW - timedelta(days=days)
        Impression.objects.create(person=person, note_id=note.pk + days, feed="hot", at=at)
        NoteHour.objects.create(note_id=note.pk + days, hour=at)
        EventBatch.objects.create(person=person, key=str(days), answer={}, received_at=at)
        Session.objects.create(session_key=str(days), expire_date=at + timedelta(days=2))


def numbers():
    return [model.objects.count() for model in (Impression, NoteHour, EventBatch, Session)]


def test_what_is_past_its_time_goes_and_the_rest_stays(alice, make_note, settings):
    rows(alice, make_note(alice))
    settings.IMPRESSION_DAYS, settings.NOTE_HOUR_DAYS = 730, 0
    assert retention.forget(now=NOW) == 3
    assert numbers() == [1, 2, 1, 1]
    settings.NOTE_HOUR_DAYS = 400
    assert retention.forget(now=NOW) == 1
    assert numbers() == [1, 1, 1, 1]
    before = contents(["feeds.Impression", "feeds.NoteHour"])
    assert retention.forget(now=NOW) == 0
    assert contents(["feeds.Impression", "feeds.NoteHour"]) == before


def test_nothing_is_forgotten_where_the_operator_says_never(alice, make_note, settings):
    rows(alice, make_note(alice))
    settings.IMPRESSION_DAYS = settings.NOTE_HOUR_DAYS = 0
    retention.forget(now=NOW)
    assert numbers() == [2, 2, 1, 1]


def test_a_round_is_bounded_in_rows_and_in_time(db, monkeypatch):
    monkeypatch.setattr(bounded, "AT_ONCE", 10)
    Session.objects.bulk_create(
        Session(session_key=f"s{n}", expire_date=NOW - timedelta(days=1)) for n in range(35)
    )
    old = Session.objects.filter(expire_date__lt=NOW)
    assert bounded.delete_bounded(old, budget=-1) == 10
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert bounded.delete_bounded(old) == 25
    assert sum(q["sql"].startswith("DELETE") for q in asked) == 3
    assert not old.exists()
