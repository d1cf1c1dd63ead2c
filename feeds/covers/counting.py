"""What came of each cover so far: told from the pool's own rows, nothing is counted twice.

Which cover a person saw is a rule of their number (community/covers.py), so a view needs no row of
its own: the pool's deliveries since the test began are the views, of people who count.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from accounts.prepared import these
from community.covers import sees_second
from feeds.models import Event, PoolDelivery, PoolEngagement

from .models import CoverTest
from .rules import Figures


def count(test: CoverTest, *, until: datetime) -> tuple[Figures, Figures]:
    """Figures of the first and of the second cover."""
    served = _served(test, until)
    opened = _opened(test, served, until)
    scores = dict(
        PoolEngagement.objects.filter(note=test.note_id, tier=0, person__in=these(served))
        .order_by()
        .values_list("person_id")
        .annotate(Sum("score"))
    )
    halves: tuple[list[int], list[int]] = ([], [])
    for person in served:
        halves[sees_second(note_id=test.note_id, viewer_id=person)].append(person)
    first, second = (
        Figures(
            seen=len(half),
            opens=sum(person in opened for person in half),
            engagement=sum(scores.get(person, 0.0) for person in half),
        )
        for half in halves
    )
    return first, second


def _served(test: CoverTest, until: datetime) -> dict[int, datetime]:
    """When the note was served to each person whose view the first pool counted. A page that was
    served before the test began showed everybody the first cover, whenever it was looked at."""
    counted = PoolDelivery.objects.filter(
        note=test.note_id,
        tier=0,
        counts=True,
        seen_at__lte=until,
        reserved_at__gte=test.started_at,
    )
    return dict(counted.values_list("person_id", "reserved_at"))


def _opened(test: CoverTest, served: dict[int, datetime], until: datetime) -> set[int]:
    """Those of them who opened the note after it was served to them."""
    opens = Event.objects.filter(
        note=test.note_id, kind=Event.Kind.OPEN, person__in=these(served), at__lte=until
    )
    return {person for person, at in opens.values_list("person_id", "at") if at >= served[person]}
