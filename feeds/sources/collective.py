"""Sources that are the same for everybody: hot, popular, fresh, and risen through the pools."""

from __future__ import annotations

import random
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from accounts.prepared import Prepared
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
        for note_id in request.once(("popular", most), _best(most, "-popularity")):
            yield Candidate(note_id, "popular")


class FreshNotes:
    """The newest recommended notes of the community."""

    def propose(self, request: FeedRequest) -> Iterable[Candidate]:
        rules = request.policy.discover
        most = rules.list_size * 2 if request.mix.by_time else rules.fresh
        order = ("-published_at", "-note")
        for note_id in request.once(("fresh", most), _best(most, *order)):
            yield Candidate(note_id, "fresh")


class QualityPool:
    """Good notes drawn by chance, the same way for everybody: a window out of one's own bubble.

    Found by their own mark only: a note that another source brings for this viewer is not theirs.
    """

    def propose(self, request: FeedRequest) -> Iterable[Candidate]:
        rules = request.policy.discover
        good = _good(rules.quality_pool_bar, rules.quality_pool)
        newest = good.newest.first()
        if newest is None:
            return
        # A draw by primary key: no ORDER BY random() over the whole catalogue.
        start = random.Random(request.seed).randrange(newest + 1)
        found = good.upwards(start)
        if len(found) < rules.quality_pool:
            found += good.upwards(0)[: rules.quality_pool - len(found)]
        for note_id in dict.fromkeys(found):
            yield Candidate(note_id, "quality")


class PromotedNotes:
    """Notes that passed a gate and are owed impressions in a higher pool."""

    def propose(self, request: FeedRequest) -> Iterable[Candidate]:
        most = request.policy.discover.fresh
        for note_id, tier in request.once(("promoted", most), _promoted(most)):
            yield Candidate(note_id, "pool", tier, 0.1)


class _Good(NamedTuple):
    """Of notes above a quality: the newest, and the next ones from a primary key upwards."""

    newest: Prepared
    upwards: Prepared


# A policy's sizes and bars are part of the SQL: one query for each that is in force.
@cache
def _good(bar: float, most: int) -> _Good:
    ids = LiveNote.objects.filter(recommended=True, quality__gte=bar).values_list(
        "note_id", flat=True
    )
    return _Good(
        Prepared(lambda: ids.order_by("-note")[:1]),
        Prepared(lambda start: ids.filter(note__gte=start).order_by("note")[:most], int),
    )


@cache
def _promoted(most: int) -> Prepared:
    entries = PoolEntry.objects.filter(state=PoolEntry.State.RUNNING, tier__gte=1)
    return Prepared(lambda: entries.order_by("-started_at").values_list("note_id", "tier")[:most])


@cache
def _best(most: int, *order: str) -> Prepared:
    """The first recommended notes in an order."""
    notes = LiveNote.objects.filter(recommended=True).order_by(*order)
    return Prepared(lambda: notes.values_list("note_id", flat=True)[:most])
