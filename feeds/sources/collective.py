"""Sources that are the same for everybody: hot, popular, fresh, and risen through the pools."""

from __future__ import annotations

import random
from collections.abc import Iterable

from feeds.lists import newest_list
from feeds.models import LiveNote, PoolEntry
from feeds.pipeline import Candidate, FeedRequest


class HotNotes:
    """The head of the site's hot list."""

    def propose(self, request: FeedRequest) -> Iterable[Candidate]:
        hot = request.once("hot", lambda: newest_list("hot", "site"))
        for item in (hot.items if hot else [])[: request.policy.discover.hot]:
            yield Candidate(item.note_id, "hot", item.detail, 0.2)


class PopularNotes:
    """Best smoothed engagement per impression."""

    def propose(self, request: FeedRequest) -> Iterable[Candidate]:
        most = request.policy.discover.hot
        for note_id in request.once(("popular", most), lambda: _best(most, "-popularity")):
            yield Candidate(note_id, "popular")


class FreshNotes:
    """The newest recommended notes of the community."""

    def propose(self, request: FeedRequest) -> Iterable[Candidate]:
        rules = request.policy.discover
        most = rules.list_size * 2 if request.mix.by_time else rules.fresh
        order = ("-published_at", "-note")
        for note_id in request.once(("fresh", most), lambda: _best(most, *order)):
            yield Candidate(note_id, "fresh")


class QualityPool:
    """Good notes drawn by chance, the same way for everybody: a window out of one's own bubble.

    Found by their own mark only: a note that another source brings for this viewer is not theirs.
    """

    def propose(self, request: FeedRequest) -> Iterable[Candidate]:
        rules = request.policy.discover
        good = LiveNote.objects.filter(recommended=True, quality__gte=rules.quality_pool_bar)
        newest = good.order_by("-note").values_list("note_id", flat=True).first()
        if newest is None:
            return
        # A draw by primary key: no ORDER BY random() over the whole catalogue.
        start = random.Random(request.seed).randrange(newest + 1)
        ids = good.order_by("note").values_list("note_id", flat=True)
        found = list(ids.filter(note__gte=start)[: rules.quality_pool])
        found += ids.filter(note__lt=start)[: rules.quality_pool - len(found)]
        for note_id in found:
            yield Candidate(note_id, "quality")


class PromotedNotes:
    """Notes that passed a gate and are owed impressions in a higher pool."""

    def propose(self, request: FeedRequest) -> Iterable[Candidate]:
        entries = PoolEntry.objects.filter(state=PoolEntry.State.RUNNING, tier__gte=1)
        rows = entries.order_by("-started_at").values_list("note_id", "tier")
        most = request.policy.discover.fresh
        for note_id, tier in request.once(("promoted", most), lambda: list(rows[:most])):
            yield Candidate(note_id, "pool", tier, 0.1)


def _best(most: int, *order: str) -> list[int]:
    """The first recommended notes in an order."""
    notes = LiveNote.objects.filter(recommended=True).order_by(*order)
    return list(notes.values_list("note_id", flat=True)[:most])
