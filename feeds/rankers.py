"""Rankers: one score a candidate. Before there is data to learn from, a formula."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .features import features
from .formula import parts_of, signals_of
from .pipeline import Candidate, FeedRequest, Signal


class FormulaRanker:
    """Weights of the policy over interest, popularity, quality and freshness: see feeds.formula."""

    def rank(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        parts = parts_of(features(request, candidates), request.policy)
        return ranked(candidates, parts.sum(axis=1), signals_of(request, candidates, parts))


class NewestFirst:
    """No score at all: by time."""

    def rank(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        return sorted(candidates, key=lambda c: (c.facts.published_at, c.note_id), reverse=True)


def ranked(
    candidates: Sequence[Candidate],
    scores: NDArray[np.floating],
    signals: Sequence[tuple[Signal, ...]],
) -> list[Candidate]:
    """The candidates with their scores and signals, best first; of equals the newer note."""
    scored = [
        candidate.scored(score, why)
        for candidate, score, why in zip(candidates, scores.tolist(), signals, strict=True)
    ]
    return sorted(scored, key=lambda c: (-c.score, -c.note_id))
