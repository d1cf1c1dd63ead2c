"""What is learnt from a matrix of behaviour, and whether it may be used. Pure.

Every lesson is learnt twice: without pairs held out at random, to be compared with what everybody
gets anyway, and then from everything. What is judged is the code that serves. Refusals are
Unlearnable, with a sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from feeds.policy import Learning

from .folding import CONFIDENCE, Factors, Floats, Ints, Neighbours, TagsToFactors, best
from .methods.cold import TagRidge, tag_vectors, tag_weights
from .methods.ease import Ease
from .methods.gfcf import neighbours, singular_vectors
from .methods.matrices import Unlearnable, check, damped, degrees

K = 20
HELD_OUT_SHARE, JUDGES = 0.2, 500
# Notes held out to judge predictions by tags, as a share of all, and people who judge them.
COLD_SHARE = 0.1
RIDGE_PENALTY = 1.0
PAIRS_AT_ONCE = 50_000
Scores = Callable[[Ints, Floats], Floats]


@dataclass(frozen=True, slots=True)
class Lesson:
    """Arrays to keep, and what was measured."""

    arrays: dict[str, np.ndarray]
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Trial:
    """Behaviour without the pairs held out, and by judge the notes held out."""

    matrix: Any
    judges: Ints
    held: list[Ints]


# ---------------------------------------------------------------- notes alike
def learn_similar(matrix: Any, notes: Ints, rules: Learning) -> Lesson:
    """Neighbours of each note. Raises Unlearnable."""
    check_behaviour(matrix)
    trial = hold_out(matrix)
    tried = Neighbours.of(_neighbours(trial.matrix, notes, rules))
    figures = judge(trial, tried.scores)
    arrays = _neighbours(matrix, notes, rules)
    have = (arrays["found"] >= 0).sum(axis=1)
    figures["notes_with_neighbours"] = round(float((have > 0).mean()), 4)
    return Lesson(_finite(arrays), figures)


def _neighbours(matrix: Any, notes: Ints, rules: Learning) -> dict[str, np.ndarray]:
    found, likeness = neighbours(matrix, rules.neighbours)
    few = _together(matrix, found) < rules.least_together
    found[few], likeness[few] = -1, 0
    return {"notes": notes, "found": found, "likeness": likeness}


def _together(matrix: Any, found: NDArray[np.int32]) -> Ints:
    """How many people engaged with both the note of the row and the note found, like `found`.

    Nobody makes two notes alike alone, and nobody's reading shows in what stands beside a note.
    """
    by_note = sp.csr_matrix(matrix.T)
    by_note.data = np.ones_like(by_note.data)
    rows = np.repeat(np.arange(len(found)), found.shape[1])
    others = found.ravel()
    counts = np.zeros(len(rows), np.int64)
    some = np.flatnonzero(others >= 0)
    for start in range(0, len(some), PAIRS_AT_ONCE):
        pairs = some[start : start + PAIRS_AT_ONCE]
        both = by_note[rows[pairs]].multiply(by_note[others[pairs]])
        counts[pairs] = np.asarray(both.sum(axis=1)).ravel()
    return counts.reshape(found.shape)


# ---------------------------------------------------------------- factors
def learn_factors(matrix: Any, notes: Ints, rules: Learning) -> Lesson:
    """Vectors of notes into which anybody's notes are folded. Raises Unlearnable."""
    check_behaviour(matrix)
    method = rules.method
    if method == "ease" and len(notes) > rules.ease_most_notes:
        method = "gfcf"
    trial = hold_out(matrix)
    tried = Factors.of(_factors(trial.matrix, notes, rules, method))
    figures = judge(trial, tried.scores) | {"method": method}
    return Lesson(_finite(_factors(matrix, notes, rules, method)), figures)


def _factors(matrix: Any, notes: Ints, rules: Learning, method: str) -> dict[str, np.ndarray]:
    # A filter that passes everything says nothing: far fewer vectors than people.
    rank = max(2, min(rules.factors, min(matrix.shape) // 4))
    if method == "als":
        from .methods.als import Als

        model = Als(rank, confidence=float(CONFIDENCE), threads=1)
        right = np.ascontiguousarray(model.fit(matrix).item_factors)
        penalty = model.penalty * np.eye(right.shape[1], dtype=np.float32)
        return {"notes": notes, "left": right, "right": right, "gram": right.T @ right + penalty}
    # GF-CF's ideal low-pass filter: x · Di^-1/2 · V · Vᵀ · Di^1/2.
    vectors, _values = singular_vectors(matrix, rank)
    of_notes = degrees(matrix, 0)
    arrays = {
        "notes": notes,
        "left": vectors * damped(of_notes, 0.5)[:, None],
        "right": vectors * np.sqrt(of_notes).astype(np.float32)[:, None],
    }
    if method == "ease":
        arrays["direct"] = np.ascontiguousarray(Ease(rules.ease_penalty).fit(matrix).weights)
    return arrays


# ---------------------------------------------------------------- new notes
def learn_cold(matrix: Any, factors: Factors, tags: Any, tag_ids: Ints) -> Lesson:
    """From tags, CSR (notes of the factors, tags), to vectors. Raises Unlearnable.

    `matrix` has the columns of the factors. Judged on notes held out, among which people are to
    find those they engaged with by the rest of their notes.
    """
    check_behaviour(matrix)
    tagged = np.flatnonzero(np.diff(tags.indptr) > 0)
    if tags.shape[1] < 2 or len(tagged) < 2:
        raise Unlearnable(f"{len(tagged)} notes with {tags.shape[1]} tags: two are needed")
    dice = np.random.default_rng(0)
    unseen = np.sort(dice.choice(tagged, max(1, int(len(tagged) * COLD_SHARE)), replace=False))
    known = np.setdiff1d(tagged, unseen)
    tried = TagsToFactors.of(_ridge(tags, known, factors, tag_ids))
    figures = _judge_cold(matrix, factors, tried, tags, tag_ids, unseen)
    figures["notes"], figures["tags"] = len(tagged), len(tag_ids)
    return Lesson(_finite(_ridge(tags, tagged, factors, tag_ids)), figures)


def _ridge(tags: Any, rows: Ints, factors: Factors, tag_ids: Ints) -> dict[str, np.ndarray]:
    idf = tag_weights(tags[rows])
    fitted = TagRidge(RIDGE_PENALTY).fit(tag_vectors(tags[rows], idf), factors.right[rows])
    return {"tags": tag_ids, "idf": idf, "weights": fitted.weights}


def _judge_cold(
    matrix: Any, factors: Factors, tried: TagsToFactors, tags: Any, tag_ids: Ints, unseen: Ints
) -> dict[str, Any]:
    of_note = [tag_ids[tags.indices[tags.indptr[r] : tags.indptr[r + 1]]].tolist() for r in unseen]
    predicted = tried.predict(of_note)
    place = np.full(matrix.shape[1], -1)
    place[unseen] = np.arange(len(unseen))
    recalls = []
    for person in _some_people(matrix):
        rows, weights = _row(matrix, person)
        hidden = place[rows] >= 0
        if hidden.any() and not hidden.all():
            taste = factors.taste(rows[~hidden], weights[~hidden])
            found = best(predicted @ taste, K)
            recalls.append(np.isin(place[rows[hidden]], found).mean())
    if not recalls:
        raise Unlearnable("nobody engaged with the notes held out")
    recall, chance = float(np.mean(recalls)), min(1.0, K / len(unseen))
    if not recall >= chance:
        raise Unlearnable(f"recall@{K} of notes held out {recall:.4f}, by chance {chance:.4f}")
    return {f"recall@{K}": round(recall, 4), "by_chance": round(chance, 4), "judges": len(recalls)}


# ---------------------------------------------------------------- judging
def check_behaviour(matrix: Any) -> None:
    """Raises Unlearnable for what nothing can be learnt from."""
    if not matrix.nnz:
        raise Unlearnable("there is no behaviour")
    check(matrix)
    first = matrix[0]
    same = np.diff(matrix.indptr) == first.nnz
    if same.all() and (matrix.indices.reshape(-1, first.nnz) == first.indices).all():
        raise Unlearnable("everybody engaged with the same notes")


def hold_out(matrix: Any) -> Trial:
    """A fifth of the notes of some people held out at random. Raises Unlearnable."""
    dice = np.random.default_rng(0)
    judges, held, out = [], [], []
    for person in _some_people(matrix):
        first, last = matrix.indptr[person], matrix.indptr[person + 1]
        if last - first < 2:
            continue
        count = max(1, int((last - first) * HELD_OUT_SHARE))
        cells = first + dice.choice(last - first, count, replace=False)
        judges.append(person)
        held.append(matrix.indices[cells].astype(np.int64))
        out.append(cells)
    if not judges:
        raise Unlearnable("nobody engaged with two notes")
    rest = matrix.copy()
    rest.data[np.concatenate(out)] = 0
    rest.eliminate_zeros()
    check(rest)
    return Trial(rest, np.array(judges), held)


def judge(trial: Trial, scores: Scores) -> dict[str, Any]:
    """Mean recall of the notes held out, ours and of the most popular. Raises Unlearnable when
    ours is less."""
    popular = degrees(trial.matrix, 0).astype(np.float32)
    ours: list[float] = []
    usual: list[float] = []
    for person, held in zip(trial.judges, trial.held, strict=True):
        rows, weights = _row(trial.matrix, person)
        for kept, given in ((ours, scores(rows, weights)), (usual, popular)):
            own = np.array(given, copy=True)
            own[rows] = 0
            kept.append(float(np.isin(held, best(own, K)).mean()))
    recall, popularity = float(np.mean(ours)), float(np.mean(usual))
    if not recall >= popularity:
        raise Unlearnable(f"recall@{K} {recall:.4f}, of the most popular notes {popularity:.4f}")
    return {
        f"recall@{K}": round(recall, 4),
        "of_popular": round(popularity, 4),
        "judges": len(ours),
    }


def _some_people(matrix: Any) -> Ints:
    people = np.flatnonzero(np.diff(matrix.indptr) > 0)
    return np.random.default_rng(1).permutation(people)[:JUDGES]


def _row(matrix: Any, person: int) -> tuple[Ints, Floats]:
    first, last = matrix.indptr[person], matrix.indptr[person + 1]
    return matrix.indices[first:last].astype(np.int64), matrix.data[first:last]


def _finite(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise Unlearnable(f"{name}: what was learnt is not a number")
    return arrays
