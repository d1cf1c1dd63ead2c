"""Floods of one account, and two workers at the same events."""

from __future__ import annotations

import threading
from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from community.models import Like
from community.rows import insert_rows
from feeds import events
from feeds.invariants import audit
from feeds.models import Event, PoolEngagement, PoolEntry
from feeds.trust.models import Circle, Member, Reader
from feeds.trust.watching import watch
from tests.trust.crowd import Crowd


@pytest.mark.django_db
def test_ten_thousand_likes_of_one_account_are_one_person_at_every_gate():
    now = timezone.now()
    crowd = Crowd(100, 1, now=now)
    crowd.delivered([0] * 99, list(range(1, 100)))
    flood = [
        (crowd.ids[0], crowd.notes[1 + n % 99].pk, Event.Kind.LIKE, 1.0, now) for n in range(10_000)
    ]
    insert_rows(Event, ("person", "note", "kind", "value", "at"), flood)
    events.digest(now=now)
    assert not Event.objects.filter(digested=False).exists()
    assert set(PoolEntry.objects.values_list("engagement", flat=True)) == {0.0, 1.0}
    assert PoolEngagement.objects.count() == 99
    watch(now=now)
    assert not Reader.objects.exists()
    assert not any(rows for name, rows in audit(now=now).items() if name.startswith("pools: "))


def test_two_digests_at_once_credit_each_act_of_a_ring_once(file_database, at_once):
    now = timezone.now()
    crowd = Crowd(40, 1, now=now)
    circle = Circle.objects.create(kind="ring", size=20, weight=0.25, fingerprint="f",
                                   found_at=now, seen_at=now)  # fmt: skip
    Member.objects.bulk_create(Member(circle=circle, person_id=pk) for pk in crowd.ids[:20])
    readers = [r for n in range(20) for r in range(40) if r != n]
    notes = [n for n in range(20) for r in range(40) if r != n]
    crowd.delivered(readers, notes)
    likes = [(crowd.ids[r], crowd.notes[n].pk, Event.Kind.LIKE, 1.0, now)
             for r, n in zip(readers, notes, strict=True)]  # fmt: skip
    insert_rows(Event, ("person", "note", "kind", "value", "at"), likes)
    together = threading.Barrier(3)

    def worker():
        together.wait()
        return events.digest(now=now)

    assert sum(at_once([worker] * 3, threads=3)) == len(likes)
    for entry in PoolEntry.objects.filter(note__in=[note.pk for note in crowd.notes[:20]]):
        assert entry.engagement == pytest.approx(20 + 19 * 0.25)
        assert entry.discounted_acts == 19
    assert not any(rows for name, rows in audit(now=now).items() if name.startswith("pools: d"))


def test_two_looks_at_once_find_one_circle(file_database, at_once):
    now = timezone.now()
    crowd = Crowd(200, 1, now=now)
    ring = [(crowd.ids[r], crowd.notes[n].pk, now - timedelta(hours=int(h)))
            for r in range(30) for n in range(30)
            for h in np.random.default_rng(r * 30 + n).integers(1, 300, 1) if r != n]  # fmt: skip
    crowd_likes = [(crowd.ids[r], crowd.notes[(r * 7) % 200].pk, now - timedelta(hours=2))
                   for r in range(30, 200)]  # fmt: skip
    insert_rows(Like, ("person", "note", "created_at"), ring + crowd_likes)
    together = threading.Barrier(3)

    def look():
        together.wait()
        return watch(now=now)

    assert at_once([look] * 3, threads=3) == [1, 1, 1]
    assert Circle.objects.get().size == Member.objects.count() == 30
