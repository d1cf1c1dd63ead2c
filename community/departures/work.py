"""Take away what somebody who left had: batch by batch, from wherever an earlier try stopped."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.utils import timezone

from accounts.departures.models import Departure
from accounts.departures.services import finish
from accounts.owndata.leaving import steps
from community.outbox.jobs import enqueue, hold_on

State = Departure.State
# A step that always finds something would never end: none has more batches than this.
MOST_BATCHES = 1_000_000


def begin_what_is_due(*, now: datetime) -> int:
    """Note the work of every departure whose time is over; how many."""
    due = Departure.objects.filter(due_at__lte=now, person__isnull=False)
    waiting = due.exclude(state=State.GONE).values_list("pk", flat=True)
    for pk in waiting:
        enqueue("departures.leave", key=pk, departure=pk)
    return len(waiting)


def leave(departure_id: int, *, now: datetime) -> None:
    """1. From now on it cannot be undone. 2. Every step until it finds nothing. 3. The account."""
    due = Departure.objects.filter(pk=departure_id, due_at__lte=now, person__isnull=False)
    if not due.exclude(state=State.GONE).update(state=State.LEAVING):
        return
    departure = Departure.objects.select_related("person__profile").get(pk=departure_id)
    person = departure.person
    if person is None:
        return
    figures: Counter[str] = Counter(departure.figures)
    for name, step in steps():
        for _batch in range(MOST_BATCHES):
            hold_on(now=timezone.now())
            found = step(person, now)
            if not found:
                break
            figures[name] += found
            Departure.objects.filter(pk=departure_id).update(figures=dict(figures))
    finish(departure, figures=dict(figures), now=now)
