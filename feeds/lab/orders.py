"""A logged list put in order again under some policy and ranker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feeds import rerankers
from feeds.facts import Facts
from feeds.features import COLUMN, SOURCES, Matrix
from feeds.formula import parts_of
from feeds.pipeline import Candidate, FeedRequest
from feeds.policy import Policy
from feeds.ranking.learnt import LearntModels
from feeds.ranking.logged import LoggedList

from .places import Placing

Scores = NDArray[np.float64]
QUALITY = "quality"
MATCH = COLUMN["match"]
# Re-rankers that need nothing of the viewer; the viewer's dials and wishes were not logged.
RERANKERS = (rerankers.SpreadAuthors(), rerankers.MakeVaried())


@dataclass(frozen=True, slots=True)
class Way:
    """How lists are ordered: a policy, and models where its ranker is a learnt one."""

    policy: Policy
    models: LearntModels | None = None

    def score(self, matrix: Matrix) -> Scores:
        if self.models is None:
            return np.asarray(parts_of(matrix, self.policy).sum(axis=1), np.float64)
        return np.asarray(self.models.score(matrix, self.policy), np.float64)

    @property
    def placing(self) -> Placing:
        rules = self.policy.discover
        return Placing(rules.channel_window, rules.explore_share, rules.explore_window)


@dataclass(frozen=True, slots=True)
class Kept:
    """A logged list less the notes that are no longer live; places in the order served."""

    row: LoggedList
    notes: NDArray[np.int64]
    matrix: Matrix
    propensities: NDArray[np.float32]
    facts: tuple[Facts, ...]
    sources: tuple[str, ...]

    @property
    def channels(self) -> list[int]:
        return [fact.channel_id for fact in self.facts]


def kept_of(row: LoggedList, known: Mapping[int, Facts]) -> Kept | None:
    """None where too little is left to speak of a list."""
    live = [place for place, note in enumerate(row.note_ids.tolist()) if note in known]
    if len(live) < 2 or not np.isfinite(row.features[live]).all():
        return None
    matrix = row.features[live]
    return Kept(
        row,
        row.note_ids[live],
        matrix,
        row.propensities[live],
        tuple(known[note] for note in row.note_ids[live].tolist()),
        tuple(_sources(matrix)),
    )


def _sources(matrix: Matrix) -> list[str]:
    names = (*SOURCES, "other")
    columns = [COLUMN[f"source_{name}"] for name in names]
    return [names[place] for place in matrix[:, columns].argmax(axis=1).tolist()]


def order_of(kept: Kept, way: Way) -> list[int]:
    """Places of the list by rank, before channels are spread.

    Notes of the quality pool keep their rank: they are drawn without regard to scores.
    """
    scores = way.score(kept.matrix)
    candidates = [
        Candidate(
            note, source, match=float(kept.matrix[place, MATCH]), facts=kept.facts[place],
            score=float(scores[place]),
        )
        for place, (note, source) in enumerate(zip(kept.notes.tolist(), kept.sources, strict=True))
    ]  # fmt: skip
    ranked = sorted(
        (c for c in candidates if c.source != QUALITY), key=lambda c: (-c.score, -c.note_id)
    )
    request = FeedRequest(kept.row.person_id, kept.row.at, way.policy)
    for rule in RERANKERS:
        ranked = rule.rerank(request, ranked)
    place_of = {note: place for place, note in enumerate(kept.notes.tolist())}
    order = [place_of[c.note_id] for c in ranked]
    for place, source in enumerate(kept.sources):
        if source == QUALITY:
            order.insert(place, place)
    return order
