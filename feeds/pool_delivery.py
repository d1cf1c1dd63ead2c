"""What a pool delivered and what came of it: qualified impressions and credited engagement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet

from accounts.prepared import Ids, Prepared, PreparedUpdate, these
from community.rows import insert_rows

from .models import PoolDelivery, PoolEngagement, PoolEntry
from .policies import current
from .pools import most_delivered
from .qualification import Sight
from .trust.weights import WHOLE, Weight, weights_of

State = PoolEntry.State
# Those of these notes whose sight by this person was noted in a tier.
REACHED = Prepared(
    lambda person, tier, ids: PoolDelivery.objects.filter(
        note__in=ids, tier=tier, person=person, seen_at__isnull=False
    ).values_list("note_id", flat=True),
    int,
    int,
    Ids,
)
# Reports of one note take turns, so that none is counted beyond the end.
HELD = Prepared(
    lambda ids: (
        PoolEntry.objects.filter(pk__in=ids, state=State.RUNNING)
        .order_by("pk")
        .select_for_update(no_key=True)
        .values_list("pk", "tier", "promised", "delivered")
    ),
    Ids,
)
COUNTED = PreparedUpdate(
    lambda tier, ids: (_running_in(tier, ids), {"delivered": F("delivered") + 1}), int, Ids
)
DISCOUNTED = PreparedUpdate(
    lambda tier, ids: (_running_in(tier, ids), {"discounted_views": F("discounted_views") + 1}),
    int,
    Ids,
)
# The promise is kept: judged soon, whatever hour it is, and never later than was said.
KEPT = PreparedUpdate(
    lambda tier, ids, soon: (
        _running_in(tier, ids).filter(delivered__gte=F("promised"), due_at__gt=soon),
        {"due_at": soon},
    ),
    int,
    Ids,
    datetime,
)
DELIVERY = ("note", "tier", "person", "reserved_at", "seen_at", "counts")


def confirm(sights: Iterable[Sight], *, viewer_id: int, now: datetime) -> int:
    """Count qualified impressions of one viewer on discover at the notes' present tiers; how many
    counted. A handful of statements however many there are.

    Reserved slots count, and so does discover's own ranking: a promise is one of readers. What
    a reader of the author saw ("followed") does not count, here or at the gate. Nor does what
    comes after the promise is more than kept, before a tick notices; nor what a ring or farm saw,
    which is noted and taken from no promise.
    """
    asked = {s.card.note_id: s for s in sights if s.card.source != "followed"}
    if not asked:
        return 0
    rules, by_tier = current()[1].pools, defaultdict[int, list[Sight]](list)
    for note_id, tier, promised, delivered in HELD(asked):
        if delivered < most_delivered(promised, rules):
            by_tier[tier].append(asked[note_id])
    return sum(
        _confirm_in(tier, there, viewer_id=viewer_id, now=now) for tier, there in by_tier.items()
    )


def _confirm_in(tier: int, sights: Sequence[Sight], *, viewer_id: int, now: datetime) -> int:
    """Count sights of notes in this tier, whose entries the caller holds."""
    known = set(REACHED(viewer_id, tier, [sight.card.note_id for sight in sights]))
    fresh = [sight for sight in sights if sight.card.note_id not in known]
    # Reservations are confirmed; nothing was reserved for what ranking brought.
    insert_rows(
        PoolDelivery,
        DELIVERY,
        (
            (sight.card.note_id, tier, viewer_id, sight.served_at, now, sight.counts)
            for sight in fresh
        ),
        unique=("note", "tier", "person"),
        renewed=("seen_at", "counts"),
    )
    if counted := [sight.card.note_id for sight in fresh if sight.counts]:
        COUNTED(tier, counted)
        KEPT(tier, counted, now + timedelta(minutes=current()[1].pools.cooldown_minutes))
    if discounted := [sight.card.note_id for sight in fresh if not sight.counts]:
        DISCOUNTED(tier, discounted)
    return len(counted)


def _running_in(tier: Any, note_ids: Any) -> QuerySet[PoolEntry]:
    return PoolEntry.objects.filter(pk__in=note_ids, state=State.RUNNING, tier=tier)


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
    running = PoolEntry.objects.filter(pk__in=these(list(note_ids)), state=State.RUNNING)
    return {entry.pk: entry for entry in running}


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
