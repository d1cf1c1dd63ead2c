"""Sources that are the same for everybody: hot, popular, fresh, and risen through the pools."""

from __future__ import annotations

from collections.abc import Iterable

from feeds.lists import newest_list
from feeds.models import LiveNote, PoolEntry
from feeds.pipeline import Candidate, FeedRequest


class HotNotes:
    """The head of the site's hot list."""

    def propose(self, request: FeedRequest) -> Iterable[Candidate]:
        hot = newest_list("hot", "site")
        for item in (hot.items if hot else [])[: request.policy.discover.hot]:
            yield Candidate(item.note_id, "hot", item.detail, 0.2)


class PopularNotes:
    """Best smoothed engagement per impression."""

    def propose(self, request: FeedRequest) -> Iterable[Candidate]:
        notes = LiveNote.objects.filter(recommended=True).order_by("-popularity")
        for note_id in notes.values_list("note_id", flat=True)[: request.policy.discover.hot]:
            yield Candidate(note_id, "popular")


class FreshNotes:
    """The newest recommended notes of the community."""

    def propose(self, request: FeedRequest) -> Iterable[Candidate]:
        notes = LiveNote.objects.filter(recommended=True).order_by("-published_at")
        for note_id in notes.values_list("note_id", flat=True)[: request.policy.discover.fresh]:
            yield Candidate(note_id, "fresh")


class PromotedNotes:
    """Notes that passed a gate and are owed impressions in a higher pool."""

    def propose(self, request: FeedRequest) -> Iterable[Candidate]:
        entries = PoolEntry.objects.filter(state=PoolEntry.State.RUNNING, tier__gte=1)
        rows = entries.order_by("-started_at").values_list("note_id", "tier")
        for note_id, tier in rows[: request.policy.discover.fresh]:
            yield Candidate(note_id, "pool", tier, 0.1)
