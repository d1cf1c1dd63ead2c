"""What authors' programs are told of the pools: every step that is written is announced with it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from community.models import Note
from community.webhooks.announcing import Happening, announce, anybody_listens
from community.webhooks.kinds import register

from .models import PoolEntry, PoolTransition
from .pools import Reason

State = PoolEntry.State
PROMOTED = register("pool.promoted", _("a note of yours rises to another pool"))
SETTLED = register("pool.settled", _("a note of yours comes to rest"))
LIMITED = register("reach.limited", _("a note of yours is no longer recommended"))
RETURNED = register("reach.restored", _("a note of yours is recommended again"))
RISES = (Reason.PROMOTED, Reason.THROUGH, Reason.LOOK_RISES, Reason.LATE_RISES)
# Steps looked at in one statement.
AT_ONCE = 500


def kind_of(step: PoolTransition) -> str:
    """Which event a step is, "" for none: what authors withdraw and bring back themselves is no
    news to them."""
    if step.reason in RISES:
        return PROMOTED
    if _is_limit(step):
        return LIMITED
    if step.reason == Reason.RETURNED:
        before = PoolTransition.objects.filter(note=step.note_id, pk__lt=step.pk).last()
        return RETURNED if before is not None and _is_limit(before) else ""
    return SETTLED if step.state == State.SETTLED and step.from_tier is not None else ""


def _is_limit(step: PoolTransition) -> bool:
    if step.reason == Reason.WITHDRAWN:
        return bool(step.figures.get("hidden"))
    return step.reason in (Reason.BELOW_BAR, Reason.LIMITED)


def announce_steps(note_ids: Collection[int], *, now: datetime) -> int:
    """Announce the steps of these notes written at `now`, in the transaction that wrote them;
    how many messages. One statement where nobody in the community listens."""
    if not note_ids or not anybody_listens():
        return 0
    ids, told = list(note_ids), 0
    for start in range(0, len(ids), AT_ONCE):
        chunk = ids[start : start + AT_ONCE]
        steps = PoolTransition.objects.filter(note__in=chunk, at=now)
        notes = Note.objects.in_bulk(chunk)
        told += announce(
            [
                Happening(note.author_id, kind, f"step {step.pk}", _facts(step))
                for step in steps
                if (note := notes.get(step.note_id)) and (kind := kind_of(step))
            ],
            now=now,
        )
    return told


def _facts(step: PoolTransition) -> dict[str, Any]:
    return {
        "note": step.note_id,
        "from_tier": step.from_tier,
        "to_tier": step.to_tier,
        "state": step.state,
        "reason": step.reason,
        "figures": step.figures,
    }
