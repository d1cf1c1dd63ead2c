"""What a move makes of a pool entry and its note, whether the clock or a moderator moves it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from accounts.prepared import these

from .models import LiveNote, PoolEntry
from .policy import Policy
from .pool_admission import Readers
from .pools import Move, promise, reachable

State = PoolEntry.State
# When an entry of which nothing can be said yet is looked at again.
LATER = timedelta(hours=1)


def change_of(
    move: Move, tier: int, policy: Policy, readers: Readers, now: datetime
) -> dict[str, Any]:
    """What an entry becomes. Waiting entries whose due time was pulled forward look again later."""
    rules = policy.pools
    if move == Move.PROMOTE:
        rung = rules.ladder[tier + 1]
        possible = reachable(tier + 1, readers.within(rung.hours), rules)
        return {
            "state": State.RUNNING,
            "tier": tier + 1,
            "promised": promise(rung, quality=0, reachable=possible),
            "delivered": 0,
            "engagement": 0.0,
            "discounted_acts": 0,
            "discounted_score": 0.0,
            "discounted_views": 0,
            "started_at": now,
            "due_at": now + timedelta(hours=rung.hours),
        }
    if move == Move.FINISH:
        return {"state": State.HOT}
    if move == Move.SETTLE:
        return {"state": State.SETTLED}
    if move == Move.ASK:
        hours = timedelta(hours=rules.second_look_hours)
        return {"state": State.LOOK, "due_at": now + hours}
    # Short of its promise: carried over, looked at again within the hour.
    return {"due_at": now + LATER}


def lift(note_ids: Collection[int], move: Move, tier: int, policy: Policy) -> None:
    """Notes that pass a gate are lifted in the ranking; those that leave the ladder no longer."""
    if move == Move.ASK or (move != Move.PROMOTE and tier == 0):
        return  # it waits as it is; nothing lifted what comes to rest in P0
    boost = policy.pools.promoted_factor if move == Move.PROMOTE else 1.0
    notes = LiveNote.objects.filter(pk__in=these(note_ids)).exclude(boost=boost)
    notes.update(boost=boost)
