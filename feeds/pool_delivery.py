"""What a pool delivered and what came of it: qualified impressions and credited engagement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from .models import PoolDelivery, PoolEngagement, PoolEntry
from .policies import current
from .pools import most_delivered

State = PoolEntry.State


def confirm(*, note_id: int, source: str, viewer_id: int, now: datetime) -> bool:
    """Count a qualified impression on discover at the note's present tier; True if it counted.

    Reserved slots count, and so does discover's own ranking: a promise is one of readers. What
    a reader of the author saw ("followed") does not count, here or at the gate. Nor does what
    comes after the promise is more than kept, before a tick notices.
    """
    if source == "followed":
        return False
    running = PoolEntry.objects.filter(note=note_id, state=State.RUNNING)
    entry = running.values_list("tier", "promised", "delivered").first()
    if entry is None:
        return False
    tier, promised, delivered = entry
    if delivered >= most_delivered(promised, current()[1].pools):
        return False
    if not _reach(note_id, tier, viewer_id, now):
        return False
    running.filter(tier=tier).update(delivered=F("delivered") + 1)
    # The promise is kept: due now, whatever hour it is.
    running.filter(tier=tier, delivered__gte=F("promised"), due_at__gt=now).update(due_at=now)
    return True


def _reach(note_id: int, tier: int, viewer_id: int, now: datetime) -> bool:
    """Confirm the reservation, or note a sight nothing was reserved for; False when known."""
    row = {"note_id": note_id, "tier": tier, "person_id": viewer_id}
    if PoolDelivery.objects.filter(**row, seen_at=None).update(seen_at=now):
        return True
    _row, created = PoolDelivery.objects.get_or_create(
        **row, defaults={"reserved_at": now, "seen_at": now}
    )
    return created


def credit(acts: Iterable[tuple[int, int, int, float]]) -> int:
    """Credit acts (note, person, kind, score; score <= 0 takes back) to the tier that reached the
    person, each kind once. Acts of people whom no open pool reached count for no gate."""
    changed = 0
    for note_id, person_id, kind, score in acts:
        entry = PoolEntry.objects.filter(note=note_id, state=State.RUNNING).first()
        if entry is None:
            continue
        reached = PoolDelivery.objects.filter(
            note=note_id, tier=entry.tier, person=person_id, seen_at__isnull=False
        )
        if reached.exists():
            changed += _credit(entry, person_id, kind, score)
    return changed


def _credit(entry: PoolEntry, person_id: int, kind: int, score: float) -> bool:
    row = {"note_id": entry.pk, "tier": entry.tier, "person_id": person_id, "kind": kind}
    if score > 0:
        _row, moved = PoolEngagement.objects.get_or_create(**row, defaults={"score": score})
    else:
        known = PoolEngagement.objects.filter(**row).first()
        moved = known is not None
        if known is not None:
            score = -known.score
            known.delete()
    if moved:
        PoolEntry.objects.filter(pk=entry.pk, tier=entry.tier).update(
            engagement=F("engagement") + score
        )
    return moved
