"""Ranking metrics over top-k lists. Pure numpy; binary relevance.

Sources: Järvelin and Kekäläinen 2002 (NDCG); Recall@k divides by the number of relevant items, as
in the published tables that we compare with.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def top_k(scores: NDArray[np.floating], k: int) -> NDArray[np.intp]:
    """Columns of the k highest scores of each row, best first. Shape (rows, k).

    Ties go to the lower column, so that a rank never depends on the sorting algorithm.
    """
    k = min(k, scores.shape[1])
    part = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    part.sort(axis=1)
    order = np.argsort(-np.take_along_axis(scores, part, axis=1), axis=1, kind="stable")
    return np.take_along_axis(part, order, axis=1)


def hits(ranked: NDArray[np.integer], relevant: Sequence[NDArray[np.integer]]) -> NDArray[np.bool_]:
    """Whether each ranked item is among its row's relevant ones. Shape (rows, k)."""
    return np.stack([np.isin(row, items) for row, items in zip(ranked, relevant, strict=True)])


def recall_at(found: NDArray[np.bool_], counts: NDArray[np.integer]) -> NDArray[np.float64]:
    """Relevant items found, of all relevant ones, by row."""
    return found.sum(axis=1) / np.maximum(counts, 1)


def precision_at(found: NDArray[np.bool_], k: int) -> NDArray[np.float64]:
    """Relevant items found, of the k places of the list, by row."""
    return found[:, :k].sum(axis=1) / k


def ndcg_at(found: NDArray[np.bool_], counts: NDArray[np.integer]) -> NDArray[np.float64]:
    """Discounted gain of the list against the best possible one of its length, by row."""
    gains = 1 / np.log2(np.arange(2, found.shape[1] + 2))
    ideal = np.concatenate([[0.0], np.cumsum(gains)])[np.minimum(counts, found.shape[1])]
    return (found @ gains) / np.maximum(ideal, 1e-12)
