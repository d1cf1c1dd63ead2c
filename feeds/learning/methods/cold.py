"""Items nobody has met yet, from their tags: ridge regression to what behaviour says.

F are tag vectors of known items (TF-IDF, rows of length 1), B what behaviour says of them (factors,
or the likeness to other items). Ridge in its dual form, solved for all columns at once:

    W = Fᵀ · (F Fᵀ + penalty)⁻¹ · B        an unseen item f is predicted as f · W

The source of mapping content to behaviour factors: Gantner et al. 2010, "Learning
Attribute-to-Feature Mappings for Cold-Start Recommendations". The cosine between a person's tag
profile and an item's tags is the classic beside it (Pazzani and Billsus 2007).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .matrices import Floats, scaled


def tag_weights(tags: Any, power: float = 1.0) -> Floats:
    """Inverse document frequency of each tag, to a power; never zero. Shape (tags,)."""
    counts = np.asarray((tags > 0).sum(axis=0)).ravel()
    idf = np.log((tags.shape[0] + 1) / (counts + 1)) + 1
    return np.asarray(idf**power, dtype=np.float32)


def tag_vectors(tags: Any, weights: Floats) -> Any:
    """CSR (items, tags) of weighted tags, each row of length 1 (0 without tags)."""
    weighted = scaled(tags, columns=weights)
    return scaled(weighted, rows=_one_over_length(weighted))


def _one_over_length(matrix: Any) -> Floats:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    inverse = np.zeros(len(lengths), dtype=np.float32)
    inverse[lengths > 0] = 1 / lengths[lengths > 0]
    return inverse


def solve_ridge(
    vectors: Any, wanted: Floats, penalty: float, *, rounds: int = 30, precision: float = 0.01
) -> Floats:
    """(F Fᵀ + penalty)⁻¹ · B by conjugate gradients. Shapes F (n, tags), B and answer (n, m).

    Few rounds suffice: the penalty bounds the condition, and a rank is not sensitive to the rest.
    """
    across = vectors.T.tocsr()
    answer, rest = np.zeros_like(wanted), wanted.copy()
    direction, size = rest.copy(), (rest * rest).sum(axis=0)
    enough = np.maximum(size * precision**2, 1e-20)
    for _round in range(rounds):
        moved = vectors @ (across @ direction) + np.float32(penalty) * direction
        step = size / np.maximum((direction * moved).sum(axis=0), 1e-20)
        answer += step * direction
        rest -= step * moved
        left = (rest * rest).sum(axis=0)
        if (left <= enough).all():
            break
        direction = rest + (left / np.maximum(size, 1e-20)) * direction
        size = left
    return answer


class TagRidge:
    """From tag vectors to the behaviour factors of items."""

    def __init__(self, penalty: float = 1.0) -> None:
        self.penalty = penalty

    def fit(self, vectors: Any, factors: Floats) -> TagRidge:
        """vectors: CSR (items, tags); factors: (items, factors)."""
        solved = solve_ridge(vectors, np.asarray(factors, dtype=np.float32), self.penalty)
        self.weights: Floats = np.asarray(vectors.T @ solved, dtype=np.float32)
        return self

    def predict(self, vectors: Any) -> Floats:
        """Factors (items, factors) of items by their tag vectors, CSR (items, tags)."""
        return np.asarray(vectors @ self.weights, dtype=np.float32)


def cosine_scores(rows: Any, known: Any, unseen: Any) -> Floats:
    """Cosine of each person's tag profile with each unseen item, (people, unseen).

    rows: CSR behaviour (people, known items); known, unseen: tag vectors.
    """
    profiles = rows @ known
    return np.asarray((scaled(profiles, rows=_one_over_length(profiles)) @ unseen.T).toarray())


def blended(first: Floats, second: Floats, share: float) -> Floats:
    """The first scores plus a share of the second, after each row was brought to length 1."""
    if not share:
        return first
    mixed: NDArray[np.float32] = _unit_rows(first) + np.float32(share) * _unit_rows(second)
    return mixed


def _unit_rows(scores: Floats) -> Floats:
    lengths = np.linalg.norm(scores, axis=1, keepdims=True)
    return np.asarray(scores / np.maximum(lengths, 1e-12), dtype=np.float32)
