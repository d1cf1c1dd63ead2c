"""EASE: the closed-form linear auto-encoder, for small catalogues.

Source: Steck 2019, "Embarrassingly Shallow Autoencoders for Sparse Data". Memory is
items² · 4 bytes twice, time items³: meant for fewer than about 15,000 items.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.linalg import lapack

from .matrices import Floats, Unlearnable, check


class Ease:
    """Scores of all items for rows of behaviour through one item-item matrix."""

    def __init__(self, penalty: float = 300.0) -> None:
        self.penalty = penalty

    def fit(self, matrix: Any) -> Ease:
        """Learn from behaviour, CSR (people, items). Raises Unlearnable."""
        check(matrix)
        gram = np.asfortranarray((matrix.T @ matrix).toarray(), dtype=np.float32)
        gram[np.diag_indices_from(gram)] += self.penalty
        factor, failed = lapack.spotrf(gram, lower=1, overwrite_a=1)
        if not failed:
            inverse, failed = lapack.spotri(factor, lower=1, overwrite_c=1)
        if failed:
            raise Unlearnable("the matrix cannot be inverted: raise the penalty")
        inverse = np.tril(inverse)
        inverse += np.tril(inverse, -1).T
        inverse /= -np.diag(inverse)
        np.fill_diagonal(inverse, 0)
        self.weights: Floats = inverse
        return self

    def score(self, rows: Any) -> Floats:
        """Dense scores (rows, items) for CSR behaviour (rows, items) of anybody."""
        return np.asarray(rows @ self.weights, dtype=np.float32)
