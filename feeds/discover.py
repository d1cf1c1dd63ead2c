"""Discover: what this viewer may like, and new notes that deserve readers. Read this first."""

from __future__ import annotations

import logging
from datetime import datetime

from . import filters, rankers, rerankers, sources
from .facts import hydrate
from .lists import Item, Snapshot, store_list
from .pipeline import CandidateSource, FeedPipeline, FeedRequest
from .policies import current
from .taste import as_json, taste_of, wants_personal

logger = logging.getLogger(__name__)


def complain(source: CandidateSource, error: Exception) -> None:
    logger.error("Candidate source %s failed: %r", type(source).__name__, error, exc_info=error)


def discover_pipeline() -> FeedPipeline:
    """The recipe for one person, or for visitors."""
    return FeedPipeline(
        sources=[
            sources.InterestTags(),
            sources.InterestChannels(),
            sources.FollowedAuthors(),
            sources.PromotedNotes(),
            sources.HotNotes(),
            sources.PopularNotes(),
            sources.FreshNotes(),
        ],
        filters=[
            filters.DropNotRecommended(),
            filters.DropOwn(),
            filters.DropAlreadySeen(),
            filters.DropParted(),
            filters.DropLessOf(),
        ],
        ranker=rankers.FormulaRanker(),
        rerankers=[rerankers.SpreadAuthors(), rerankers.SpreadChannels()],
        hydrate=hydrate,
        complain=complain,
    )


def channel_pipeline() -> FeedPipeline:
    """The recipe of one channel's page: the same rules over that channel's notes."""
    return FeedPipeline(
        sources=[sources.NotesOfChannel()],
        filters=[
            filters.DropOtherChannels(),
            filters.DropNotRecommended(),
            filters.DropParted(),
            filters.DropLessOf(),
        ],
        ranker=rankers.FormulaRanker(),
        rerankers=[rerankers.SpreadAuthors(), rerankers.SpreadChannels()],
        hydrate=hydrate,
        complain=complain,
    )


def build_discover(
    viewer_id: int | None, *, now: datetime, channel_id: int | None = None
) -> Snapshot:
    """Run the recipe for a person (None: visitors) and store the list as their newest snapshot."""
    version, policy = current()
    personal = viewer_id is not None and wants_personal(viewer_id)
    request = FeedRequest(
        viewer_id=viewer_id,
        now=now,
        policy=policy,
        taste=taste_of(viewer_id if personal else None, now=now, rules=policy.interests),
        personal=personal,
        channel_id=channel_id,
    )
    pipeline = discover_pipeline() if channel_id is None else channel_pipeline()
    chosen = pipeline.run(request, limit=policy.discover.list_size)
    kind, key = list_name(viewer_id, channel_id)
    return store_list(
        kind,
        key,
        [Item(c.note_id, c.source, c.detail) for c in chosen],
        now=now,
        policy_version=version,
        taste=as_json(request.taste),
    )


def list_name(viewer_id: int | None, channel_id: int | None = None) -> tuple[str, str]:
    """Kind and key under which the list is kept."""
    if channel_id is None:
        return "discover", str(viewer_id or 0)
    return "channel", f"{channel_id}:{viewer_id or 0}"
