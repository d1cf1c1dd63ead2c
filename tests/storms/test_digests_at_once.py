"""Two workers that sum the same note: neither may write a total without what the other adds."""

from __future__ import annotations

import threading
from datetime import timedelta

from django.db import connection, models, transaction
from django.utils import timezone

from community.rows import insert_rows
from community.turns import take_turn
from feeds import events
from feeds.models import Event, Interest, NoteHour
from feeds.ranking.models import NoteTotals
from tests.trust.crowd import Crowd

HOURS = 24


def test_totals_hold_what_two_digests_add_in_different_hours(file_database, at_once, monkeypatch):
    now = timezone.now()
    crowd = Crowd(30, 1, now=now)
    note = crowd.notes[0].pk
    likes = [
        (crowd.ids[1 + n % 29], note, Event.Kind.LIKE, 1.0, now - timedelta(hours=n % HOURS))
        for n in range(240)
    ]
    insert_rows(Event, ("person", "note", "kind", "value", "at"), likes)
    monkeypatch.setattr(events, "AT_ONCE", 5)
    together = threading.Barrier(4)

    def worker():
        together.wait()
        return events.digest(now=now)

    assert sum(at_once([worker] * 4, threads=4)) == len(likes)
    summed = NoteHour.objects.filter(note=note).aggregate(likes=models.Sum("likes"))["likes"]
    assert summed == NoteTotals.objects.get(note=note).likes == len(likes)
    assert Interest.objects.filter(person__in=crowd.ids[1:]).exists()


def test_a_turn_is_one_transactions_at_a_time(file_database, at_once):
    inside, most = [], []

    def work():
        with transaction.atomic():
            take_turn("a test")
            inside.append(1)
            most.append(len(inside))
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            inside.pop()

    assert at_once([work] * 40, threads=8) == [None] * 40
    assert set(most) == {1}
