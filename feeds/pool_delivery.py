"""What a pool delivered and what came of it: qualified impressions and credited engagement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from .models import PoolDelivery, PoolEngagement, PoolEntry
from .policies import current
from .pools import most_delivered
from .qualification import Sight
from .trust.weights import WHOLE, Weight, weights_of

State = PoolEntry.State
# Entries looked up in one statement.
AT_ONCE = 900


def confirm(sight: Sight, *, viewer_id: int, now: datetime) -> bool:
    """Count a qualified impression on discover at the note's present tier; True if it counted.

    Reserved slots count, and so does discover's own ranking: a promise is one of readers. What
    a reader of the author saw ("followed") does not count, here or at the gate. Nor does what
    comes after the promise is more than kept, before a tick notices; nor what a ring or farm saw,
    which is noted and taken from no promise.
    """
    note_id = sight.card.note_id
    if sight.card.source == "followed":
        return False
    running = PoolEntry.objects.filter(note=note_id, state=State.RUNNING)
    # Reports of one note take turns, so that none is counted beyond the end.
    entry = running.select_for_update().values_list("tier", "promised", "delivered").first()
    if entry is None:
        return False
    tier, promised, delivered = entry
    if delivered >= most_delivered(promised, current()[1].pools):
        return False
    if not _reach(note_id, tier, viewer_id, sight.counts, now):
        return False
    if not sight.counts:
        running.filter(tier=tier).update(discounted_views=F("discounted_views") + 1)
        return False
    running.filter(tier=tier).update(delivered=F("delivered") + 1)
    # The promise is kept: due now, whatever hour it is.
    running.filter(tier=tier, delivered__gte=F("promised"), due_at__gt=now).update(due_at=now)
    return True


def _reach(note_id: int, tier: int, viewer_id: int, counts: bool, now: datetime) -> bool:
    """Confirm the reservation, or note a sight nothing was reserved for; False when known."""
    row = {"note_id": note_id, "tier": tier, "person_id": viewer_id}
    if PoolDelivery.objects.filter(**row, seen_at=None).update(seen_at=now, counts=counts):
        return True
    _row, created = PoolDelivery.objects.get_or_create(
        **row, defaults={"reserved_at": now, "seen_at": now, "counts": counts}
    )
    return created


def credit(acts: Iterable[tuple[int, int, int, float]]) -> int:
    """Credit acts (note, person, kind, score; score <= 0 takes back) to the tier that reached the
    person, each kind once, for what the person counts with this author. Acts of people whom no
    open pool reached count for no gate."""
    acts = list(acts)
    entries = _running({act[0] for act in acts})
    weights = weights_of({(act[1], entries[act[0]].author_id) for act in acts if act[0] in entries})
    changed = 0
    for note_id, person_id, kind, score in acts:
        entry = entries.get(note_id)
        if entry is None:
            continue
        reached = PoolDelivery.objects.filter(
            note=note_id, tier=entry.tier, person=person_id, seen_at__isnull=False
        )
        if reached.exists():
            weight = weights.get((person_id, entry.author_id), WHOLE)
            changed += _credit(entry, person_id, kind, score, weight)
    return changed


def _running(note_ids: Iterable[int]) -> dict[int, PoolEntry]:
    known, found = list(note_ids), {}
    for start in range(0, len(known), AT_ONCE):
        some = PoolEntry.objects.filter(note__in=known[start : start + AT_ONCE])
        found.update({entry.pk: entry for entry in some.filter(state=State.RUNNING)})
    return found


def _credit(entry: PoolEntry, person_id: int, kind: int, score: float, weight: Weight) -> bool:
    row = {"note_id": entry.pk, "tier": entry.tier, "person_id": person_id, "kind": kind}
    act: PoolEngagement | None
    if score > 0:
        act, moved = PoolEngagement.objects.get_or_create(
            **row,
            defaults={
                "full": score,
                "score": score * weight.value,
                "weight": weight.value,
                "reason": weight.reason,
            },
        )
        sign = 1
    else:
        act = PoolEngagement.objects.filter(**row).first()
        moved, sign = act is not None, -1
        if act is not None:
            act.delete()
    if moved and act is not None:
        PoolEntry.objects.filter(pk=entry.pk, tier=entry.tier).update(
            engagement=F("engagement") + sign * act.score,
            discounted_score=F("discounted_score") + sign * (act.full - act.score),
            discounted_acts=F("discounted_acts") + sign * int(act.weight < 1),
        )
    return moved
