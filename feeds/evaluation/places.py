"""Places somebody will visit: all places not in train ranked, precision, recall and NDCG at 10.

A weighted sum of the models of feeds/learning/methods/visits.py, fitted on train; the weights are
chosen on tune. Tune is used for nothing else: its places stay in the list, where they are misses.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
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
from feeds.learning.methods.visits import (
    Friends,
    KernelRidge,
    Near,
    Neighbours,
    People,
    Popular,
    SharedVisitors,
    Visitor,
    log_counts,
    visited,
)

from .checkin_files import CheckinSet, read_set
from .metrics import ndcg_at, precision_at, recall_at, top_k
from .report import Missing, Report

K = 10
# Scores held at once, in numbers (4 bytes each) over all models.
AT_ONCE = 60_000_000
# Most people the weights are chosen on, and places of each model that are looked at.
CHOSEN_ON, DEPTH = 6_000, 60
# Where the search begins, and what is taken without tune: chosen on tune of the usual set.
START = {
    "ridge": 1.0,
    "ridge of counts": 0.75,
    "neighbours": 0.2,
    "shared visitors": 0.35,
    "near": 0.35,
    "friends": 0.2,
    "popular": 0.05,
}
GOALS = {"Gowalla": {"p@10": 0.0597}}


def run(folder: Path, *, name: str | None, test: Path | None, say: Callable[[str], None]) -> Report:
    """Fit on train, choose weights on tune, rank for everybody with test visits."""
    data = read_set(folder, name, test, say)
    say(f"places: {data.name}, {data.train.shape[0]} people, {data.train.shape[1]} places")
    began = time.perf_counter()
    models = fitted(data)
    fitted_at = time.perf_counter()
    tune, held = _new(data.tune, data.train), _new(data.test, data.train)
    if not held.nnz:
        raise Missing(f"{data.name}: every visit to measure on is also in train")
    weights = chosen(models, data.train, tune)
    chosen_at = time.perf_counter()
    say(f"places: weights {weights}")
    figures = measured(models, weights, data.train, held)
    return Report(
        task="places",
        data=data.name if test is None else f"{data.name}, {test.name}",
        protocol=(
            "all places not in train ranked (those of tune among them); fitted on train, weights"
            " chosen on tune; averaged over people with test visits"
        ),
        figures=figures,
        settings={
            "weights": weights,
            "chosen_on": int((tune.getnnz(axis=1) > 0).sum()),
            "measured": int((held.getnnz(axis=1) > 0).sum()),
        },
        seconds={
            "fit": fitted_at - began,
            "choose": chosen_at - fitted_at,
            "rank": time.perf_counter() - chosen_at,
        },
        goals=GOALS.get(data.name, {}) if test is None else {},
    )


def fitted(data: CheckinSet) -> dict[str, Visitor]:
    """Every model by name; those of distance and friends where there is something to fit."""
    ones, logs = visited(data.train), log_counts(data.train)
    models: dict[str, Visitor | None] = {
        "ridge": KernelRidge.fit(ones, rarity=0.3, strength=3),
        "ridge of counts": KernelRidge.fit(logs, rarity=0.3, strength=3),
        "neighbours": Neighbours.fit(logs, rarity=0.4, sharpness=1.5),
        "shared visitors": SharedVisitors.fit(data.train),
        "near": Near.fit(data.train, data.degrees, popularity=0.6),
        "friends": Friends.fit(data.train, data.friends),
        "popular": Popular.fit(data.train),
    }
    return {name: model for name, model in models.items() if model is not None}


def chosen(
    models: Mapping[str, Visitor], train: sp.csr_matrix, tune: sp.csr_matrix
) -> dict[str, float]:
    """Weights under which the places of tune rank best; START's without tune."""
    people = np.flatnonzero(tune.getnnz(axis=1))
    if not len(people):
        return {name: START[name] for name in models}
    if len(people) > CHOSEN_ON:
        people = np.sort(np.random.default_rng(0).choice(people, CHOSEN_ON, replace=False))
    batches: list[Candidates] = []
    wanted: list[NDArray[np.bool_]] = []
    for rows, parts in _batches(models, train, people):
        batches.append(candidates_of(parts, DEPTH))
        wanted.append(_among(tune[rows], batches[-1].items))
    candidates, right = stacked(batches), np.concatenate(wanted)
    right &= ~np.isneginf(candidates.parts[0])
    counts = tune[people].getnnz(axis=1)

    def worth(total: NDArray[np.float32]) -> float:
        found = np.take_along_axis(right, top_k(total, K), axis=1)
        return float(precision_at(found, K).mean() + ndcg_at(found, counts).mean() / 2)

    return choose_weights(candidates.parts, list(models), worth, START)


def measured(
    models: Mapping[str, Visitor],
    weights: Mapping[str, float],
    train: sp.csr_matrix,
    held: sp.csr_matrix,
) -> dict[str, float]:
    """Averages over the people with held-out visits."""
    people = np.flatnonzero(held.getnnz(axis=1))
    used = {name: model for name, model in models.items() if weights[name]}
    hits = []
    for rows, parts in _batches(used, train, people):
        total = blended(parts, [weights[name] for name in used])
        total[train[rows].nonzero()] = -np.inf
        hits.append(_among(held[rows], top_k(total, K)))
    found, counts = np.concatenate(hits), held[people].getnnz(axis=1)
    return {
        "p@10": float(precision_at(found, K).mean()),
        "r@10": float(recall_at(found, counts).mean()),
        "ndcg@10": float(ndcg_at(found, counts).mean()),
    }


def _batches(
    models: Mapping[str, Visitor], train: sp.csr_matrix, people: People
) -> Iterator[tuple[People, list[NDArray[np.float32]]]]:
    """People and their scaled scores by model, as many as memory allows."""
    size = max(1, AT_ONCE // (train.shape[1] * (len(models) + 2)))
    for at in range(0, len(people), size):
        rows = people[at : at + size]
        seen = train[rows].nonzero()
        yield rows, [scaled(model.scores(rows), seen) for model in models.values()]


def _among(held: sp.csr_matrix, places: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether each place (rows, width) is one of its row's held-out ones."""
    rows = np.arange(held.shape[0])[:, None]
    return np.asarray((held[rows, places] > 0).todense(), dtype=bool)


def _new(held: sp.csr_matrix, train: sp.csr_matrix) -> sp.csr_matrix:
    """Held-out visits of places that are not in the person's train visits."""
    fresh = held - held.multiply(train > 0)
    fresh = fresh.tocsr()
    fresh.eliminate_zeros()
    return fresh
