"""How good scores and probabilities are. Pure numpy; ties count a half, as they should.

AUC: Mann-Whitney. GAUC: the AUC of each person's own impressions, weighted by their number (Zhou et
al. 2018): the order of one's own list is all that a ranker decides. ECE: mean distance of predicted
and observed rate over bins of equal size (Naeini et al. 2015).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]
BINS = 15


@dataclass(frozen=True, slots=True)
class PerPerson:
    """AUC of each person with both outcomes, and how many impressions stand behind it."""

    people: NDArray[np.int64]
    auc: Numbers
    weight: Numbers

    @property
    def mean(self) -> float:
        return float(np.average(self.auc, weights=self.weight)) if len(self.auc) else float("nan")


def auc(scores: ArrayLike, labels: ArrayLike) -> float:
    """NaN where only one outcome occurred."""
    one = np.zeros(np.shape(labels), np.int64)
    return auc_per_person(one, scores, labels).mean


def auc_per_person(people: ArrayLike, scores: ArrayLike, labels: ArrayLike) -> PerPerson:
    owner, score = np.asarray(people), np.asarray(scores, np.float64)
    order = np.lexsort((score, owner))
    owner, score = owner[order], score[order]
    positive = np.asarray(labels, np.float64)[order]
    count = len(owner)
    if not count:
        return PerPerson(np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
    new = np.r_[True, owner[1:] != owner[:-1]]
    start = np.maximum.accumulate(np.where(new, np.arange(count), 0))
    first = np.flatnonzero(new | np.r_[True, score[1:] != score[:-1]])
    last = np.r_[first[1:], count] - 1
    rank = np.repeat((first + last) / 2, last - first + 1) - start + 1
    which = np.cumsum(new) - 1
    positives = np.bincount(which, positive)
    rows = np.bincount(which).astype(np.float64)
    negatives = rows - positives
    both = (positives > 0) & (negatives > 0)
    wins = np.bincount(which, rank * positive) - positives * (positives + 1) / 2
    area = wins[both] / (positives[both] * negatives[both])
    return PerPerson(owner[new][both], area, rows[both])


def gain(ours: PerPerson, theirs: PerPerson) -> tuple[float, float]:
    """(difference of two GAUCs over the same impressions, its standard error over people)."""
    if not len(ours.auc):
        return float("nan"), float("nan")
    difference, share = ours.auc - theirs.auc, ours.weight / ours.weight.sum()
    mean = float((share * difference).sum())
    return mean, float(np.sqrt((share**2 * (difference - mean) ** 2).sum()))


def log_loss(probabilities: ArrayLike, labels: ArrayLike) -> float:
    chance = np.clip(np.asarray(probabilities, np.float64), 1e-7, 1 - 1e-7)
    outcome = np.asarray(labels, np.float64)
    return float(-np.mean(outcome * np.log(chance) + (1 - outcome) * np.log(1 - chance)))


def calibration(probabilities: ArrayLike, labels: ArrayLike) -> NDArray[np.float64]:
    """Rows of (mean predicted, observed rate, impressions) over bins of equal size."""
    chance, outcome = np.asarray(probabilities, np.float64), np.asarray(labels, np.float64)
    parts = np.array_split(np.argsort(chance, kind="stable"), min(BINS, max(1, len(chance))))
    rows = [(chance[p].mean(), outcome[p].mean(), len(p)) for p in parts if len(p)]
    return np.array(rows).reshape(-1, 3)


def calibration_error(probabilities: ArrayLike, labels: ArrayLike) -> float:
    bins = calibration(probabilities, labels)
    if not len(bins):
        return float("nan")
    return float(np.average(np.abs(bins[:, 0] - bins[:, 1]), weights=bins[:, 2]))
