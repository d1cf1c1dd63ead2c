"""What variety costs: NDCG kept against likeness cut, over strategies and weights.

Scores are GF-CF's on held-out behaviour; the 300 best items of each person are re-ranked to 50 with
the library that discover uses, over vectors hashed from tags as discover hashes them. Likeness is
the mean cosine of TF-IDF tag vectors of all pairs in the list: another measure than the one that
re-ranking optimises.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyversity import diversify

from feeds.learning.methods.cold import tag_vectors, tag_weights
from feeds.learning.methods.gfcf import Filter, GraphFilter
from feeds.learning.methods.matrices import Floats, Unlearnable, behaviour_matrix
from feeds.policy import Policy

from .cold import read_pairs, read_tags
from .collaborative import hold_out
from .metrics import hits, ndcg_at
from .report import Missing, Report

POOL, LIST = 300, 50
PEOPLE = 300
STRATEGIES = ("mmr", "dpp", "ssd")
WEIGHTS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
WIDTH = 96
Say = Callable[[str], None]


def run(
    folder: Path, *, name: str | None = None, test: Path | None = None, say: Say = print
) -> Report:
    """Measure on `folder` (train.csv, item-tag.dat). Raises Missing. `test` is of no use here."""
    pairs = read_pairs(folder / "train.csv")
    tags = read_tags(folder / "item-tag.dat", items=int(pairs[:, 1].max()) + 1)
    matrix = behaviour_matrix(pairs[:, 0], pairs[:, 1], (int(pairs[:, 0].max()) + 1, tags.shape[0]))
    trial = hold_out(matrix)
    if trial is None:
        raise Missing(f"{folder} holds too little behaviour to hold some of it out")
    try:
        method = GraphFilter(Filter(low_pass=0, sharpen=0)).fit(trial.train)
    except Unlearnable as reason:
        raise Missing(f"nothing can be learnt from {folder}: {reason}") from None
    rows, relevant = trial.rows[:PEOPLE], trial.relevant[:PEOPLE]
    pools = _pools(method.score(rows), rows)
    trade = _Trade(tags, pools, relevant)
    rules = Policy().discover
    plain = trade.measure("mmr", 0.0)
    points = {}
    for strategy in STRATEGIES:
        for weight in WEIGHTS:
            points[strategy, weight] = trade.measure(strategy, weight)
            say(f"{strategy} {weight:g}: NDCG {points[strategy, weight][0]:.4f},"
                f" likeness {points[strategy, weight][1]:.4f}")  # fmt: skip
    began = time.perf_counter()
    chosen = trade.measure(rules.diversity, rules.diversity_weight)
    milliseconds = (time.perf_counter() - began) * 1_000 / len(pools)
    best = max(plain[0], *(ndcg for ndcg, _likeness in points.values()))
    return Report(
        task="diversity",
        data=name or folder.resolve().name,
        protocol="300 best to 50; held-out NDCG@50 of the best against mean cosine of tags",
        figures={
            "ndcg_kept": chosen[0] / best,
            "similarity_cut": 1 - chosen[1] / plain[1],
            "ndcg@50": chosen[0],
            "likeness": chosen[1],
            "plain_likeness": plain[1],
            "rerank_ms": milliseconds,
        },
        settings={"strategy": rules.diversity, "weight": rules.diversity_weight},
        goals={"ndcg_kept": 0.97, "similarity_cut": 1 / 3},
        plot={
            strategy: [
                (points[strategy, weight][1], points[strategy, weight][0]) for weight in WEIGHTS
            ]
            for strategy in STRATEGIES
        }
        | {"default": [(chosen[1], chosen[0])], "by relevance alone": [(plain[1], plain[0])]},
    )


Point = tuple[float, float]  # NDCG, likeness


def _plot(
    points: dict[tuple[str, float], Point], chosen: Point, plain: Point
) -> dict[str, list[Point]]:
    """Likeness across, NDCG up: a series for each strategy, and two points to compare with."""
    series = {
        strategy: [points[strategy, weight][::-1] for weight in WEIGHTS] for strategy in STRATEGIES
    }
    return series | {"default": [chosen[::-1]], "by relevance alone": [plain[::-1]]}


def _pools(scores: Floats, rows: Any) -> list[tuple[NDArray[np.int64], Floats]]:
    """The best items of each row that are not in it, best first, with scores of at most 1."""
    pools = []
    for place, row in enumerate(scores):
        row[rows[place].indices] = -np.inf
        best = np.argsort(-row, kind="stable")[:POOL]
        values = row[best]
        best, values = best[np.isfinite(values)], values[np.isfinite(values)]
        pools.append((best, np.asarray(values / max(float(values.max()), 1e-9), np.float32)))
    return pools


class _Trade:
    """NDCG and likeness of re-ranked lists."""

    def __init__(
        self,
        tags: Any,
        pools: list[tuple[NDArray[np.int64], Floats]],
        relevant: list[NDArray[np.int64]],
    ) -> None:
        self.pools, self.relevant = pools, relevant
        self.vectors = tag_vectors(tags, tag_weights(tags))
        # Columns as in feeds/rerankers/spreading.py: multiplicative hashing of a tag's number.
        columns = ((tags.indices.astype(np.int64) * 4 + 3) * 2_654_435_761 % 2**32) * WIDTH >> 32
        self.hashed = [
            np.bincount(columns[tags.indptr[item] : tags.indptr[item + 1]], minlength=WIDTH).astype(
                np.float32
            )
            for item in range(tags.shape[0])
        ]

    def measure(self, strategy: str, weight: float) -> tuple[float, float]:
        """(NDCG@50, mean likeness of pairs) over everybody."""
        gains, likenesses = [], []
        for (items, scores), wanted in zip(self.pools, self.relevant, strict=True):
            places = np.arange(min(LIST, len(items)))
            if weight:
                places = diversify(
                    np.stack([self.hashed[item] for item in items]),
                    scores,
                    k=len(places),
                    strategy=strategy,
                    diversity=weight,
                ).indices
            chosen = items[places]
            found = hits(chosen[None], [wanted])
            gains.append(float(ndcg_at(found, np.array([len(wanted)]))[0]))
            likenesses.append(_likeness(self.vectors[chosen]))
        return float(np.mean(gains)), float(np.mean(likenesses))


def _likeness(vectors: Any) -> float:
    """Mean cosine of all pairs of rows of length 1."""
    count = vectors.shape[0]
    if count < 2:
        return 0.0
    total = np.asarray(vectors.sum(axis=0)).ravel()
    own = float(vectors.multiply(vectors).sum())
    return (float(total @ total) - own) / (count * (count - 1))
