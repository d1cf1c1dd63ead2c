"""Which new note gets a reserved slot on this page, and the reservation.

P0 owns about one slot in ten of discover: not a matter of score, so the promise is kept. Among the
notes that are behind their schedule, the best match for this viewer goes first, with Thompson
sampling on engagement so that good notes are found sooner.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from community.models import TaggedNote

from .models import PoolDelivery, PoolEntry
from .policy import Policy
from .pools import deficit
from .remembered import Remembered

# Open notes a process keeps at hand, nearest deadline first, and for how long.
AT_HAND, LOOK_AGAIN = 200, 2.0

_open: Remembered[list[OpenNote]] = Remembered(most=1, seconds=LOOK_AGAIN)


@dataclass(frozen=True, slots=True)
class OpenNote:
    """A note in P0 that still wants readers."""

    note_id: int
    author_id: int
    root_channel_id: int
    promised: int
    delivered: int
    in_flight: int
    engagement: float
    started_at: datetime
    tags: tuple[int, ...]


def open_notes(policy: Policy, now: datetime) -> list[OpenNote]:
    """Notes of P0 with room left for reservations, at most AT_HAND, looked up every LOOK_AGAIN."""
    known = _open.get("P0")
    if known is None:
        known = _open.put("P0", _look_up(policy, now))
    return known


def forget() -> None:
    """Look at the rows again (between tests; after a tick in the same process)."""
    _open.clear()


def _look_up(policy: Policy, now: datetime) -> list[OpenNote]:
    rows = list(
        PoolEntry.objects.filter(state=PoolEntry.State.RUNNING, tier=0)
        .order_by("due_at")
        .values_list(
            "note_id", "author_id", "root_channel_id", "promised", "delivered", "engagement", "started_at"
        )[:AT_HAND]
    )
    ids = [row[0] for row in rows]
    flight = in_flight(ids, now=now, policy=policy)
    tags: dict[int, list[int]] = {}
    for note_id, tag_id in TaggedNote.objects.filter(content_object__in=ids).values_list(
        "content_object_id", "tag_id"
    ):
        tags.setdefault(note_id, []).append(tag_id)
    room = 1 + policy.pools.over_delivery
    return [
        OpenNote(n, author, root, promised, delivered, flight[n], engagement, since, tuple(tags.get(n, ())))
        for n, author, root, promised, delivered, engagement, since in rows
        if delivered + flight[n] < promised * room
    ]


def in_flight(note_ids: Collection[int], *, now: datetime, policy: Policy) -> Counter[int]:
    """Cards served for these notes in P0 and neither seen nor expired yet."""
    since = now - timedelta(minutes=policy.pools.reservation_minutes)
    waiting = PoolDelivery.objects.filter(
        note__in=note_ids, tier=0, seen_at=None, reserved_at__gt=since
    ).values_list("note_id", flat=True)
    return Counter(waiting)


def choose(
    count: int,
    *,
    viewer_id: int,
    taste: dict[str, Any],
    exclude: Collection[int],
    policy: Policy,
    now: datetime,
    chance: random.Random | None = None,
) -> list[OpenNote]:
    """The notes most worth this viewer's `count` slots, best first; twice as many as asked, so that
    the gate may still drop some."""
    chance = chance or random.Random()  # noqa: S311 (exploration, not secrecy)
    scored = [
        (worth(note, taste, policy, now, chance), note)
        for note in open_notes(policy, now)
        if note.author_id != viewer_id and note.note_id not in exclude
    ]
    scored.sort(key=lambda pair: -pair[0])
    return [note for _worth, note in scored[: count * 2]]


def worth(
    note: OpenNote, taste: dict[str, Any], policy: Policy, now: datetime, chance: random.Random
) -> float:
    """How much a slot of this viewer is worth to this note: urgency x match x promise of interest."""
    hours = policy.pools.ladder[0].hours
    age = (now - note.started_at).total_seconds() / 3600
    behind = deficit(promised=note.promised, delivered=note.delivered + note.in_flight, age_hours=age, hours=hours)
    urgency = max(0.05, behind / note.promised)
    tags, channels = taste.get("tags", {}), taste.get("channels", {})
    match = sum(tags.get(str(tag), 0.0) for tag in note.tags) + channels.get(str(note.root_channel_id), 0.0)
    sampled = chance.betavariate(
        1 + max(0.0, note.engagement), 20 + max(0.0, note.delivered - note.engagement)
    )
    return urgency * (0.5 + min(1.0, match)) * (0.5 + sampled)


def reserve(notes: Iterable[OpenNote], *, viewer_id: int, now: datetime) -> None:
    """Note that these cards are on their way to the viewer: one statement, harmless when repeated."""
    rows = [(note.note_id, 0, viewer_id, now) for note in notes]
    if not rows:
        return
    marks = ", ".join(["(%s, %s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO feeds_pooldelivery (note_id, tier, person_id, reserved_at)"  # noqa: S608
            f" VALUES {marks} ON CONFLICT (note_id, tier, person_id) DO UPDATE"
            " SET reserved_at = excluded.reserved_at WHERE feeds_pooldelivery.seen_at IS NULL",
            [connection.ops.adapt_datetimefield_value(v) if isinstance(v, datetime) else v for row in rows for v in row],
        )
