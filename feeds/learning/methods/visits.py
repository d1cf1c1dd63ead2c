"""Where people will go: models of who was where, of distance, of friends.

Every model is fitted on a matrix of visits (people, places) and scores all places for some of its
people. Scores of the people's own kernel cost nothing for places that nobody near them visited, so
all of them stay sparse until a batch of people is scored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import scipy.linalg
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from feeds.geo import EARTH_RADIUS_KM

Floats = NDArray[np.float32]
People = NDArray[np.intp]
# People the ridge is fitted on: beyond it, only those with the most visits (12,500^2 is 0.6 GB).
LARGEST_DENSE = 12_500
# Places near each place that count as near, and the most such pairs that are kept at once.
NEAREST, PAIRS = 600, 24_000_000
# Distances below it are alike (a building and the one beside it).
ALIKE_KM = 0.1


class Visitor(Protocol):
    """A fitted model."""

    def scores(self, people: People) -> Floats:
        """Scores of all places, shape (people, places); higher is likelier to be visited."""


def powers(values: NDArray[Any], exponent: float) -> sp.dia_matrix:
    """A diagonal of values^exponent, 0 where the value is 0."""
    positive = np.where(values > 0, values, 1).astype(np.float64)
    return sp.diags(np.where(values > 0, positive**exponent, 0).astype(np.float32))


def visited(visits: sp.csr_matrix) -> sp.csr_matrix:
    """1 for each pair of a person and a place they were at."""
    ones = visits.copy()
    ones.data = np.ones_like(ones.data, dtype=np.float32)
    return ones


def log_counts(visits: sp.csr_matrix) -> sp.csr_matrix:
    """1 + log(count): the tenth visit says less than the second."""
    logs = visits.copy()
    logs.data = (1 + np.log(np.maximum(logs.data, 1))).astype(np.float32)
    return logs


def unit_rows(matrix: sp.csr_matrix) -> sp.csr_matrix:
    """Rows of length 1; empty rows stay empty."""
    squares = np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()
    return (powers(squares, -0.5) @ matrix).tocsr()


def _spread(weights: Floats, matrix: sp.csr_matrix) -> Floats:
    """weights @ matrix for dense weights, as one sparse product."""
    return np.ascontiguousarray((matrix.T @ weights.T).T, dtype=np.float32)


def _places(visits: sp.csr_matrix) -> NDArray[np.float32]:
    """People by place."""
    return np.asarray(visited(visits).sum(axis=0), dtype=np.float32).ravel()


@dataclass(frozen=True, slots=True)
class KernelRidge:
    """Ridge regression of everybody's visits on how alike people are, each without themselves.

    The dual of linear item models (EASE, Steck 2019, without its zero diagonal): fitted in the
    space of people, where there are fewer of them than places. `strength` is in units of the mean
    of the kernel's diagonal.
    """

    vectors: sp.csr_matrix
    targets: sp.csr_matrix
    fitted_on: People
    factor: tuple[Floats, bool]

    @classmethod
    def fit(cls, visits: sp.csr_matrix, *, rarity: float, strength: float) -> KernelRidge:
        """Places count people^-rarity in the kernel, and half of that in what is foretold."""
        people = _places(visits)
        vectors = (visits @ powers(people, -rarity)).tocsr()
        most = np.argsort(-visits.getnnz(axis=1), kind="stable")[:LARGEST_DENSE]
        fitted_on = np.sort(most).astype(np.intp)
        base = vectors[fitted_on]
        kernel = (base @ base.T).toarray().astype(np.float32)
        diagonal = np.diag_indices(len(fitted_on))
        kernel[diagonal] += max(strength * float(kernel[diagonal].mean()), 1e-6)
        factor = scipy.linalg.cho_factor(kernel, overwrite_a=True, check_finite=False)
        targets = (base @ powers(people, rarity / 2)).tocsr()
        return cls(vectors, targets, fitted_on, factor)

    def scores(self, people: People) -> Floats:
        alike = (self.vectors[people] @ self.vectors[self.fitted_on].T).toarray()
        weights = scipy.linalg.cho_solve(self.factor, alike.T, check_finite=False).T
        weights[people[:, None] == self.fitted_on] = 0
        return _spread(weights, self.targets)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What those most alike visited: cosine^sharpness of weighted visits, oneself left out."""

    vectors: sp.csr_matrix
    visits: sp.csr_matrix
    sharpness: float

    @classmethod
    def fit(cls, visits: sp.csr_matrix, *, rarity: float, sharpness: float) -> Neighbours:
        vectors = unit_rows((visits @ powers(_places(visits), -rarity)).tocsr())
        return cls(vectors, visited(visits), sharpness)

    def scores(self, people: People) -> Floats:
        alike = (self.vectors[people] @ self.vectors.T).toarray().astype(np.float32)
        alike[np.arange(len(people)), people] = 0
        return _spread(np.maximum(alike, 0) ** np.float32(self.sharpness), self.visits)


@dataclass(frozen=True, slots=True)
class SharedVisitors:
    """Places with the same visitors as one's own (cosine between places).

    Visitors of many places count less. Computed through people, so no matrix of places by places.
    """

    visits: sp.csr_matrix
    vectors: sp.csr_matrix

    @classmethod
    def fit(cls, visits: sp.csr_matrix) -> SharedVisitors:
        ones = visited(visits)
        active = np.asarray(ones.sum(axis=1)).ravel()
        vectors = unit_rows((powers(active, -0.25) @ ones).T.tocsr()).T.tocsr()
        return cls(ones, vectors)

    def scores(self, people: People) -> Floats:
        alike = (self.visits[people] @ self.vectors.T).toarray().astype(np.float32)
        return _spread(alike, self.vectors)


@dataclass(frozen=True, slots=True)
class Near:
    """Places near those one was at: sum of 1 / (km + ALIKE_KM), times people^popularity.

    Distance follows a power law (Ye et al. 2011). Places without coordinates score 0.
    """

    visits: sp.csr_matrix
    nearness: sp.csr_matrix
    strengths: Floats

    @classmethod
    def fit(
        cls, visits: sp.csr_matrix, degrees: NDArray[np.float64], *, popularity: float
    ) -> Near | None:
        """`degrees` has shape (places, 2): latitude, longitude; None where none are known."""
        known = np.flatnonzero(np.isfinite(degrees).all(axis=1))
        if not len(known):
            return None
        points = on_sphere(degrees[known])
        count = max(1, min(NEAREST, len(known), PAIRS // len(known)))
        chords, nearest = cKDTree(points).query(points, k=np.arange(1, count + 1))
        kernel = 1 / (EARTH_RADIUS_KM * chords.ravel() + ALIKE_KM)
        rows = np.repeat(known, count)
        pairs = (rows, known[nearest.ravel()])
        places = visits.shape[1]
        nearness = sp.csr_matrix((kernel.astype(np.float32), pairs), shape=(places, places))
        strengths = powers(_places(visits), popularity).diagonal().astype(np.float32)
        return cls(visited(visits), nearness, strengths)

    def scores(self, people: People) -> Floats:
        near = (self.visits[people] @ self.nearness).toarray()
        return np.asarray(near * self.strengths, dtype=np.float32)


def on_sphere(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points of the unit sphere: chords between them order places as distances do."""
    latitude, longitude = np.radians(degrees).T
    flat = np.cos(latitude)
    return np.c_[flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)]


@dataclass(frozen=True, slots=True)
class Friends:
    """What friends visited; friends that go to the same places count more."""

    weights: sp.csr_matrix
    visits: sp.csr_matrix

    @classmethod
    def fit(cls, visits: sp.csr_matrix, pairs: NDArray[np.integer]) -> Friends | None:
        """`pairs` has shape (friendships, 2), either way round; None where there are none."""
        both = np.unique(np.concatenate([pairs, pairs[:, ::-1]]), axis=0)
        both = both[both[:, 0] != both[:, 1]]
        if not len(both):
            return None
        vectors = unit_rows((visited(visits) @ powers(_places(visits), -0.25)).tocsr())
        one, other = both.T
        alike = np.asarray(vectors[one].multiply(vectors[other]).sum(axis=1)).ravel()
        people = visits.shape[0]
        weights = sp.csr_matrix(((alike + 0.02).astype(np.float32), (one, other)), (people, people))
        return cls(weights, visited(visits))

    def scores(self, people: People) -> Floats:
        return np.asarray((self.weights[people] @ self.visits).toarray(), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Popular:
    """Places by how many people were there, the same for everybody."""

    strengths: Floats

    @classmethod
    def fit(cls, visits: sp.csr_matrix) -> Popular:
        return cls(_places(visits))

    def scores(self, people: People) -> Floats:
        return np.tile(self.strengths, (len(people), 1))
