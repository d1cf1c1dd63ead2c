"""Which new note gets a reserved slot on this page, and the reservation.

P0 owns about one slot in ten of discover: not a matter of score, so the promise is kept. Among the
notes that are behind their schedule, the best match for this viewer goes first, with Thompson
sampling on engagement so that good notes are found sooner.
"""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from community.models import TaggedNote

from .experiments.assignment import pool_policy, serves
from .models import LessOf, PoolDelivery, PoolEntry
from .policy import Policy
from .pools import most_delivered, slot_worth
from .remembered import Remembered

# Open notes a process keeps at hand, nearest deadline first, and for how long.
AT_HAND, LOOK_AGAIN = 200, 2.0
# Of those, how many are matched with each viewer; the draws change with every look.
WORTH_MATCHING = 80

# Explores; secrecy is not its business.
chance = random.Random()

_open: Remembered[list[OpenNote]] = Remembered(most=1, seconds=LOOK_AGAIN)
# Slots this process gave to each note since it looked: what is at hand does not know of them.
_given: Counter[int] = Counter()


@dataclass(frozen=True, slots=True)
class OpenNote:
    """A note in P0 that still wants readers."""

    note_id: int
    author_id: int
    promised: int
    delivered: int
    # How many more may be on their way to readers.
    room: int
    # Its tags and channel as keys of a stored taste (taste.as_json).
    tags: tuple[str, ...]
    channel: str
    # How much any slot is worth to it now: urgency x a Thompson sample of its engagement.
    worth: float
    # What somebody may want less of: (kind of LessOf, target).
    things: frozenset[tuple[int, int]] = frozenset()
    # Arms of experiments it entered in.
    trial: str = ""


def open_notes(policy: Policy, now: datetime) -> list[OpenNote]:
    """Notes of P0 with room left for reservations, at most AT_HAND, looked up every LOOK_AGAIN."""
    known = _open.get("P0")
    if known is None:
        known = _open.put("P0", _look_up(policy, now))
        _given.clear()
    return known


def _look_up(policy: Policy, now: datetime) -> list[OpenNote]:
    rows = list(
        PoolEntry.objects.filter(state=PoolEntry.State.RUNNING, tier=0)
        .order_by("due_at")
        .values_list(
            "note_id",
            "author_id",
            "root_channel_id",
            "note__channel_id",
            "note__place_id",
            "promised",
            "delivered",
            "engagement",
            "started_at",
            "trial",
        )[:AT_HAND]
    )
    ids = [row[0] for row in rows]
    flight = in_flight(ids, now=now, policy=policy)
    tags: dict[int, list[str]] = {}
    for note_id, tag_id in TaggedNote.objects.filter(content_object__in=ids).values_list(
        "content_object_id", "tag_id"
    ):
        tags.setdefault(note_id, []).append(str(tag_id))
    found = []
    for (
        note_id,
        author,
        root,
        channel,
        place,
        promised,
        delivered,
        engagement,
        since,
        trial,
    ) in rows:
        under_way = delivered + flight[note_id]
        room = most_delivered(promised, policy.pools) - under_way
        if room <= 0:
            continue
        age = (now - since).total_seconds() / 3600
        value = slot_worth(
            promised=promised,
            under_way=under_way,
            age_hours=age,
            hours=pool_policy(trial).pools.ladder[0].hours,
            sampled_rate=sampled_rate(engagement, delivered),
        )
        found.append(
            OpenNote(
                note_id,
                author,
                promised,
                delivered,
                room,
                tuple(tags.get(note_id, ())),
                str(root),
                value,
                _things(note_id, author, (root, channel), place, tags.get(note_id, ())),
                trial,
            )
        )
    return heapq.nlargest(WORTH_MATCHING, found, key=lambda note: note.worth)


def _things(
    note: int, author: int, channels: tuple[int, int], place: int | None, tags: Iterable[str]
) -> frozenset[tuple[int, int]]:
    kind = LessOf.Kind
    things = [(int(kind.NOTE), note), (int(kind.AUTHOR), author)]
    things += [(int(kind.CHANNEL), channel) for channel in channels]
    things += [(int(kind.TAG), int(tag)) for tag in tags]
    return frozenset([*things, (int(kind.PLACE), place)] if place else things)


def sampled_rate(engagement: float, delivered: int) -> float:
    """A draw from what the engagement rate may be: unsure notes sometimes draw high (Thompson)."""
    return chance.betavariate(1 + max(0.0, engagement), 20 + max(0.0, delivered - engagement))


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
) -> list[OpenNote]:
    """The notes most worth this viewer's `count` slots, best first; twice as many as asked, so
    that the gate may still drop some."""
    tags, channels = taste.get("tags", {}), taste.get("channels", {})
    unwanted = {(kind, target) for kind, target in taste.get("less", ())}
    scored = [
        (note.worth * (0.5 + match(note, tags, channels)), note.note_id, note)
        for note in open_notes(policy, now)
        if note.author_id != viewer_id
        and note.note_id not in exclude
        and _given[note.note_id] < note.room
        and unwanted.isdisjoint(note.things)
        and (not note.trial or serves(note.trial, viewer_id))
    ]
    return [row[2] for row in heapq.nlargest(count * 2, scored)]


def match(note: OpenNote, tags: dict[str, float], channels: dict[str, float]) -> float:
    """How well the note fits a taste, 0 to 1."""
    value = channels.get(note.channel, 0.0)
    for tag in note.tags:
        value += tags.get(tag, 0.0)
    return min(1.0, value)


def reserve(notes: Iterable[OpenNote], *, viewer_id: int, now: datetime) -> None:
    """Note that these cards are on their way to the viewer: one statement, safe to repeat."""
    rows = [(note.note_id, 0, viewer_id, now) for note in notes]
    if not rows:
        return
    _given.update(row[0] for row in rows)
    marks = ", ".join(["(%s, %s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO feeds_pooldelivery (note_id, tier, person_id, reserved_at)"  # noqa: S608
            f" VALUES {marks} ON CONFLICT (note_id, tier, person_id) DO UPDATE"
            " SET reserved_at = excluded.reserved_at WHERE feeds_pooldelivery.seen_at IS NULL",
            [
                connection.ops.adapt_datetimefield_value(v) if isinstance(v, datetime) else v
                for row in rows
                for v in row
            ],
        )
