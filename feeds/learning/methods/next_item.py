"""What comes next in a sequence: linear models of items that follow one another.

A history is an array of item numbers, oldest first. Every model is fitted on histories and scores
all items for new ones, so that somebody who came after the fit gets scores from what they did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import scipy.linalg
import scipy.sparse as sp
from numpy.typing import NDArray

History = NDArray[np.integer]
Floats = NDArray[np.float32]
# Items a dense model takes part in: beyond it, only the most frequent ones (12,000^2 is 0.6 GB).
LARGEST_DENSE = 12_500
# How far back a dense model looks, in items.
LOOK_BACK = 15
# Similar items kept for each item.
NEIGHBOURS = 400


class NextItem(Protocol):
    """A fitted model."""

    def scores(self, histories: Sequence[History]) -> Floats:
        """Scores of all items, shape (histories, items); higher is likelier to come next."""


def recent(histories: Sequence[History], items: int, memory: float) -> sp.csr_matrix:
    """Histories as rows of weights exp(-age / memory); the newest item has age 0."""
    lengths = np.array([len(one) for one in histories], dtype=np.intp)
    ends = np.cumsum(lengths)
    ages = np.repeat(ends, lengths) - 1 - np.arange(lengths.sum())
    weights = np.exp(-ages / memory).astype(np.float32)
    columns = np.concatenate([*histories, np.empty(0, dtype=np.intp)]).astype(np.intp)
    rows = np.repeat(np.arange(len(histories)), lengths)
    return sp.csr_matrix((weights, (rows, columns)), shape=(len(histories), items))


def frequencies(histories: Sequence[History], items: int) -> NDArray[np.float64]:
    """How often each item occurs."""
    every = np.concatenate([*histories, np.empty(0, dtype=np.intp)]).astype(np.intp)
    return np.bincount(every, minlength=items).astype(np.float64)


def followers(
    histories: Sequence[History], items: int, window: int, decay: float, back: float
) -> sp.csr_matrix:
    """How much item j follows item i: decay^(gap - 1) for each pair at most `window` apart.

    The opposite direction counts `back` times as much. Shape (items, items).
    """
    total = sp.csr_matrix((items, items), dtype=np.float32)
    for gap in range(1, window + 1):
        long = [one for one in histories if len(one) > gap]
        if not long:
            break
        earlier = np.concatenate([one[:-gap] for one in long])
        later = np.concatenate([one[gap:] for one in long])
        weight = np.full(len(earlier), decay ** (gap - 1), dtype=np.float32)
        total = total + sp.csr_matrix((weight, (earlier, later)), shape=(items, items))
    return (total + np.float32(back) * total.T).tocsr()


@dataclass(frozen=True, slots=True)
class Follows:
    """Items that followed what somebody had last; frequent items are held back a little."""

    matrix: sp.csr_matrix
    memory: float

    @classmethod
    def fit(
        cls,
        histories: Sequence[History],
        items: int,
        *,
        window: int,
        decay: float,
        back: float,
        memory: float,
    ) -> Follows:
        """See followers(); rows are divided by frequency^0.5 and columns by frequency^0.3."""
        counts = frequencies(histories, items) + 1
        pairs = followers(histories, items, window, decay, back)
        pairs = sp.diags((counts**-0.5).astype(np.float32)) @ pairs
        pairs = pairs @ sp.diags((counts**-0.3).astype(np.float32))
        return cls(pairs.tocsr(), memory)

    def scores(self, histories: Sequence[History]) -> Floats:
        weights = recent(histories, self.matrix.shape[0], self.memory)
        return np.asarray((weights @ self.matrix).toarray(), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class LinearNext:
    """The next items as a ridge regression on the decayed items before them.

    Choi et al. 2021 (SLIST, its transition part): B = (G + strength I)^-1 T, where G sums the outer
    products of decayed pasts and T counts what followed. Fitted on the most frequent items, at most
    LARGEST_DENSE; others get 0.
    """

    matrix: Floats
    kept: NDArray[np.intp]
    items: int
    memory: float

    @classmethod
    def fit(
        cls,
        histories: Sequence[History],
        items: int,
        *,
        decay: float,
        back: float,
        strength: float,
        memory: float,
    ) -> LinearNext:
        order = np.argsort(-frequencies(histories, items), kind="stable")
        kept = np.sort(order[:LARGEST_DENSE])
        place = np.full(items, -1)
        place[kept] = np.arange(len(kept))
        known = [numbers[numbers >= 0] for numbers in (place[one] for one in histories)]
        pasts = _pasts(known, len(kept), decay)
        gram = (pasts.T @ pasts).toarray()
        gram[np.diag_indices(len(kept))] += strength
        after = followers(known, len(kept), LOOK_BACK, decay, back).toarray()
        factor = scipy.linalg.cho_factor(gram, overwrite_a=True, check_finite=False)
        matrix = scipy.linalg.cho_solve(factor, after, overwrite_b=True, check_finite=False)
        # LAPACK answers by columns, and a product with sparse rows would copy all of it each time.
        return cls(np.ascontiguousarray(matrix, dtype=np.float32), kept, items, memory)

    def scores(self, histories: Sequence[History]) -> Floats:
        weights = recent(histories, self.items, self.memory)[:, self.kept]
        found = np.zeros((len(histories), self.items), dtype=np.float32)
        found[:, self.kept] = np.maximum(weights @ self.matrix, 0)
        return found


def _pasts(histories: Sequence[History], items: int, decay: float) -> sp.csr_matrix:
    """One row for each place of each history with something before it: the decayed items before."""
    rows, columns, weights = [], [], []
    first = 0
    fading = (decay ** np.arange(LOOK_BACK)).astype(np.float32)
    for one in histories:
        size = len(one) - 1
        for age in range(min(LOOK_BACK, size)):
            rows.append(np.arange(first + age, first + size))
            columns.append(one[: size - age])
            weights.append(np.full(size - age, fading[age]))
        first += max(size, 0)
    if not rows:
        return sp.csr_matrix((1, items), dtype=np.float32)
    pairs = (np.concatenate(rows), np.concatenate(columns))
    return sp.csr_matrix((np.concatenate(weights), pairs), shape=(first, items))


@dataclass(frozen=True, slots=True)
class Alike:
    """Items that share rare attributes with what somebody had lately (cosine of tf-idf)."""

    matrix: sp.csr_matrix
    memory: float

    @classmethod
    def fit(cls, attributes: sp.csr_matrix, *, memory: float) -> Alike:
        """`attributes` has shape (items, attributes); 1 where an item has one."""
        items = attributes.shape[0]
        held = np.asarray(attributes.sum(axis=0)).ravel()
        rare = np.log(max(items, 1) / np.maximum(held, 1)).astype(np.float32)
        vectors = (attributes @ sp.diags(rare)).tocsr()
        length = np.sqrt(np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel())
        vectors = (sp.diags((1 / np.maximum(length, 1e-9)).astype(np.float32)) @ vectors).tocsr()
        opposite = vectors.T.tocsr()
        step = max(1, 20_000_000 // max(items, 1))
        blocks = [
            _strongest(vectors[at : at + step] @ opposite, NEIGHBOURS)
            for at in range(0, items, step)
        ]
        return cls(sp.vstack(blocks, format="csr"), memory)

    def scores(self, histories: Sequence[History]) -> Floats:
        weights = recent(histories, self.matrix.shape[0], self.memory)
        return np.asarray((weights @ self.matrix).toarray(), dtype=np.float32)


def _strongest(block: sp.csr_matrix, count: int) -> sp.csr_matrix:
    """The `count` highest entries of each row."""
    dense = block.toarray()
    count = min(count, dense.shape[1])
    best = np.argpartition(-dense, count - 1, axis=1)[:, :count]
    rows = np.repeat(np.arange(dense.shape[0]), count)
    values = np.take_along_axis(dense, best, axis=1).ravel()
    kept = sp.csr_matrix((values, (rows, best.ravel())), shape=dense.shape)
    kept.eliminate_zeros()
    return kept


@dataclass(frozen=True, slots=True)
class Trending:
    """What stands at the ends of histories, the same for everybody: log(1 + count)."""

    strengths: Floats

    @classmethod
    def fit(cls, histories: Sequence[History], items: int, *, last: int) -> Trending:
        counts = frequencies([one[-last:] for one in histories], items)
        return cls(np.log1p(counts).astype(np.float32))

    def scores(self, histories: Sequence[History]) -> Floats:
        return np.tile(self.strengths, (len(histories), 1))
