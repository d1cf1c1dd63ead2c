"""A guess of what an impression brings, from its features alone: ridge regression. Pure.

Fitted on one half of the people and used on the other, so that the doubly robust estimate does not
praise a model for rows that it has seen (cross-fitting; Chernozhukov et al. 2018).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PENALTY = 10.0

Wide = NDArray[np.float64]


class Guess:
    """Two regressions, one for each half of the people."""

    def __init__(
        self, matrix: NDArray[np.float32], reward: Wide, people: NDArray[np.int64]
    ) -> None:
        wide = matrix.astype(np.float64)
        self._middle = wide.mean(axis=0) if len(wide) else np.zeros(matrix.shape[1])
        spread = wide.std(axis=0) if len(wide) else np.ones(matrix.shape[1])
        self._spread = np.where(spread > 1e-9, spread, 1.0)
        scaled, halves = self._scaled(wide), people % 2
        # A half of the people is judged by the regression of the other half.
        self._of = [_ridge(scaled[halves != half], reward[halves != half]) for half in (0, 1)]

    def of(self, matrix: NDArray[np.float32], person: int) -> Wide:
        """Expected reward of each row for this person."""
        weights = self._of[person % 2]
        return np.asarray(self._scaled(matrix.astype(np.float64)) @ weights[1:] + weights[0])

    def _scaled(self, wide: Wide) -> Wide:
        return np.asarray((wide - self._middle) / self._spread)


def _ridge(matrix: Wide, reward: Wide) -> Wide:
    """Intercept and weights; the mean alone where there is nothing to learn from."""
    weights = np.zeros(matrix.shape[1] + 1)
    if len(reward) < 2:
        weights[0] = float(reward.mean()) if len(reward) else 0.0
        return weights
    weights[0] = float(reward.mean())
    gram = matrix.T @ matrix + PENALTY * np.eye(matrix.shape[1])
    centred = matrix.T @ (reward - weights[0])
    weights[1:] = np.linalg.solve(gram, centred)
    return weights
