"""Rankers: one score a candidate. Before there is data to learn from, a formula."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .features import features
from .formula import parts_of, signals_of
from .pipeline import Candidate, FeedRequest, Signal
from .ranking.forest import ForestError
from .ranking.learnt import LearntModels
from .ranking.reasons import parts_without
from .ranking.standing import declare_unsound, standing_of

# Places whose receipt tells what moved the learnt score: more than most people see of a list.
EXPLAINED = 80


class FormulaRanker:
    """Weights of the policy over interest, popularity, quality and freshness: see feeds.formula."""

    def rank(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        parts = parts_of(features(request, candidates), request.policy)
        return ranked(candidates, parts.sum(axis=1), signals_of(request, candidates, parts))


class LearntRanker:
    """Expected engagement by the learnt models in force; the formula where there are none, where
    they are too old or of other features, or where what they say is no number."""

    def rank(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        standing = standing_of(request.policy, now=request.now)
        if standing.models is None or not candidates:
            return FormulaRanker().rank(request, candidates)
        try:
            return self._rank(standing.models, request, candidates)
        except ForestError as error:
            declare_unsound(standing, str(error))
            return FormulaRanker().rank(request, candidates)

    def _rank(
        self, models: LearntModels, request: FeedRequest, candidates: list[Candidate]
    ) -> list[Candidate]:
        matrix = features(request, candidates)
        scores = models.score(matrix, request.policy)
        if not np.isfinite(scores).all():
            raise ForestError("predictions that are not numbers")
        head = np.argsort(-scores, kind="stable")[:EXPLAINED]
        parts = parts_without(models, matrix[head], request.policy)
        explained = signals_of(request, [candidates[place] for place in head], parts)
        signals: list[tuple[Signal, ...]] = [()] * len(candidates)
        for place, why in zip(head.tolist(), explained, strict=True):
            signals[place] = why
        return ranked(candidates, scores, signals)


def serving(request: FeedRequest) -> str:
    """Name of the ranker that ranks discover for this request: "formula", "ranker 3"."""
    return standing_of(request.policy, now=request.now).version


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
