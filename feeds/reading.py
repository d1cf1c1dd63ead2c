"""One person reading a list page by page: the snapshot they started with, and the slots in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from community.models import Channel

from . import pool_slots
from .discover import build_discover, list_name
from .lists import Item, Snapshot, list_of_reading, newest_list
from .one_builder import built_by_one
from .pages import Placed
from .policy import Policy
from .tokens import read_position

# A list older than this is not shown while a live one can be had.
TOO_OLD = timedelta(hours=6)
# Channels are not precomputed for each person: their lists are built when asked for, and kept.
CHANNEL_TOO_OLD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Reading:
    """One person reading one snapshot: how far they are, and which new notes they met on slots."""

    snapshot: Snapshot
    offset: int = 0
    served: int = 0
    slotted: tuple[int, ...] = ()


def open_reading(
    feed: str, me: int | None, channel: Channel | None, cursor: str | None, now: datetime
) -> Reading:
    kind, key = list_name(me, channel.pk if channel else None)
    if cursor is None:
        return Reading(_newest_or_live(kind, key, me, channel, now))
    pk, offset, served, *slotted = read_position(cursor, feed=feed, parts=None)
    snapshot = list_of_reading(kind, key, pk)
    if snapshot is not None and snapshot.stale and me is not None and channel is None:
        # The reader did something on the way: what comes next is chosen anew, what was is kept.
        head = [item for _place, item in snapshot.window(0, offset)]
        snapshot = build_discover(me, now=now, after=head)
    if snapshot is not None:
        return Reading(snapshot, offset, served, tuple(slotted))
    # The snapshot is gone after an hour: go on in the newest; what was seen does not return.
    return Reading(_newest_or_live(kind, key, me, channel, now), 0, served, tuple(slotted))


def _newest_or_live(
    kind: str, key: str, me: int | None, channel: Channel | None, now: datetime
) -> Snapshot:
    """The precomputed list; the live recipe where it is missing, too old, or older than what the
    reader did last."""
    limit = TOO_OLD if channel is None else CHANNEL_TOO_OLD

    def look() -> Snapshot | None:
        snapshot = newest_list(kind, key)
        if snapshot is None or now - snapshot.built_at > limit:
            return None
        return None if snapshot.stale and me is not None else snapshot

    def build() -> Snapshot:
        return build_discover(me, now=now, channel_id=channel.pk if channel else None)

    return built_by_one(f"{kind}:{key}", look=look, build=build)


def slots_for(
    me: int | None,
    reading: Reading,
    window: Sequence[tuple[int, Item]],
    policy: Policy,
    now: datetime,
) -> list[pool_slots.OpenNote]:
    """New notes for the reserved slots. Visitors without an account cannot be counted as distinct
    viewers, so their pages carry none."""
    if me is None:
        return []
    passed = {row[0] for row in reading.snapshot.rows[: reading.offset]}
    return pool_slots.choose(
        slots_on_page(policy),
        viewer_id=me,
        taste=reading.snapshot.taste,
        exclude=passed | {item.note_id for _place, item in window} | set(reading.slotted),
        policy=policy,
        now=now,
    )


def slots_on_page(policy: Policy) -> int:
    return max(1, policy.discover.page_size // policy.pools.slot_every)


def with_slots(
    ranked: list[Placed], slots: Sequence[pool_slots.OpenNote], policy: Policy
) -> list[Placed]:
    """One slot in the middle of each run of `slot_every` cards, or at the end of a short page."""
    placed = list(ranked)
    every = policy.pools.slot_every
    for index, note in enumerate(slots):
        place = min(len(placed), index * every + every // 2)
        detail = (min(note.delivered, note.promised), note.promised)
        placed.insert(place, Placed(note.note_id, "pool0", detail))
    return placed
