"""What came of a run, read from the rows that the real code wrote."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from community.models import Note
from feeds.inequality import gini
from feeds.models import Impression, PoolEntry, PoolTransition
from feeds.policies import current
from feeds.pool_admission import Readers
from feeds.pools import reachable

if TYPE_CHECKING:
    from .community import Sandbox

FIRST, DAY = 100, timedelta(days=1)
# What a good note should have come to by then.
FOUND_WITHIN = timedelta(days=3)
Figures = dict[str, float | None]


def measure(sandbox: Sandbox) -> tuple[Figures, list[float | None]]:
    """(figures by name, hours to the first 100 impressions of each note with a day behind it).

    A figure is None where there was nothing to measure it by. Advertising and the ring's notes
    are counted apart: neither is promised anything by its worth.
    """
    known, now = sandbox.known, sandbox.clock.now
    own = [n for n, note in known.new.items() if not note.spam and not note.by_ring]
    ring = [n for n, note in known.new.items() if note.by_ring]
    spam = [n for n, note in known.new.items() if note.spam]
    entries = PoolEntry.objects.in_bulk(list(known.new))
    sights = _sights()
    # Notes that the quality bar keeps from strangers were promised nothing.
    born = _births(list(known.new))
    old = [n for n in own if now - born[n] >= DAY and _promised(n, entries)]
    hours = [_hours_to(sights[n], born[n]) for n in old]
    seen = {n: len(sights[n]) for n in own}
    appeal = {n: sandbox.world.appeal(known.channel[n], known.worth[n]) for n in own}
    kept, over = _promises(own, born, now)
    best = _best(old, appeal)
    settled = [n for n in old if now - born[n] >= FOUND_WITHIN]
    tiers = _tiers(list(entries))
    cards = max(1, sandbox.counts["cards"])
    figures: Figures = {
        "new_notes": float(len(own)),
        "measured_notes": float(len(old)),
        "reached_100": _share([h is not None and h <= 24 for h in hours]),
        "median_hours_to_100": _middle([h for h in hours if h is not None]),
        "promise_kept": _share(kept),
        "most_of_promise": max(over, default=None),
        "best_tenth_passed_gate": _share([tiers.get(n, 0) >= 1 for n in best]),
        "best_tenth_in_p2": _share(_risen(_best(settled, appeal), born, sights, 2, now)),
        "best_tenth_in_p3": _share(_risen(_best(settled, appeal), born, sights, 3, now)),
        "worst_half_share": _worst_half(seen, appeal),
        "exposure_gini": gini(list(seen.values())),
        "open_rate": sandbox.readers.value["open"] / cards,
        "engagement_rate": sandbox.readers.value["engage"] / cards,
        "impressions": float(sandbox.counts["impressions"]),
        "ring_impressions": _mean([len(sights[n]) for n in ring]),
        "spam_impressions": _mean([len(sights[n]) for n in spam]),
        **sandbox.buyers.figures(),
    }
    return figures, hours


def _sights() -> dict[int, list[datetime]]:
    found: dict[int, list[datetime]] = defaultdict(list)
    for note, at in Impression.objects.order_by("at", "pk").values_list("note_id", "at").iterator():
        found[note].append(at)
    return found


def _births(note_ids: list[int]) -> dict[int, datetime]:
    rows = Note.objects.filter(pk__in=note_ids).values_list("pk", "published_at")
    return {pk: at for pk, at in rows if at is not None}


def _promised(note_id: int, entries: dict[int, PoolEntry]) -> bool:
    """Whether the note entered the ladder. Where nothing does, every note is measured."""
    entered = [e for e in entries.values() if e.promised]
    return not entered or (note_id in entries and entries[note_id].promised > 0)


def _hours_to(sights: list[datetime], born: datetime) -> float | None:
    if len(sights) < FIRST:
        return None
    return (sights[FIRST - 1] - born).total_seconds() / 3600


def _promises(
    note_ids: list[int], born: dict[int, datetime], now: datetime
) -> tuple[list[bool], list[float]]:
    """(whether the first pool's promise was kept within its day, delivered per promised)."""
    kept, over = {}, []
    rows = PoolTransition.objects.filter(note__in=note_ids, from_tier__isnull=False)
    for note, tier, at, figures in rows.values_list("note_id", "from_tier", "at", "figures"):
        share = figures["delivered"] / figures["promised"]
        over.append(share)
        if tier == 0 and now - born[note] >= DAY:
            # A gate is a tick later than the impression that opened it.
            kept[note] = share >= 1 and at - born[note] <= DAY + timedelta(minutes=10)
    for entry in PoolEntry.objects.filter(note__in=note_ids, state=PoolEntry.State.RUNNING):
        over.append(entry.delivered / max(1, entry.promised))
        if entry.tier == 0 and now - born[entry.pk] >= DAY:
            kept.setdefault(entry.pk, False)
    return list(kept.values()), over


def _tiers(note_ids: list[int]) -> dict[int, int]:
    """The highest pool each note came to."""
    return dict(PoolEntry.objects.filter(note__in=note_ids).values_list("note_id", "tier"))


def _risen(
    note_ids: list[int],
    born: dict[int, datetime],
    sights: dict[int, list[datetime]],
    tier: int,
    now: datetime,
) -> list[bool]:
    """Whether each note came to this tier within FOUND_WITHIN, or was seen by as many as the tiers
    below it promise together in this community (where no note is promised anything, that is what
    tells)."""
    rules, readers = current()[1].pools, Readers(now)
    promised = sum(
        min(rung.base, reachable(below, readers.within(rung.hours), rules))
        for below, rung in enumerate(rules.ladder[:tier])
    )
    steps = PoolTransition.objects.filter(note__in=note_ids, to_tier__gte=tier)
    first: dict[int, datetime] = {}
    for note, at in steps.order_by("-id").values_list("note_id", "at"):
        first[note] = at

    def risen(note: int) -> bool:
        until = born[note] + FOUND_WITHIN
        in_time = note in first and first[note] <= until
        return in_time or sum(at <= until for at in sights[note]) >= promised

    return [risen(note) for note in note_ids]


def _best(note_ids: list[int], appeal: dict[int, float]) -> list[int]:
    count = max(1, round(len(note_ids) / 10)) if note_ids else 0
    return sorted(note_ids, key=lambda n: -appeal[n])[:count]


def _worst_half(seen: dict[int, int], appeal: dict[int, float]) -> float | None:
    """Share of the new notes' impressions that went to the less appealing half of them."""
    ordered = sorted(seen, key=lambda n: appeal[n])
    total = sum(seen.values())
    return sum(seen[n] for n in ordered[: len(ordered) // 2]) / total if total else None


def _share(values: list[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def _mean(values: list[int]) -> float | None:
    return sum(values) / len(values) if values else None


def _middle(values: list[float]) -> float | None:
    return float(np.median(values)) if values else None
