"""The formula that ranks before there is anything to learn from, part by part. Pure.

    (interest + channel + followed + learnt + popularity + quality + near)
        x freshness x pool x small author

Freshness halves its bonus every `freshness_half_life_hours` and never reaches zero, so that a good
old note still beats a poor new one. Factors are counted as what they add, so that the parts of a
note sum to its score exactly: they are its receipt.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .features import COLUMN, Matrix
from .pipeline import Candidate, FeedRequest, Signal
from .policy import Policy

# Parts of a score, by the code their signal has on a receipt.
PARTS = (
    "tag", "channel", "followed", "learnt", "popular", "quality", "near", "fresh", "pool", "small",
)  # fmt: skip
# Sources whose match comes from behaviour.
LEARNT = ("similar", "readers", "predicted")
# Popularity counts a half where engagement per view is three times what is usual.
HALF_POPULAR = 0.12
# A receipt tells of parts that are at least this share of the score, and so many at most.
LEAST_SHARE, MOST_SIGNALS = 0.05, 4

Parts = NDArray[np.float64]


def parts_of(matrix: Matrix, policy: Policy) -> Parts:
    """Parts of each score, shape (rows, PARTS); a row sums to the score."""
    rules, ranking = policy.discover, policy.ranking
    column = {name: matrix[:, place].astype(np.float64) for name, place in COLUMN.items()}
    popularity = np.maximum(column["popularity"], 0)
    parts = np.zeros((len(matrix), len(PARTS)))
    for name, values in (
        ("tag", rules.interest_weight * column["interest"]),
        ("channel", rules.channel_weight * column["channel"]),
        ("followed", rules.followed_weight * np.maximum(column["followed"], column["author"])),
        ("learnt", ranking.behaviour * column["match"] * _is_learnt(column)),
        ("popular", rules.popularity_weight * popularity / (popularity + HALF_POPULAR)),
        ("quality", rules.quality_weight * column["quality"]),
        ("near", ranking.near * column["near"]),
    ):
        parts[:, PARTS.index(name)] = values
    fresh = 0.5 ** (np.expm1(column["age"]) / rules.freshness_half_life_hours)
    for name, more in (
        ("fresh", rules.freshness_weight * fresh),
        ("pool", column["boost"] - 1),
        ("small", ranking.small_author * column["small_author"]),
    ):
        parts[:, PARTS.index(name)] = parts.sum(axis=1) * more
    return parts


def _is_learnt(column: dict[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """1 for candidates that a learnt source brought, 0 for others."""
    return np.asarray(sum(column[f"source_{name}"] for name in LEARNT))


def house_factor(matrix: Matrix, policy: Policy) -> NDArray[np.float64]:
    """What the house adds to any ranker's score: notes that passed a gate, and small authors."""
    boost = matrix[:, COLUMN["boost"]].astype(np.float64)
    small = matrix[:, COLUMN["small_author"]].astype(np.float64)
    return boost * (1 + policy.ranking.small_author * small)


def signals_of(
    request: FeedRequest, candidates: Sequence[Candidate], parts: Parts
) -> list[tuple[Signal, ...]]:
    """The largest parts of each score with what they are about, largest first.

    A share is the part over the sum of all parts (negative ones count as they weigh).
    """
    total = np.maximum(np.abs(parts).sum(axis=1, keepdims=True), 1e-12)
    shares = parts / total
    largest = np.argsort(-shares, axis=1, kind="stable")[:, :MOST_SIGNALS].tolist()
    return [
        tuple(
            (*about(request, candidate, PARTS[part]), row[part])
            for part in order
            if row[part] >= LEAST_SHARE
        )
        for candidate, order, row in zip(candidates, largest, shares.tolist(), strict=True)
    ]


def about(request: FeedRequest, candidate: Candidate, part: str) -> tuple[str, int]:
    """(code, what it is about) of a part: which tag, channel or author."""
    taste, facts = request.taste, candidate.facts
    if part == "tag" and facts.tags:
        best = max(facts.tags, key=lambda tag: taste.tags.get(tag, 0.0))
        share = request.policy.interests.recent_share
        mostly_now = taste.recent_tags.get(best, 0.0) * share > taste.tags.get(best, 0.0) / 2
        return ("recent" if mostly_now else "tag"), best
    if part == "channel":
        own, root = (
            taste.channels.get(pk, 0.0) for pk in (facts.channel_id, facts.root_channel_id)
        )
        return "channel", facts.channel_id if own >= root else facts.root_channel_id
    if part == "followed":
        if candidate.source == "liked_by":
            return "liked_by", candidate.detail
        is_followed = candidate.source == "followed" or facts.author_id in request.followed
        return ("followed" if is_followed else "author"), facts.author_id
    return part, 0
