"""Which new note gets a reserved slot on this page, and the reservation.

P0 owns about one slot in ten of discover: not a matter of score, so the promise is kept. What is
owed from the day before comes first. Among the notes that are behind their schedule, the best match
for this viewer goes first, with Thompson sampling on engagement so that good notes are found
sooner; further notes of one author weigh less (fairness.py).
"""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction

from accounts.prepared import Ids, Prepared
from community.models import TaggedNote

from .experiments.assignment import pool_policy, serves
from .fairness import is_owed, turn_weight, turns
from .languages import things_of_language
from .models import Impression, LessOf, PoolDelivery, PoolEntry
from .policy import Policy
from .pools import most_delivered, slot_worth
from .remembered import Remembered
from .supply import expected_supply

# Open notes a process keeps at hand, and for how long.
AT_HAND, LOOK_AGAIN = 200, 2.0
# Of how many, nearest deadline first, these are taken author by author.
IN_SIGHT = 1_000
# Of those, how many are matched with each viewer; the draws change with every look.
WORTH_MATCHING = 80

# Those of these notes whose card this person saw, wherever it was.
MET = Prepared(
    lambda person, ids: Impression.objects.filter(person=person, note__in=ids).values_list(
        "note_id", flat=True
    ),
    int,
    Ids,
)

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
    # Its time is over and its promise is not kept: it comes before new notes.
    owed: bool = False


def open_notes(policy: Policy, now: datetime) -> list[OpenNote]:
    """Notes of P0 with room left for reservations, at most AT_HAND, looked up every LOOK_AGAIN."""
    known = _open.get("P0")
    if known is None:
        known = _open.put("P0", _look_up(policy, now))
        _given.clear()
    return known


def _look_up(policy: Policy, now: datetime) -> list[OpenNote]:
    waiting = _waiting()
    ids = [row.note_id for row in waiting]
    flight = in_flight(ids, now=now, policy=policy)
    tags: dict[int, list[str]] = {}
    for note_id, tag_id in TaggedNote.objects.filter(content_object__in=ids).values_list(
        "content_object_id", "tag_id"
    ):
        tags.setdefault(note_id, []).append(str(tag_id))
    found = []
    for row in waiting:
        room = most_delivered(row.promised, policy.pools) - row.delivered - flight[row.note_id]
        if room > 0:
            worth, owed = _worth(row, flight[row.note_id], policy, now)
            found.append(_open_note(row, tags.get(row.note_id, ()), room, worth, owed))
    return heapq.nlargest(WORTH_MATCHING, found, key=lambda note: (note.owed, note.worth))


class Waiting(NamedTuple):
    """A running entry of P0 as it is looked up."""

    note_id: int
    author_id: int
    root_channel_id: int
    note__channel_id: int
    note__place_id: int | None
    promised: int
    delivered: int
    engagement: float
    started_at: datetime
    trial: str
    note__language: str
    # How many older notes of its author run in P0.
    turn: int = 0


def _waiting() -> list[Waiting]:
    """AT_HAND running notes of P0: of those nearest their deadline, everybody's first one before
    anybody's second, so that one author cannot fill the hands."""
    running = PoolEntry.objects.filter(state=PoolEntry.State.RUNNING, tier=0).order_by("due_at")
    rows = [Waiting(*row) for row in running.values_list(*Waiting._fields[:-1])[:IN_SIGHT]]
    rows.sort(key=lambda row: (row.started_at, row.note_id))
    order = turns(row.author_id for row in rows)
    found = [row._replace(turn=turn) for row, turn in zip(rows, order, strict=True)]
    return heapq.nsmallest(AT_HAND, found, key=lambda row: (row.turn, row.started_at))


def _worth(row: Waiting, flight: int, policy: Policy, now: datetime) -> tuple[float, bool]:
    """(what a slot is worth to a note now, whether it comes before new ones)."""
    age = (now - row.started_at).total_seconds() / 3600
    hours = pool_policy(row.trial).pools.ladder[0].hours
    # Its age as its readers' clock goes: a night without readers is no delay.
    in_an_hour = expected_supply().share(row.started_at, now + timedelta(hours=1), hours)
    value = slot_worth(
        promised=row.promised,
        under_way=row.delivered + flight,
        age_hours=in_an_hour * hours - 1,
        hours=hours,
        sampled_rate=sampled_rate(row.engagement, row.delivered),
    )
    weight = turn_weight(row.turn, policy.pools.author_share)
    return value * weight, is_owed(turn=row.turn, age_hours=age, hours=hours)


def _open_note(
    row: Waiting, tags: Collection[str], room: int, worth: float, owed: bool
) -> OpenNote:
    return OpenNote(
        row.note_id,
        row.author_id,
        row.promised,
        row.delivered,
        room,
        tuple(tags),
        str(row.root_channel_id),
        worth,
        _things(row, tags),
        row.trial,
        owed,
    )


def _things(row: Waiting, tags: Iterable[str]) -> frozenset[tuple[int, int]]:
    kind, place = LessOf.Kind, row.note__place_id
    things = [(int(kind.NOTE), row.note_id), (int(kind.AUTHOR), row.author_id)]
    things += [(int(kind.CHANNEL), pk) for pk in (row.root_channel_id, row.note__channel_id)]
    things += [(int(kind.TAG), int(tag)) for tag in tags]
    things += things_of_language(row.note__language)
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
    that the gate may still drop some. Never what the viewer saw: a few good notes that somebody
    has met would keep all others from them for as long as their pools run."""
    tags, channels = taste.get("tags", {}), taste.get("channels", {})
    unwanted = {(kind, target) for kind, target in taste.get("less", ())}
    notes = open_notes(policy, now)
    met = set(MET(viewer_id, [note.note_id for note in notes])) if notes else set()
    scored = [
        (note.owed, note.worth * (0.5 + match(note, tags, channels)), note.note_id, note)
        for note in notes
        if note.author_id != viewer_id
        and note.note_id not in met
        and note.note_id not in exclude
        and _given[note.note_id] < note.room
        and unwanted.isdisjoint(note.things)
        and (not note.trial or serves(note.trial, viewer_id))
    ]
    return [row[-1] for row in heapq.nlargest(count * 2, scored)]


def match(note: OpenNote, tags: dict[str, float], channels: dict[str, float]) -> float:
    """How well the note fits a taste, 0 to 1."""
    value = channels.get(note.channel, 0.0)
    for tag in note.tags:
        value += tags.get(tag, 0.0)
    return min(1.0, value)


def reserve(
    notes: Sequence[OpenNote], *, viewer_id: int, policy: Policy, now: datetime
) -> list[OpenNote]:
    """Put these cards on their way to the viewer; those that still had room, in the same order.

    What is at hand may be LOOK_AGAIN old and other processes give slots too, so that the rows are
    counted in the statement that adds to them. Safe to repeat: one's own reservation is renewed.
    """
    if not notes:
        return []
    ids = [note.note_id for note in notes]
    if connection.features.has_select_for_update:
        with transaction.atomic():
            # A statement does not see what another adds meanwhile: they take turns at the note.
            entries = (
                PoolEntry.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
            )
            list(entries.values_list("pk", flat=True))
            taken = _reserve(ids, viewer_id, policy, now)
    else:  # one writer at a time: the statement is a transaction of its own
        taken = _reserve(ids, viewer_id, policy, now)
    # One that got none is not asked for again before the next look.
    _given.update({note.note_id: 1 if note.note_id in taken else note.room for note in notes})
    return [note for note in notes if note.note_id in taken]


def _reserve(ids: list[int], viewer_id: int, policy: Policy, now: datetime) -> set[int]:
    since = now - timedelta(minutes=policy.pools.reservation_minutes)
    at, expired = (connection.ops.adapt_datetimefield_value(when) for when in (now, since))
    marks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO feeds_pooldelivery (note_id, tier, person_id, reserved_at)"  # noqa: S608
            " SELECT entry.note_id, 0, %s, %s FROM feeds_poolentry entry"
            f" WHERE entry.note_id IN ({marks}) AND entry.state = 'running' AND entry.tier = 0"
            " AND entry.delivered + 1 + (SELECT COUNT(*) FROM feeds_pooldelivery other"
            "  WHERE other.note_id = entry.note_id AND other.tier = 0 AND other.seen_at IS NULL"
            "  AND other.reserved_at > %s AND other.person_id <> %s) <= entry.promised * %s"
            " ON CONFLICT (note_id, tier, person_id) DO UPDATE"
            " SET reserved_at = excluded.reserved_at WHERE feeds_pooldelivery.seen_at IS NULL"
            " RETURNING note_id",
            [viewer_id, at, *ids, expired, viewer_id, 1 + policy.pools.over_delivery],
        )
        return {row[0] for row in cursor.fetchall()}
