"""The next item of a sequence: leave one out, all items ranked, HR@10 and NDCG@10.

A weighted sum of linear models (feeds/learning/methods/next_item.py); the weights are chosen on the
items before the last, then everything is fitted again with them included.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from feeds.learning.methods.blend import (
    Candidates,
    blended,
    candidates_of,
    choose_weights,
    scaled,
    stacked,
)
from feeds.learning.methods.next_item import Alike, Follows, LinearNext, NextItem, Trending

from .report import Published, Report
from .sequence_files import Held, Items, read_set, split

K = 10
# Scores held at once, in numbers (4 bytes each) over all models.
AT_ONCE = 60_000_000
# Validation rows the weights are chosen on, at most, and their scores (rows times items) at most.
CHOSEN_ON, SCORES_CHOSEN_ON = 10_000, 240_000_000
# Items of each model that are looked at while choosing.
DEPTH = 60
# Where the search begins: chosen on the validation items of both usual sets.
START = {"near": 0.5, "far": 0.2, "linear": 0.75, "alike": 1.0, "trend": 0.2}
PUBLISHED = {
    "Beauty": (Published("S3-Rec", {"hr@10": 0.0647}),),
    "LastFM": (Published("S3-Rec", {"hr@10": 0.0743}),),
}
GOALS = {"Beauty": {"hr@10": 0.093}, "LastFM": {"hr@10": 0.087}}


def run(folder: Path, *, name: str | None, test: Path | None, say: Callable[[str], None]) -> Report:
    """Choose weights on validation items, fit again with them, rank the test items."""
    data = read_set(folder, name, say)
    parted = split(data, test)
    say(f"sequences: {data.name}, {len(data.sequences)} people, {data.items} items")
    began = time.perf_counter()
    by_attributes = _by_attributes(data.attributes)
    models = fitted(parted.before_validation, data.items) | by_attributes
    sample = _sample(parted.validation, data.items)
    weights = chosen(models, sample, data.items)
    validation = _figures(ranks(models, weights, sample, data.items))
    chose = time.perf_counter()
    say(f"sequences: weights {weights}, validation hr@10 {validation['hr@10']:.4f}")
    del models  # up to a gigabyte, before as much again is fitted
    models = fitted(parted.before_test, data.items) | by_attributes
    refitted = time.perf_counter()
    figures = _figures(ranks(models, weights, parted.test, data.items))
    return Report(
        task="sequences",
        data=data.name if test is None else f"{data.name}, {test.name}",
        protocol=(
            "leave one out" if test is None else "each item of the test file ranked by itself"
        )
        + "; all items ranked but those of one's history; weights chosen on the item before the"
        " last, then fitted with it included",
        figures=figures | {"hr@10_validation": validation["hr@10"]},
        settings={
            "weights": weights,
            "chosen_on": len(sample),
            "measured": len(parted.test),
            "not_measured": len(data.sequences) - len({id(held.history) for held in parted.test}),
            "attributes": 0 if data.attributes is None else data.attributes.shape[1],
        },
        seconds={
            "choose": chose - began,
            "fit": refitted - chose,
            "rank": time.perf_counter() - refitted,
        },
        published=PUBLISHED.get(data.name, ()) if test is None else (),
        goals=GOALS.get(data.name, {}) if test is None else {},
    )


def fitted(histories: Sequence[Items], items: int) -> dict[str, NextItem]:
    """The models that learn from histories, by name."""
    return {
        "near": Follows.fit(histories, items, window=10, decay=0.8, back=0.5, memory=3),
        "far": Follows.fit(histories, items, window=20, decay=0.9, back=0.7, memory=8),
        "linear": LinearNext.fit(histories, items, decay=0.8, back=0.5, strength=200, memory=4),
        "trend": Trending.fit(histories, items, last=3),
    }


def _by_attributes(attributes: sp.csr_matrix | None) -> dict[str, NextItem]:
    """The model that learns from attributes, where there are any."""
    return {} if attributes is None else {"alike": Alike.fit(attributes, memory=4)}


def chosen(models: dict[str, NextItem], held: Sequence[Held], items: int) -> dict[str, float]:
    """Weights under which the held items rank best."""
    batches: list[Candidates] = []
    targets: list[NDArray[np.bool_]] = []
    for rows, parts in _batches(models, held, items):
        batches.append(candidates_of(parts, DEPTH))
        wanted = np.array([one.item for one in rows])[:, None]
        targets.append((batches[-1].items == wanted) & ~np.isneginf(batches[-1].parts[0]))
    candidates, target = stacked(batches), np.concatenate(targets)
    at = target.argmax(axis=1)
    named = target.any(axis=1)

    def worth(total: NDArray[np.float32]) -> float:
        own = total[np.arange(len(total)), at][:, None]
        places = (total > own).sum(axis=1)[named]
        return float(((places < K) + 2 / np.log2(places + 2)).sum() / len(total))

    return choose_weights(candidates.parts, list(models), worth, START)


def ranks(
    models: dict[str, NextItem], weights: dict[str, float], held: Sequence[Held], items: int
) -> NDArray[np.float64]:
    """The place of each held item from 0, ties in the middle; infinite for what is never listed."""
    used = {name: model for name, model in models.items() if weights[name]}
    found = []
    for rows, parts in _batches(used, held, items):
        total = blended(parts, [weights[name] for name in used])
        total[_seen(rows)] = -np.inf
        wanted = np.array([one.item for one in rows])
        own = np.where(wanted < 0, -np.inf, total[np.arange(len(rows)), wanted])[:, None]
        ties = (total == own).sum(axis=1) - 1
        place = (total > own).sum(axis=1) + ties / 2
        found.append(np.where(np.isneginf(own[:, 0]), np.inf, place))
    return np.concatenate(found)


def _batches(
    models: dict[str, NextItem], held: Sequence[Held], items: int
) -> Iterator[tuple[Sequence[Held], list[NDArray[np.float32]]]]:
    """Rows and their scaled scores by model, as many as memory allows."""
    size = max(1, AT_ONCE // (items * (len(models) + 2)))
    for at in range(0, len(held), size):
        rows = held[at : at + size]
        seen = _seen(rows)
        histories = [one.history for one in rows]
        yield rows, [scaled(model.scores(histories), seen) for model in models.values()]


def _seen(rows: Sequence[Held]) -> tuple[Items, Items]:
    """Places (row, item) of what stands in the histories."""
    lengths = [len(one.history) for one in rows]
    return np.repeat(np.arange(len(rows)), lengths), np.concatenate([one.history for one in rows])


def _sample(held: Sequence[Held], items: int) -> Sequence[Held]:
    """The same random rows each time, in their order; fewer of them where items are many."""
    most = max(500, min(CHOSEN_ON, SCORES_CHOSEN_ON // items))
    if len(held) <= most:
        return held
    rows = np.random.default_rng(0).choice(len(held), most, replace=False)
    return [held[at] for at in np.sort(rows)]


def _figures(places: NDArray[np.float64]) -> dict[str, float]:
    """Hit rate and NDCG of one relevant item a row."""
    hit = places < K
    return {
        "hr@10": float(hit.mean()),
        "ndcg@10": float((1 / np.log2(places[hit] + 2)).sum() / len(places)),
    }
