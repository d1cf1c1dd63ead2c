"""Credits and sights weighed again after weights changed: only of the present tier of open pools,
so that no decision of a gate is taken back. Each row is moved by compare-and-set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from feeds.models import Impression, PoolDelivery, PoolEngagement, PoolEntry
from feeds.policies import current
from feeds.pools import most_delivered
from feeds.qualification import counts

from .weights import WHOLE, Weight, weights_of
from .window import chunks

Pairs = dict[tuple[int, int], Weight]


def weigh_again(people: Sequence[int], *, now: datetime) -> int:
    """Bring what these people did in open pools to what they count now; returns rows moved."""
    policy = current()[1]
    since = now - timedelta(days=policy.pools.admit_days + policy.trust.days)
    seen = Impression.objects.filter(person__in=people, at__gt=since)
    moved = 0
    for some in chunks(set(seen.values_list("note_id", flat=True))):
        with transaction.atomic():
            running = PoolEntry.objects.filter(note__in=some, state=PoolEntry.State.RUNNING)
            entries = {entry.pk: entry for entry in running}
            pairs = {(p, entry.author_id) for p in people for entry in entries.values()}
            weights = weights_of(pairs)
            moved += _sights(entries, people, weights) + _acts(entries, people, weights)
    return moved


def _sights(entries: dict[int, PoolEntry], people: Sequence[int], weights: Pairs) -> int:
    moved = 0
    rows = PoolDelivery.objects.filter(note__in=entries, person__in=people, seen_at__isnull=False)
    for row in rows:
        entry = entries[row.note_id]
        wanted = counts(weights.get((row.person_id, entry.author_id), WHOLE))
        if row.tier == entry.tier and row.counts != wanted:
            moved += _move_sight(entry, row, wanted)
    return moved


def _move_sight(entry: PoolEntry, row: PoolDelivery, wanted: bool) -> bool:
    step = 1 if wanted else -1
    at_tier = _at_tier(entry)
    if wanted:  # a sight that comes back gives no more than was promised
        at_tier = at_tier.filter(delivered__lt=most_delivered(entry.promised, current()[1].pools))
    if not at_tier.update(
        delivered=F("delivered") + step, discounted_views=F("discounted_views") - step
    ):
        return False
    PoolDelivery.objects.filter(pk=row.pk).update(counts=wanted)
    return True


def _acts(entries: dict[int, PoolEntry], people: Sequence[int], weights: Pairs) -> int:
    moved = 0
    rows = PoolEngagement.objects.filter(note__in=entries, person__in=people)
    for row in rows:
        entry = entries[row.note_id]
        weight = weights.get((row.person_id, entry.author_id), WHOLE)
        if row.tier == entry.tier and row.weight != weight.value:
            moved += _move_act(entry, row, weight)
    return moved


def _move_act(entry: PoolEntry, row: PoolEngagement, weight: Weight) -> bool:
    score = row.full * weight.value
    known = PoolEngagement.objects.filter(pk=row.pk, weight=row.weight)
    if not known.update(score=score, weight=weight.value, reason=weight.reason):
        return False
    _at_tier(entry).update(
        engagement=F("engagement") + score - row.score,
        discounted_score=F("discounted_score") - score + row.score,
        discounted_acts=F("discounted_acts") + int(weight.value < 1) - int(row.weight < 1),
    )
    return True


def _at_tier(entry: PoolEntry) -> QuerySet[PoolEntry]:
    return PoolEntry.objects.filter(pk=entry.pk, tier=entry.tier)
