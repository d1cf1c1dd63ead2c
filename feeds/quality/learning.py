"""Fit the weights of quality dimensions to what readers did. Pure: no rows, no Django.

Non-negative ridge regression (Lawson and Hanson's NNLS) of the rank of each note's engagement rate
on its dimension scores, drawn towards the weights in use before: as if so many more notes had been
seen that follow them. Accepted only if notes that were held back are ordered better.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls
from scipy.stats import rankdata

Floats = NDArray[np.float64]

# The newest fifth is held back.
HELD_BACK = 0.2
# By how much the rank correlation with engagement must rise on the notes held back.
LEAST_GAIN = 0.01
# A dimension in which notes hardly differ tells nothing; it is held to its default as if they did.
LEAST_SPREAD = 0.05


class NotLearnt(Exception):
    """Why the weights stay as they are, in a sentence for operators."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """Weights that add up to 1, and rank correlations on the notes held back."""

    weights: Floats
    correlation: float
    default_correlation: float
    notes: int
    held_back: int


def learn(
    scores: Floats,
    rates: Floats,
    default: Floats,
    *,
    least_notes: int,
    prior_notes: float,
    as_used: Callable[[Floats], Floats] = lambda weights: weights,
) -> Learnt:
    """`scores` (notes, dimensions) from 0 to 1 and `rates` (notes,), oldest first; `default`
    (dimensions,); `as_used` turns fitted weights into those that would be used, which are what is
    held against the notes held back. Raises NotLearnt."""
    if len(rates) < least_notes:
        raise NotLearnt(f"{len(rates)} notes have enough readers, {least_notes} are needed.")
    if not (np.isfinite(scores).all() and np.isfinite(rates).all()):
        raise NotLearnt("Scores or rates are no numbers.")
    cut = len(rates) - max(1, round(HELD_BACK * len(rates)))
    if np.ptp(rates[:cut]) == 0 or np.ptp(rates[cut:]) == 0:
        raise NotLearnt("All notes are engaged with alike.")
    fitted = as_used(fit(scores[:cut], rates[:cut], default, prior_notes=prior_notes))
    before = rank_correlation(scores[cut:] @ default, rates[cut:])
    after = rank_correlation(scores[cut:] @ fitted, rates[cut:])
    if after < before + LEAST_GAIN or after <= 0:
        raise NotLearnt(
            f"Notes held back are not ordered better: {after:.3f} against {before:.3f}."
        )
    weights = as_used(fit(scores, rates, default, prior_notes=prior_notes))
    return Learnt(weights, after, before, len(rates), len(rates) - cut)


def fit(scores: Floats, rates: Floats, default: Floats, *, prior_notes: float) -> Floats:
    """Weights (dimensions,), none negative, adding up to 1."""
    default = default / default.sum()
    spread = np.maximum(scores.std(axis=0), LEAST_SPREAD)
    x = scores - scores.mean(axis=0)
    y = rankdata(rates) / len(rates)
    y = y - y.mean()
    pull = np.sqrt(prior_notes) * spread
    towards = _scale(x @ default, y) * default
    rows = np.vstack([x, np.diag(pull)])
    weights, _rest = nnls(rows, np.concatenate([y, pull * towards]))
    total = weights.sum()
    return np.asarray(weights / total) if total > 0 else default


def _scale(total: Floats, y: Floats) -> float:
    """How many ranks one point of the default total is worth; never nothing, so that what the
    weights are drawn towards has a direction."""
    variance = float(total @ total)
    if variance == 0:
        return 1.0
    least = 0.1 * float(np.sqrt(y @ y / variance))
    return max(float(total @ y) / variance, least)


def rank_correlation(first: Floats, second: Floats) -> float:
    """Spearman's, -1 to 1; 0 where one of the two does not vary."""
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return 0.0
    return float(np.corrcoef(rankdata(first), rankdata(second))[0, 1])
