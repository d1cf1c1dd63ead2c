"""Accounts that came from one device: likely one person's."""

from __future__ import annotations

from .models import Mark

# A device that more accounts use than this is a library's or a classroom's, nobody's.
MOST = 5


def same_hands(person_id: int) -> list[int]:
    """Other accounts seen on a device that this one was seen on, as long as marks are kept."""
    mine = Mark.objects.filter(person=person_id, kind=Mark.Kind.DEVICE)
    found: set[int] = set()
    for week, mark in mine.values_list("week", "mark"):
        there = Mark.objects.filter(week=week, kind=Mark.Kind.DEVICE, mark=mark)
        people = set(there.values_list("person_id", flat=True)[: MOST + 1])
        if len(people) <= MOST:
            found |= people
    return sorted(found - {person_id})
