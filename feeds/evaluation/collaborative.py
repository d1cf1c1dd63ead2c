"""Collaborative filtering on implicit behaviour: rank all items somebody has not met.

The method's settings are chosen on training pairs held out each time it runs, a fifth of each
person's; the test part is looked at once, at the end.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from feeds.learning.methods.ease import Ease
from feeds.learning.methods.gfcf import Filter, GraphFilter, singular_vectors, spread_of
from feeds.learning.methods.matrices import Floats, Unlearnable, damped, degrees

from .behaviour_files import Split, read_split
from .metrics import hits, ndcg_at, recall_at, top_k
from .report import Missing, Published, Report

K = 20
HELD_OUT_SHARE = 0.2
# Settings are chosen among people and items with so many pairs.
CORE = 10
# People whose held-out pairs choose the settings, and people scored at once: bounds of memory.
CHOOSERS, AT_ONCE = 1_500, 512
# EASE is tried where the catalogue has at most so many items: it takes items³.
MOST_FOR_EASE = 8_000
PERSON_EXPONENTS, GIVEN_EXPONENTS = (0.4, 0.45, 0.5), (0.3, 0.35, 0.4, 0.5)
LOW_PASS_WEIGHTS, SHARPENINGS = (0.15, 0.3, 0.45), (0.3, 0.5, 0.7, 0.9)
EASE_PENALTIES = (100.0, 300.0, 1_000.0)

PUBLISHED = {
    "gowalla": (
        Published("LightGCN", {"recall@20": 0.182, "ndcg@20": 0.1547}),
        Published("SimpleX", {"recall@20": 0.1872, "ndcg@20": 0.1557}),
    )
}
Say = Callable[[str], None]


class Method(Protocol):
    def fit(self, matrix: Any) -> Any: ...

    def score(self, rows: Any) -> Floats: ...


def run(
    folder: Path, *, name: str | None = None, test: Path | None = None, say: Say = print
) -> Report:
    """Measure on `folder/s_adj_mat.npz` and `folder/test.txt`. Raises Missing."""
    split = read_split(folder / "s_adj_mat.npz", test or folder / "test.txt")
    people, items = split.train.shape
    say(f"{people} people, {items} items, {split.train.nnz} pairs; choosing settings")
    started = time.perf_counter()
    try:
        method = choose(split.train, say=say)
        chosen = time.perf_counter()
        method.fit(split.train)
    except Unlearnable as reason:
        raise Missing(f"nothing can be learnt from {folder}: {reason}") from None
    fitted = time.perf_counter()
    say(f"fitted in {fitted - chosen:.1f} s; ranking for {len(split.held_out)} people")
    figures = measure(method, split)
    return Report(
        task="collaborative",
        data=name or folder.resolve().name,
        protocol="all items not in training, mean over people with held-out items",
        figures=figures,
        settings=settings_of(method),
        seconds={
            "choose": chosen - started,
            "fit": fitted - chosen,
            "rank": time.perf_counter() - fitted,
        },
        published=PUBLISHED.get(folder.resolve().name, ()),
        goals={"recall@20": 0.187, "ndcg@20": 0.153} if folder.name == "gowalla" else {},
    )


def settings_of(method: Any) -> dict[str, Any]:
    if isinstance(method, Ease):
        return {"method": "EASE", "penalty": method.penalty}
    settings: Filter = method.settings
    return {
        "method": "GF-CF",
        "exponents": {
            "person": settings.person,
            "taken": settings.taken,
            "given": settings.given,
        },
        "low_pass": settings.low_pass,
        "rank": settings.rank,
        "sharpen": settings.sharpen,
    }


# ---------------------------------------------------------------- measuring
def measure(method: Method, split: Split) -> dict[str, float]:
    """Mean recall and NDCG over everybody with held-out items."""
    people = np.array(sorted(split.held_out), dtype=np.int64)
    popular = degrees(split.train, 0)
    sums, k = np.zeros(2), min(K, split.train.shape[1])
    for start in range(0, len(people), AT_ONCE):
        some = people[start : start + AT_ONCE]
        rows = split.train[some]
        sums += quality_of(
            with_fallback(method.score(rows), rows, popular),
            rows,
            [split.held_out[person] for person in some.tolist()],
            k,
        ) * len(some)
    return dict(zip((f"recall@{K}", f"ndcg@{K}"), (sums / len(people)).tolist(), strict=True))


def with_fallback(scores: Floats, rows: Any, popular: NDArray[np.float64]) -> Floats:
    """People without behaviour get what is popular."""
    strangers = np.diff(rows.indptr) == 0
    scores[strangers] = popular.astype(np.float32)
    return scores


def quality_of(
    scores: Floats, rows: Any, relevant: list[NDArray[np.int64]], k: int
) -> NDArray[np.float64]:
    """(recall, NDCG) at k, means over the rows; what is in training is left out of the ranking."""
    row_of = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    scores[row_of, rows.indices] = -np.inf
    found = hits(top_k(scores, k), relevant)
    counts = np.array([len(items) for items in relevant])
    return np.array([recall_at(found, counts).mean(), ndcg_at(found, counts).mean()])


# ---------------------------------------------------------------- choosing
@dataclass(frozen=True, slots=True)
class Trial:
    """A part of the training pairs to learn from, and people to try it on."""

    train: Any
    rows: Any
    relevant: list[NDArray[np.int64]]

    def worth(self, scores: Floats) -> float:
        """Recall plus NDCG."""
        k = min(K, self.train.shape[1])
        return float(quality_of(scores, self.rows, self.relevant, k).sum())


def hold_out(train: Any, *, seed: int = 0) -> Trial | None:
    """A fifth of each person's pairs held out, within the dense core of the training pairs where
    there is one: what remains is then about as dense as the whole. None where too little is left
    to choose by.
    """
    dice = np.random.default_rng(seed)
    pairs = dense_core(train).tocoo()
    order = np.lexsort((dice.random(pairs.nnz), pairs.row))
    counts = np.bincount(pairs.row, minlength=train.shape[0])
    place = np.empty(pairs.nnz, dtype=np.int64)
    place[order] = np.arange(pairs.nnz) - (np.cumsum(counts) - counts)[pairs.row[order]]
    out = place < np.ceil(HELD_OUT_SHARE * counts)[pairs.row]
    kept, held = (
        sp.csr_matrix((pairs.data[part], (pairs.row[part], pairs.col[part])), shape=train.shape)
        for part in (~out, out)
    )
    able = np.flatnonzero((np.diff(kept.indptr) > 0) & (np.diff(held.indptr) > 0))
    if len(able) < 2 or np.unique(kept.indices).size < 2:
        return None
    some = np.sort(dice.choice(able, min(CHOOSERS, len(able)), replace=False))
    relevant = [held.indices[held.indptr[p] : held.indptr[p + 1]].astype(np.int64) for p in some]
    return Trial(kept, kept[some], relevant)


def dense_core(train: Any, least: int = CORE) -> Any:
    """The pairs of people and items with `least` of them each; all pairs where none has."""
    core = train.copy()
    while core.nnz:
        few = [
            np.bincount(part, minlength=size) < least
            for part, size in (
                (core.nonzero()[0], train.shape[0]),
                (core.nonzero()[1], train.shape[1]),
            )
        ]
        rows, columns = core.nonzero()
        keep = ~(few[0][rows] | few[1][columns])
        if keep.all():
            return core
        cells = (core.data[keep], (rows[keep], columns[keep]))
        core = sp.csr_matrix(cells, shape=train.shape)
    return train


def choose(train: Any, *, say: Say = lambda text: None) -> GraphFilter | Ease:
    """The method and settings that are best on held-out training pairs; not fitted yet."""
    trial = hold_out(train)
    if trial is None:
        return GraphFilter()
    settings, worth = _choose_filter(trial)
    say(f"held-out recall + NDCG of GF-CF {worth:.4f} with {settings}")
    best: GraphFilter | Ease = GraphFilter(settings)
    if train.shape[1] <= MOST_FOR_EASE:
        for penalty in EASE_PENALTIES:
            own = trial.worth(Ease(penalty).fit(trial.train).score(trial.rows))
            say(f"held-out recall + NDCG of EASE {own:.4f} with penalty {penalty:g}")
            if own > worth:
                best, worth = Ease(penalty), own
    return best


def _choose_filter(trial: Trial) -> tuple[Filter, float]:
    """Exponents first, then the weight of the low-pass part, then how much to sharpen."""
    best, worth = Filter(low_pass=0, sharpen=0), -1.0
    linear = np.empty((0, 0), dtype=np.float32)
    of_items = degrees(trial.train, 0)
    for person in PERSON_EXPONENTS:
        method = GraphFilter(replace(best, person=person, given=0)).fit(trial.train)
        raw = method.linear(trial.rows)
        for given in GIVEN_EXPONENTS:
            scores = raw * damped(of_items, given)
            own = trial.worth(scores.copy())
            if own > worth:
                best, worth, linear = replace(best, person=person, given=given), own, scores
    method = GraphFilter(best).fit(trial.train)
    method.vectors, _values = singular_vectors(trial.train, best.rank)
    unit, low, scores = spread_of(linear), method.low_passed(trial.rows), linear
    low *= unit / spread_of(low)
    found = best
    for weight in LOW_PASS_WEIGHTS:
        mixed = linear + np.float32(weight) * low
        own = trial.worth(mixed.copy())
        if own > worth:
            found, worth, scores = replace(best, low_pass=weight), own, mixed
    blurred, chosen = method.blurred(scores), found
    blurred *= unit / spread_of(blurred)
    for share in SHARPENINGS:
        own = trial.worth(scores - np.float32(share) * blurred)
        if own > worth:
            chosen, worth = replace(found, sharpen=share), own
    return chosen, worth
