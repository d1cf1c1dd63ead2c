"""What the first places of lists look like under two ways, side by side. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feeds.features import COLUMN, Matrix
from feeds.inequality import gini

# What most people see of a list.
FIRST = 20
# Older than this a note is no longer new.
NEW_HOURS = 24.0
AGE, QUALITY, FOLLOWED = COLUMN["age"], COLUMN["quality"], COLUMN["followed"]


@dataclass(frozen=True, slots=True)
class Head:
    """The first places of one list: rows of `matrix` are its notes."""

    notes: NDArray[np.int64]
    authors: Sequence[int]
    roots: Sequence[int]
    matrix: Matrix


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the first FIRST places of all lists together."""

    # Share of the logged notes that stand anywhere in them.
    coverage: float
    # Share of places, and of the new notes logged, that are new notes there.
    new_places: float
    new_coverage: float
    gini_notes: float | None
    gini_authors: float | None
    quality: float
    followed: float
    # First-level channel -> share of places.
    channels: dict[int, float]


def figures_of(heads: Sequence[Head], *, notes: int, new_notes: int) -> Figures | None:
    """None without a list. `notes` and `new_notes` are how many different ones were logged."""
    if not heads:
        return None
    shown = Counter(note for head in heads for note in head.notes.tolist())
    authors = Counter(author for head in heads for author in head.authors)
    roots = Counter(root for head in heads for root in head.roots)
    matrix = np.concatenate([head.matrix for head in heads])
    fresh = is_new(matrix)
    ids = np.concatenate([head.notes for head in heads])
    places = len(matrix)
    return Figures(
        coverage=len(shown) / max(1, notes),
        new_places=float(fresh.mean()),
        new_coverage=len(np.unique(ids[fresh])) / max(1, new_notes),
        gini_notes=gini(list(shown.values())),
        gini_authors=gini(list(authors.values())),
        quality=float(matrix[:, QUALITY].mean()),
        followed=float((matrix[:, FOLLOWED] > 0).mean()),
        channels={root: count / places for root, count in roots.most_common()},
    )


def is_new(matrix: Matrix) -> NDArray[np.bool_]:
    return np.asarray(matrix[:, AGE] < np.log1p(NEW_HOURS))
