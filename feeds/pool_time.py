"""Give a note the time in its pool back that a decision took from it which did not stand."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from .models import PoolEntry, PoolTransition
from .pools import Reason
from .told import announce_steps

State = PoolEntry.State


@transaction.atomic
def give_back(*, note_id: int, decision_id: int, since: datetime, now: datetime) -> bool:
    """Move the start and the end of the present pool by the time lost; once a decision.

    False where nothing was lost: the note had come to rest before, or was never in a pool.
    """
    entry = PoolEntry.objects.select_for_update(no_key=True).filter(pk=note_id).first()
    if entry is None or entry.state in (State.SETTLED, State.HOT):
        return False
    given = PoolTransition.objects.filter(note=note_id, reason=Reason.TIME_BACK)
    lost = now - max(since, entry.started_at)
    if lost.total_seconds() <= 0 or given.filter(figures__decision=decision_id).exists():
        return False
    later = {"started_at": F("started_at") + lost, "due_at": F("due_at") + lost}
    PoolEntry.objects.filter(pk=note_id).update(**later)
    PoolTransition.objects.create(
        note_id=note_id,
        to_tier=entry.tier,
        state=entry.state,
        reason=Reason.TIME_BACK,
        figures={"decision": decision_id, "hours": lost.total_seconds() / 3600},
        root_channel_id=entry.root_channel_id,
        at=now,
    )
    announce_steps([note_id], now=now)
    return True
