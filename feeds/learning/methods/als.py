"""Alternating least squares for implicit feedback, by the package `implicit`.

Source: Hu, Koren and Volinsky 2008, "Collaborative Filtering for Implicit Feedback Datasets".
"""

from __future__ import annotations

from typing import Any

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from threadpoolctl import threadpool_limits

from .matrices import Floats, check


class Als:
    """Factors of people and items; anybody's row of behaviour is folded in."""

    def __init__(
        self,
        factors: int = 64,
        *,
        penalty: float = 0.05,
        confidence: float = 10.0,
        rounds: int = 15,
        threads: int = 2,
    ) -> None:
        self.confidence, self.penalty = confidence, penalty
        self._factors, self._rounds, self._threads = factors, rounds, threads

    def fit(self, matrix: Any) -> Als:
        """Learn from behaviour, CSR (people, items). Raises Unlearnable."""
        check(matrix)
        with threadpool_limits(1, "blas"):  # implicit has threads of its own
            model = AlternatingLeastSquares(
                factors=self._factors,
                regularization=self.penalty,
                alpha=self.confidence,
                iterations=self._rounds,
                num_threads=self._threads,
                random_state=0,
            )
            model.fit(matrix.astype(np.float32), show_progress=False)
        # (items, factors)
        self.item_factors: Floats = np.asarray(model.item_factors, dtype=np.float32)
        return self

    def score(self, rows: Any) -> Floats:
        """Dense scores (rows, items) for CSR behaviour (rows, items) of anybody."""
        items = self.item_factors
        gram = items.T @ items + self.penalty * np.eye(items.shape[1], dtype=np.float32)
        people = np.zeros((rows.shape[0], items.shape[1]), dtype=np.float32)
        for row in range(rows.shape[0]):
            first, last = rows.indptr[row], rows.indptr[row + 1]
            people[row] = fold_in(
                items[rows.indices[first:last]],
                self.confidence * rows.data[first:last],
                gram,
            )
        scores: Floats = people @ items.T
        return scores


def fold_in(items: Floats, confidence: Floats, gram: Floats) -> Floats:
    """The factor of somebody who engaged with these items; zeros for nobody's behaviour.

    Shapes: items (engaged, factors), confidence (engaged,), gram (factors, factors) with the
    penalty on its diagonal.
    """
    if not len(items):
        return np.zeros(gram.shape[0], dtype=np.float32)
    left = gram + (items * confidence[:, None]).T @ items
    right = ((1 + confidence)[:, None] * items).sum(axis=0)
    solved: Floats = np.linalg.solve(left, right).astype(np.float32)
    return solved
