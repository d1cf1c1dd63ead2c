"""Blending rankings: parts scaled to one size, and weights chosen on validation.

A part scores every item for every row (a person). Parts differ in size by orders of magnitude, so
each row of each part is divided by its own best score before the weighted sum. Weights are chosen
by coordinate search on the items that some part ranks high: an item that no part ranks high is in
no list, and searching over 500 items instead of 50,000 makes a setting cost milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
# Weights that the search tries for each part in turn.
STEPS = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0)


class Candidates(NamedTuple):
    """Items that some part ranks high. `items` (rows, width), `parts` (number, rows, width).

    An item that several parts name stands once; the other places of the row hold -inf in each part.
    """

    items: NDArray[np.intp]
    parts: Floats


def scaled(scores: Floats, seen: tuple[NDArray[np.integer], NDArray[np.integer]]) -> Floats:
    """Scores with each row's best unseen item at 1 and seen items at 0, in place."""
    scores[seen] = 0
    scores /= np.maximum(scores.max(axis=1, initial=0, keepdims=True), 1e-12)
    return scores


def blended(parts: Iterable[Floats], weights: Iterable[float]) -> Floats:
    """The weighted sum of scaled parts of one shape."""
    pairs = [(part, weight) for part, weight in zip(parts, weights, strict=True) if weight]
    total = np.zeros_like(pairs[0][0])
    for part, weight in pairs:
        total += np.float32(weight) * part
    return total


def candidates_of(parts: list[Floats], depth: int) -> Candidates:
    """The `depth` best items of each part, by row, with each part's score of each of them."""
    depth = min(depth, parts[0].shape[1])
    best = [np.argpartition(-part, depth - 1, axis=1)[:, :depth] for part in parts]
    items = np.sort(np.concatenate(best, axis=1), axis=1)
    again = np.zeros(items.shape, dtype=bool)
    again[:, 1:] = items[:, 1:] == items[:, :-1]
    scores = np.stack([np.take_along_axis(part, items, axis=1) for part in parts])
    scores[:, again] = -np.inf
    return Candidates(items, scores)


def stacked(batches: list[Candidates]) -> Candidates:
    """Candidates of all batches' rows."""
    return Candidates(
        np.concatenate([batch.items for batch in batches]),
        np.concatenate([batch.parts for batch in batches], axis=1),
    )


def choose_weights(
    parts: Floats,
    names: list[str],
    worth: Callable[[Floats], float],
    start: Mapping[str, float],
    rounds: int = 2,
) -> dict[str, float]:
    """Weights by name that make the blend worth most; those of `start` where nothing is better.

    `parts` has shape (number, rows, width); `worth` judges a blend of shape (rows, width). One part
    is moved at a time, as often as `rounds` says or until a round moves nothing. A change must be
    worth more than a thousandth, so that chance alone moves little.
    """
    alone = np.isneginf(parts[0])
    parts = np.where(alone, np.float32(0), parts)
    weights = {name: start.get(name, 0.0) for name in names}

    def judged(tried: Mapping[str, float]) -> float:
        total = blended(parts, [tried[name] for name in names])
        total[alone] = -np.inf
        return worth(total)

    best = judged(weights)
    for _ in range(rounds):
        before = dict(weights)
        for name in names:
            for step in STEPS:
                tried = weights | {name: step}
                if any(tried.values()) and (value := judged(tried)) > best * 1.001:
                    best, weights = value, tried
        if weights == before:
            break
    return weights
