"""Discover: what this viewer may like, and new notes that deserve readers. Read this first."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from . import filters, rankers, rerankers, sources
from .experiments.assignment import policy_for
from .facts import Facts, hydrate
from .lists import Item, Snapshot, store_list
from .pipeline import CandidateSource, FeedPipeline, FeedRequest
from .policies import current
from .ranking.logged import log_list
from .taste import as_json
from .viewer import request_for, wishes_of

logger = logging.getLogger(__name__)


def complain(source: CandidateSource, error: Exception) -> None:
    logger.error("Candidate source %s failed: %r", type(source).__name__, error, exc_info=error)


def discover_pipeline(known: dict[int, Facts] | None = None) -> FeedPipeline:
    """The recipe for one person, or for visitors."""
    engaged = sources.EngagedNotes()
    return FeedPipeline(
        sources=[
            sources.InterestTags(),
            sources.InterestChannels(),
            sources.SimilarNotes(engaged),
            sources.SimilarReaders(engaged),
            sources.ColdNotes(engaged),
            sources.FollowedAuthors(),
            sources.LikedByFollowed(),
            sources.PromotedNotes(),
            sources.HotNotes(),
            sources.PopularNotes(),
            sources.FreshNotes(),
            sources.QualityPool(),
        ],
        filters=[
            filters.DropNotRecommended(),
            filters.DropOwn(),
            filters.DropAlreadySeen(),
            filters.DropParted(),
            filters.DropLessOf(),
        ],
        ranker=rankers.LearntRanker(),
        rerankers=[
            rerankers.LessOfReturns(),
            rerankers.TurnDials(),
            rerankers.SpreadAuthors(),
            rerankers.MakeVaried(),
            rerankers.GiveQualityPlaces(),
            rerankers.PlaceByChannel(),
        ],
        hydrate=partial(hydrate, known=known),
        complain=complain,
    )


def by_time_pipeline(known: dict[int, Facts] | None = None) -> FeedPipeline:
    """Discover for those who want no choosing: all there is, newest first."""
    return FeedPipeline(
        sources=[sources.FreshNotes()],
        filters=[
            filters.DropNotRecommended(),
            filters.DropOwn(),
            filters.DropAlreadySeen(),
            filters.DropParted(),
            filters.DropLessOf(),
        ],
        ranker=rankers.NewestFirst(),
        rerankers=[],
        hydrate=partial(hydrate, known=known),
        complain=complain,
    )


def channel_pipeline(known: dict[int, Facts] | None = None) -> FeedPipeline:
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
        rerankers=[
            rerankers.LessOfReturns(),
            rerankers.TurnDials(),
            rerankers.SpreadAuthors(),
            rerankers.PlaceByChannel(),
        ],
        hydrate=partial(hydrate, known=known),
        complain=complain,
    )


def build_discover(
    viewer_id: int | None,
    *,
    now: datetime,
    channel_id: int | None = None,
    after: Sequence[Item] = (),
    shared: dict[Any, Any] | None = None,
) -> Snapshot:
    """Run the recipe for a person (None: visitors) and store the list as their newest snapshot.

    `after` is what a reading that goes on has shown already: it stays at the head of the list.
    `shared` goes from list to list within one job, for what they look up alike.
    """
    version, (label, policy) = current()[0], policy_for(viewer_id)
    seed = int(now.timestamp() * 1_000) + (viewer_id or 0)
    request = request_for(
        viewer_id, now=now, policy=policy, channel_id=channel_id, seed=seed, shared=shared
    )
    chosen = _recipe(request).run(request, limit=policy.discover.list_size)
    known = {item.note_id for item in after}
    chosen = [c for c in chosen if c.note_id not in known]
    kind, key = list_name(viewer_id, channel_id)
    snapshot = store_list(
        kind,
        key,
        [*after, *(Item(c.note_id, c.source, c.detail) for c in chosen)],
        now=now,
        policy_version=version,
        taste=as_json(request.taste) | {"less": wishes_of(request)},
        receipts={c.note_id: c.signals for c in chosen if c.signals},
    )
    if kind == "discover":
        log_list(
            list_id=snapshot.pk,
            request=request,
            ordered=chosen,
            policy_version=version,
            ranker=rankers.serving(request),
            arms=label.partition("+")[2],
        )
    return snapshot


def _recipe(request: FeedRequest) -> FeedPipeline:
    known: dict[int, Facts] = request.once("facts", dict)
    if request.channel_id is not None:
        return channel_pipeline(known)
    return by_time_pipeline(known) if request.mix.by_time else discover_pipeline(known)


def list_name(viewer_id: int | None, channel_id: int | None = None) -> tuple[str, str]:
    """Kind and key under which the list is kept."""
    if channel_id is None:
        return "discover", str(viewer_id or 0)
    return "channel", f"{channel_id}:{viewer_id or 0}"
