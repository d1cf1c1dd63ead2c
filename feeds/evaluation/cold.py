"""Items nobody has met, recommended from their tags: rank the unseen items alone for each person.

What a person's behaviour says of the known items (the linear filter of GF-CF) is carried to unseen
ones by ridge regression on tags, blended with the cosine of tag profiles. Settings are chosen on
items held out of the training part; the measured items are looked at once, at the end.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from feeds.learning.methods.cold import (
    blended,
    cosine_scores,
    solve_ridge,
    tag_vectors,
    tag_weights,
)
from feeds.learning.methods.gfcf import Filter, GraphFilter
from feeds.learning.methods.matrices import Floats, Unlearnable, behaviour_matrix

from .metrics import hits, recall_at, top_k
from .report import Missing, Published, Report

KS = (20, 50, 100)
# Share of known items held out to choose settings by, and how many of them and people at most.
HELD_OUT_SHARE, MOST_HELD_OUT, CHOOSERS = 0.2, 1_500, 2_000
PENALTIES, COSINE_SHARES = (0.3, 1.0, 3.0), (0.0, 0.1, 0.3)
# Conjugate gradients: more rounds change no rank.
ROUNDS, AT_ONCE = 15, 512
# Behaviour carried over the graph of people and items: plain symmetric normalisation.
CARRIED = Filter(person=0.5, taken=0.5, given=0.5)

PUBLISHED = (Published("IDF-tag cosine", {"recall@20": 0.407}),)
Say = Callable[[str], None]
Pairs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Settings:
    penalty: float = 1.0
    cosine: float = 0.0


@dataclass(frozen=True, slots=True)
class Task:
    """Known and unseen items (rows of the tag matrix), behaviour on known ones, what is asked."""

    tags: Any  # CSR (items, tags)
    known: Pairs
    unseen: Pairs
    behaviour: Any  # CSR (people, known)
    people: Pairs
    relevant: list[NDArray[np.int64]]  # by person, places in `unseen`


def run(
    folder: Path, *, name: str | None = None, test: Path | None = None, say: Say = print
) -> Report:
    """Measure on `folder` (train.csv, item-tag.dat) and its vali.csv or `test`. Raises Missing."""
    train, held = read_pairs(folder / "train.csv"), read_pairs(test or folder / "vali.csv")
    tags = read_tags(
        folder / "item-tag.dat", items=int(max(train[:, 1].max(), held[:, 1].max())) + 1
    )
    fresh = held[~np.isin(held[:, 1], train[:, 1])]
    if not len(fresh):
        raise Missing("no held-out item is unseen: all of them occur in the training part")
    began = time.perf_counter()
    try:
        settings = choose(train, tags, say=say)
        chosen = time.perf_counter()
        task = task_of(train, fresh, tags)
        figures = measure(task, settings, say=say)
    except Unlearnable as reason:
        raise Missing(f"nothing can be learnt from {folder}: {reason}") from None
    return Report(
        task="cold",
        data=name or folder.resolve().name,
        protocol="unseen items only, mean over people with held-out items",
        figures=figures,
        settings={"penalty": settings.penalty, "cosine": settings.cosine},
        seconds={"choose": chosen - began, "fit and rank": time.perf_counter() - chosen},
        published=PUBLISHED,
        goals={"recall@20": 0.43},
    )


# ---------------------------------------------------------------- files
def read_pairs(path: Path) -> Pairs:
    """(person, item) rows of a CSV, with or without a line of names. Raises Missing."""
    rows: list[tuple[int, int]] = []
    try:
        with path.open(newline="", encoding="utf-8") as file:
            for number, row in enumerate(csv.reader(file), 1):
                if not row or (number == 1 and not row[0].strip().lstrip("-").isdigit()):
                    continue
                person, item = int(row[0]), int(row[1])
                if person < 0 or item < 0:
                    raise Missing(f"{path}, line {number}: a number below zero")
                rows.append((person, item))
    except (ValueError, IndexError):
        raise Missing(f"{path}, line {number}: expected a person and an item") from None
    except (OSError, UnicodeDecodeError) as error:
        raise Missing(f"{path} cannot be read: {error}") from None
    if not rows:
        raise Missing(f"{path} holds no pair")
    return np.unique(np.array(rows, dtype=np.int64), axis=0)


def read_tags(path: Path, *, items: int) -> Any:
    """CSR (items, tags) of ones from line n = tags of item n. Raises Missing.

    A leading number that counts the rest of its line on every line is a count and no tag.
    """
    try:
        lines = [[int(part) for part in line.split()] for line in path.read_text().splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise Missing(f"{path} cannot be read: {error}") from None
    except ValueError:
        raise Missing(f"{path}: whole numbers expected") from None
    if all(line[0] == len(line) - 1 for line in lines if line):
        lines = [line[1:] for line in lines]
    tags = [np.unique(line) for line in lines]
    counts = np.array([len(line) for line in tags])
    rows = np.repeat(np.arange(len(tags)), counts)
    columns = np.concatenate([np.empty(0, np.int64), *tags]).astype(np.int64)
    if not len(columns) or columns.min() < 0:
        raise Missing(f"{path} names no tag, or one below zero")
    shape = (max(items, len(tags)), int(columns.max()) + 1)
    return sp.csr_matrix((np.ones(len(columns), np.float32), (rows, columns)), shape=shape)


# ---------------------------------------------------------------- measuring
def task_of(train: Pairs, held: Pairs, tags: Any) -> Task:
    """What is asked: people with held-out items that the training part knows something of."""
    known, places = np.unique(train[:, 1], return_inverse=True)
    unseen, asked = np.unique(held[:, 1], return_inverse=True)
    size = int(max(train[:, 0].max(), held[:, 0].max())) + 1
    behaviour = behaviour_matrix(train[:, 0], places, (size, len(known)))
    order = np.argsort(held[:, 0], kind="stable")
    people, starts = np.unique(held[order, 0], return_index=True)
    relevant = np.split(asked[order].astype(np.int64), starts[1:])
    return Task(tags, known, unseen, behaviour, people, relevant)


def scorer(task: Task, settings: Settings) -> Callable[[Any], tuple[Floats, Floats]]:
    """A function from rows of behaviour to (ridge scores, cosine scores) of the unseen items."""
    weights = tag_weights(task.tags[task.known])
    vectors = tag_vectors(task.tags, weights)
    known, unseen = vectors[task.known], vectors[task.unseen]
    carried = GraphFilter(CARRIED).fit(task.behaviour)
    across = solve_ridge(
        known, (known @ unseen.T).toarray().astype(np.float32), settings.penalty, rounds=ROUNDS
    )

    def score(rows: Any) -> tuple[Floats, Floats]:
        return carried.linear(rows) @ across, cosine_scores(rows, known, unseen)

    return score


def measure(task: Task, settings: Settings, *, say: Say = lambda text: None) -> dict[str, float]:
    """Mean recall over everybody with held-out unseen items."""
    score = scorer(task, settings)
    say(f"ranking {len(task.unseen)} unseen items for {len(task.people)} people")
    found = np.zeros(len(KS))
    for start in range(0, len(task.people), AT_ONCE):
        rows = task.behaviour[task.people[start : start + AT_ONCE]]
        ridge, cosine = score(rows)
        mixed = blended(ridge, cosine, settings.cosine)
        found += recalls(mixed, task.relevant[start : start + AT_ONCE]).sum(axis=0)
    means = (found / len(task.people)).tolist()
    return {f"recall@{k}": value for k, value in zip(KS, means, strict=True)}


def recalls(scores: Floats, relevant: list[NDArray[np.int64]]) -> NDArray[np.float64]:
    """Recall at each of KS, shape (rows, KS)."""
    ranked = hits(top_k(scores, max(KS)), relevant)
    counts = np.array([len(items) for items in relevant])
    return np.stack([recall_at(ranked[:, :k], counts) for k in KS], axis=1)


# ---------------------------------------------------------------- choosing
def choose(train: Pairs, tags: Any, *, say: Say = lambda text: None, seed: int = 0) -> Settings:
    """The penalty and blend that are best for known items held out as if unseen."""
    task = _held_out(train, tags, seed)
    if task is None:
        return Settings()
    best, worth = Settings(), -1.0
    for penalty in PENALTIES:
        ridge, cosine = scorer(task, Settings(penalty))(task.behaviour[task.people])
        for share in COSINE_SHARES:
            own = float(recalls(blended(ridge, cosine, share), task.relevant)[:, 0].mean())
            say(f"held-out recall@{KS[0]} {own:.4f} with penalty {penalty:g}, cosine {share:g}")
            if own > worth:
                best, worth = Settings(penalty, share), own
    return best


def _held_out(train: Pairs, tags: Any, seed: int) -> Task | None:
    """A fifth of the known items as unseen ones; None where too little is left to choose by."""
    dice = np.random.default_rng(seed)
    items = np.unique(train[:, 1])
    count = min(MOST_HELD_OUT, int(len(items) * HELD_OUT_SHARE))
    if count < 2 or len(items) - count < 2:
        return None
    out = np.isin(train[:, 1], dice.choice(items, count, replace=False))
    kept, held = train[~out], train[out]
    held = held[np.isin(held[:, 0], kept[:, 0])]
    people = np.unique(held[:, 0])
    if len(people) < 2 or len(np.unique(kept[:, 0])) < 2:
        return None
    some = dice.choice(people, min(CHOOSERS, len(people)), replace=False)
    return task_of(kept, held[np.isin(held[:, 0], some)], tags)
