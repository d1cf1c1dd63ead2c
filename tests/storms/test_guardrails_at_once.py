"""Three workers find the same harm at the same moment."""

from __future__ import annotations

import threading
from datetime import timedelta

from django.utils import timezone

from feeds import policies
from feeds.experiments import watching
from feeds.experiments.models import Watch
from feeds.models import EnginePolicy, Event, Impression
from feeds.policy import Policy

NOW = timezone.now()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_three_workers_at_once_take_one_version_back_once(file_database, at_once):
    for at, weight in ((NOW - 5 * DAY, 0.8), (NOW - 2 * HOUR, 5.0)):
        values = Policy().to_dict()
        values["discover"]["freshness_weight"] = weight
        bad = policies.publish(values=values, by=None, now=at)
    policies.forget()
    seen_at = [NOW - HOUR - (DAY if note < 40 else timedelta(0)) for note in range(80)]
    Impression.objects.bulk_create(
        [
            Impression(person_id=person, note_id=note, feed="discover", at=seen_at[note])
            for note in range(80)
            for person in range(1, 101)
        ]
    )
    Event.objects.bulk_create(
        [
            Event(person_id=person, note_id=note, kind=Event.Kind.LIKE, at=seen_at[note])
            for person in range(1, 101)
            for note in (*range(20 + person % 3), 40, 41)
        ]
    )
    together = threading.Barrier(3)

    def look():
        together.wait()
        return watching.look(now=NOW)

    assert sorted(at_once([look] * 3, threads=3)) == [0, 0, 1]
    assert EnginePolicy.objects.count() == 3
    assert EnginePolicy.objects.first().values["discover"]["freshness_weight"] == 0.8
    assert Watch.objects.get(subject=bad.pk).state == Watch.State.ROLLED_BACK
