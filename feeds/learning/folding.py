"""From somebody's notes to notes they may like, by what was learnt. Pure numpy: this serves pages.

Arrays come memory-mapped from an artefact and are checked once when it is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

# How much surer an act makes than its absence, by unit of weight (ALS).
CONFIDENCE = np.float32(10.0)


class NotOurs(ValueError):
    """Arrays that do not fit together, or hold what is no number."""


def rows_of(notes: Ints, wanted: Ints) -> Ints:
    """Row of each wanted note in sorted `notes`; -1 where it has none."""
    if not len(notes):
        return np.full(len(wanted), -1)
    places = np.minimum(np.searchsorted(notes, wanted), len(notes) - 1)
    return np.where(notes[places] == wanted, places, -1)


def best(scores: Floats, count: int) -> Ints:
    """Rows of the highest scores above zero, highest first, the lower row first among equals."""
    some = np.flatnonzero(scores > 0)
    if len(some) > count:
        cut = np.partition(scores[some], -count)[-count]
        some = some[scores[some] >= cut]
    return some[np.argsort(-scores[some], kind="stable")][:count]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The notes most alike to each note: rows of `found` name rows, -1 where there are no more."""

    notes: Ints
    found: NDArray[np.int32]
    likeness: Floats

    @classmethod
    def of(cls, arrays: Mapping[str, np.ndarray]) -> Neighbours:
        """Raises NotOurs."""
        notes, found, likeness = _named(arrays, "notes", "found", "likeness")
        if found.shape != likeness.shape or found.ndim != 2 or len(found) != len(notes):
            raise NotOurs("the arrays of neighbours have other shapes")
        if found.size and (found.min() < -1 or found.max() >= len(notes)):
            raise NotOurs("a neighbour is no note of these")
        return cls(notes, found, likeness)

    def scores(self, rows: Ints, weights: Floats) -> Floats:
        """Summed likeness to these rows, (notes,); what was brought in is as likely as the rest."""
        found, likeness = self.found[rows].ravel(), (self.likeness[rows] * weights[:, None]).ravel()
        some = found >= 0
        summed = np.bincount(found[some], weights=likeness[some], minlength=len(self.notes))
        return summed.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Factors:
    """Notes as vectors. A person is the weighted sum of `left` over their notes, or with `gram`
    the ridge solution over `right` (ALS); a score is their product with `right`.

    With `direct` (EASE, item-item weights) scores come from it, and vectors serve new notes only.
    """

    notes: Ints
    left: Floats
    right: Floats
    gram: Floats | None = None
    direct: Floats | None = None

    @classmethod
    def of(cls, arrays: Mapping[str, np.ndarray]) -> Factors:
        """Raises NotOurs."""
        notes, left, right = _named(arrays, "notes", "left", "right")
        gram, direct = arrays.get("gram"), arrays.get("direct")
        size, rank = len(notes), right.shape[-1]
        if left.shape != (size, rank) or right.shape != (size, rank):
            raise NotOurs("the factors have other shapes")
        if gram is not None and gram.shape != (rank, rank):
            raise NotOurs("the gram matrix has another shape")
        if direct is not None and direct.shape != (size, size):
            raise NotOurs("the weights between notes have another shape")
        for array in (gram, direct):
            if array is not None and not np.isfinite(array).all():
                raise NotOurs("a factor is not a number")
        return cls(notes, left, right, gram, direct)

    def taste(self, rows: Ints, weights: Floats) -> Floats:
        """The vector of somebody who engaged with these rows so much, (factors,)."""
        if self.gram is None:
            taste: Floats = weights @ self.left[rows]
            return taste
        mine, weights = self.right[rows], CONFIDENCE * weights
        left = self.gram + (mine * weights[:, None]).T @ mine
        solved: Floats = np.linalg.solve(left, ((1 + weights)[:, None] * mine).sum(axis=0))
        return solved.astype(np.float32)

    def scores(self, rows: Ints, weights: Floats) -> Floats:
        """How much such a person may like each note, (notes,)."""
        if self.direct is not None:
            scores: Floats = weights @ self.direct[rows]
        else:
            scores = self.right @ self.taste(rows, weights)
        return scores


@dataclass(frozen=True, slots=True)
class TagsToFactors:
    """Vectors of notes that nobody met, by their tags."""

    tags: Ints
    idf: Floats
    weights: Floats

    @classmethod
    def of(cls, arrays: Mapping[str, np.ndarray]) -> TagsToFactors:
        """Raises NotOurs."""
        tags, idf, weights = _named(arrays, "tags", "idf", "weights")
        if idf.shape != (len(tags),) or weights.ndim != 2 or len(weights) != len(tags):
            raise NotOurs("the weights of tags have other shapes")
        return cls(tags, idf, weights)

    def predict(self, tags: Sequence[Sequence[int]]) -> Floats:
        """(notes, factors) by the tags of each note; zeros where none of them is known."""
        predicted = np.zeros((len(tags), self.weights.shape[1]), np.float32)
        for place, own in enumerate(tags):
            rows = rows_of(self.tags, np.array(sorted(own), np.int64))
            rows = rows[rows >= 0]
            if len(rows):
                idf = self.idf[rows]
                predicted[place] = (idf / np.linalg.norm(idf)) @ self.weights[rows]
        return predicted


def _named(arrays: Mapping[str, np.ndarray], *names: str) -> list[np.ndarray]:
    """The arrays of these names, the first of them sorted ids, all of them finite."""
    missing = [name for name in names if name not in arrays]
    if missing:
        raise NotOurs(f"there is no array {missing[0]!r}")
    ids = arrays[names[0]]
    if ids.ndim != 1 or ids.dtype != np.int64 or (ids[1:] <= ids[:-1]).any():
        raise NotOurs("ids are not sorted")
    for name in names[1:]:
        if not np.isfinite(arrays[name]).all():
            raise NotOurs(f"{name}: not a number")
    return [arrays[name] for name in names]
