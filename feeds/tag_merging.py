"""What tags that became one mean to people: interests are added up, wishes for less are kept.
Topics, events and the words of suggestions follow.

Called inside the transaction of the merge (community/services/tag_keeping.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from .campaigns.models import Campaign
from .interests import half_lives
from .lists import mark_stale
from .models import Interest, LessOf
from .policies import current
from .profiles import HalfLives, Weight, decay, decay_recent
from .searches.words import forget_tags
from .topics.services import follow_tags, move_tags_of

AT_ONCE = 500


def move(*, from_ids: Sequence[int], into_id: int, now: datetime) -> None:
    """Interests, wishes, topics and events about `from_ids` become ones about `into_id`."""
    people = _move_interests(from_ids, into_id, now)
    people |= _move_wishes(from_ids, into_id)
    follow_tags(from_ids=from_ids, into_id=into_id)
    move_tags_of(Campaign, from_ids=from_ids, into_id=into_id)
    forget_tags(tag_ids=from_ids)
    keys = [str(person) for person in sorted(people)]
    for start in range(0, len(keys), AT_ONCE):
        mark_stale("discover", keys[start : start + AT_ONCE])


def _move_interests(from_ids: Sequence[int], into_id: int, now: datetime) -> set[int]:
    about = Interest.objects.filter(kind=Interest.Kind.TAG)
    people = set(about.filter(target__in=from_ids).values_list("person_id", flat=True))
    halves = half_lives(current()[1].interests)
    ordered = sorted(people)
    for start in range(0, len(ordered), AT_ONCE):
        chunk = ordered[start : start + AT_ONCE]
        held: dict[int, list[Interest]] = defaultdict(list)
        for row in about.filter(person__in=chunk, target__in=[*from_ids, into_id]):
            held[row.person_id].append(row)
        Interest.objects.bulk_create(
            [added_up(rows, into_id, now, halves) for rows in held.values()],
            update_conflicts=True,
            unique_fields=["person", "kind", "target"],
            update_fields=["weight", "recent", "as_of", "because", "acts", "pinned", "removed"],
        )
    about.filter(target__in=from_ids).delete()
    return people


def added_up(rows: Sequence[Interest], into_id: int, now: datetime, halves: HalfLives) -> Interest:
    """One person's interests in several tags as one. What they removed stays removed, unless they
    pinned one of the tags."""
    weights = [Weight(row.weight, row.as_of, row.recent) for row in rows]
    newest = max(rows, key=lambda row: row.as_of)
    pinned = any(row.pinned for row in rows)
    return Interest(
        person_id=newest.person_id,
        kind=Interest.Kind.TAG,
        target=into_id,
        weight=sum(decay(weight, to=now, half_life=halves.lasting) for weight in weights),
        recent=sum(decay_recent(weight, to=now, half_life=halves.recent) for weight in weights),
        as_of=now,
        because=newest.because,
        acts=sum(row.acts for row in rows),
        pinned=pinned,
        removed=any(row.removed for row in rows) and not pinned,
    )


def _move_wishes(from_ids: Sequence[int], into_id: int) -> set[int]:
    """The newest wish of each person holds."""
    wishes = LessOf.objects.filter(kind=LessOf.Kind.TAG)
    rows = wishes.filter(target__in=from_ids).order_by("created_at")
    latest: dict[int, datetime] = dict(rows.values_list("person_id", "created_at"))
    LessOf.objects.bulk_create(
        [
            LessOf(person_id=person, kind=LessOf.Kind.TAG, target=into_id, created_at=at)
            for person, at in latest.items()
        ],
        ignore_conflicts=True,
        batch_size=AT_ONCE,
    )
    wishes.filter(target__in=from_ids).delete()
    return set(latest)
