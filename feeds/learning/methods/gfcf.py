"""GF-CF: collaborative filtering as a graph filter, without training by gradients.

Source: Shen et al. 2021, "How Powerful is Graph Convolution for Recommendation?": what a person is
scored by is a linear filter of the graph of people and items plus an ideal low-pass filter (a
truncated SVD). Theirs divides by square roots of degrees everywhere. Here the exponents are
settings, as in Peng et al. 2024 (SGFCF, "generalised graph normalisation").

With R (people, items), x a row of behaviour, D the degrees:

    linear(x)   = x · Di^-taken · Rᵀ · Du^-2·person · R · Di^-given
    low_pass(x) = x · Di^-1/2 · V · Vᵀ · Di^1/2

    sharp(s)    = s − sharpen · s · Di^-1/2 · Rᵀ · Du^-1 · R · Di^-1/2

V: right singular vectors of Du^-1/2 R Di^-1/2. The last step sharpens what the others blurred, as
an unsharp mask does a picture: Choi et al. 2023, "Blurring-Sharpening Process Models for
Collaborative Filtering" (BSPM), one Euler step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.utils.extmath import randomized_svd

from .matrices import Floats, check, damped, degrees, scaled


@dataclass(frozen=True, slots=True)
class Filter:
    """Settings of the filter; defaults chosen on a fifth of Gowalla's training pairs."""

    person: float = 0.4
    taken: float = 0.5
    given: float = 0.3
    # Weight of the low-pass part, in standard deviations of the linear part; rank of its SVD.
    low_pass: float = 0.3
    rank: int = 512
    # How much of the blurred scores is taken off again, in the same unit.
    sharpen: float = 0.5


class GraphFilter:
    """Scores of all items for rows of behaviour."""

    def __init__(self, settings: Filter | None = None) -> None:
        self.settings = settings or Filter()

    def fit(self, matrix: Any) -> GraphFilter:
        """Learn from behaviour, CSR (people, items). Raises Unlearnable."""
        check(matrix)
        self.of_items, self.of_people = degrees(matrix, 0), degrees(matrix, 1)
        self._there = scaled(matrix, rows=damped(self.of_people, self.settings.person))
        self._back = self._there.T.tocsr()
        self._even = scaled(
            matrix, rows=damped(self.of_people, 0.5), columns=damped(self.of_items, 0.5)
        )
        self.vectors: Floats | None = None
        if self.settings.low_pass:
            self.vectors, _values = singular_vectors(matrix, self.settings.rank)
        return self

    def score(self, rows: Any) -> Floats:
        """Dense scores (rows, items) for CSR behaviour (rows, items) of anybody."""
        scores = self.linear(rows)
        unit = spread_of(scores)
        if self.vectors is not None:
            low = self.low_passed(rows)
            scores += np.float32(self.settings.low_pass * unit / spread_of(low)) * low
        if self.settings.sharpen:
            blurred = self.blurred(scores)
            scores -= np.float32(self.settings.sharpen * unit / spread_of(blurred)) * blurred
        return scores

    def blurred(self, scores: Floats) -> Floats:
        """Dense scores passed over the evenly normalised graph once more."""
        return np.asarray((self._even.T @ (self._even @ scores.T)).T, dtype=np.float32)

    def linear(self, rows: Any) -> Floats:
        akin = scaled(rows, columns=damped(self.of_items, self.settings.taken)) @ self._back
        # Nearly every item is reached from somebody alike: dense is smaller than sparse here.
        scores = np.asarray((akin @ self._there).toarray(), dtype=np.float32)
        scores *= damped(self.of_items, self.settings.given)
        return scores

    def low_passed(self, rows: Any) -> Floats:
        if self.vectors is None:
            raise ValueError("fit with a weight of the low-pass part first")
        taste = scaled(rows, columns=damped(self.of_items, 0.5)) @ self.vectors
        scores: Floats = taste @ self.vectors.T
        scores *= np.sqrt(self.of_items).astype(np.float32)
        return scores


def spread_of(scores: Floats) -> float:
    """Standard deviation, never zero."""
    return max(float(scores.std()), 1e-12)


def singular_vectors(matrix: Any, rank: int, *, seed: int = 0) -> tuple[Floats, Floats]:
    """(V, singular values) of Du^-1/2 R Di^-1/2: shapes (items, rank) and (rank,), largest first.

    The rank is cut to what the matrix has.
    """
    normal = scaled(
        matrix, rows=damped(degrees(matrix, 1), 0.5), columns=damped(degrees(matrix, 0), 0.5)
    )
    rank = max(1, min(rank, min(normal.shape) - 1))
    _left, values, right = randomized_svd(
        normal, rank, n_oversamples=16, n_iter=3, random_state=seed
    )
    return np.ascontiguousarray(right.T, dtype=np.float32), values.astype(np.float32)


def neighbours(
    matrix: Any, count: int, settings: Filter | None = None, *, at_once: int = 512
) -> tuple[np.ndarray, Floats]:
    """The nearest other items of each item: (items int32, likeness float32), (items, count) each.

    Likeness is the linear filter made symmetric (exponent `taken` on both sides), so that an item
    has 1 with itself when everybody engaged with nothing else. Missing places hold item -1 and 0.
    """
    chosen = settings or Filter()
    normal = scaled(
        matrix,
        rows=damped(degrees(matrix, 1), chosen.person),
        columns=damped(degrees(matrix, 0), chosen.taken),
    )
    across = normal.T.tocsr()
    found = np.full((matrix.shape[1], count), -1, dtype=np.int32)
    likeness = np.zeros((matrix.shape[1], count), dtype=np.float32)
    for start in range(0, matrix.shape[1], at_once):
        block = sp.csr_matrix(across[start : start + at_once] @ normal)
        for offset in range(block.shape[0]):
            first, last = block.indptr[offset], block.indptr[offset + 1]
            items, values = block.indices[first:last], block.data[first:last]
            others = items != start + offset
            items, values = items[others], values[others]
            best = np.argsort(-values, kind="stable")[:count]
            found[start + offset, : len(best)] = items[best]
            likeness[start + offset, : len(best)] = values[best]
    return found, likeness
