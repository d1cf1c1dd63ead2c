"""A learnt ranker: calibrated boosted trees, one forest an objective, and what an impression is
worth by them. Pure.

    value = p_open + sum of weight x p_act = p_open x (1 + sum of weight x p_act given an open)

Every p is the calibrated probability that it comes of the impression, so that the sum is the
expected engagement. Hides count against.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feeds.features import FEATURES
from feeds.formula import house_factor
from feeds.policy import Policy

from .forest import Forest
from .table import OBJECTIVES

# Names of the artefact's parts.
FEATURES_TEXT, FOREST_TEXT, CALIBRATION = "features", "forest_", "calibration_"
# A score below nothing would turn re-ranking factors around.
LEAST_VALUE = 1e-6

Numbers = NDArray[np.float64]


class NotOurs(Exception):
    """An artefact whose features or parts are not what this code works with."""


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A forest with Platt's two numbers: p = sigmoid(slope x log odds + intercept)."""

    forest: Forest
    slope: float = 1.0
    intercept: float = 0.0

    def probability(self, matrix: NDArray[np.float32]) -> Numbers:
        odds = self.slope * self.forest.log_odds(matrix) + self.intercept
        return np.asarray(1 / (1 + np.exp(-np.clip(odds, -50, 50))))


@dataclass(frozen=True, slots=True)
class LearntModels:
    """One calibrated forest for each objective that had enough examples; "open" is always there."""

    by_objective: Mapping[str, Calibrated]

    def probabilities(self, matrix: NDArray[np.float32]) -> dict[str, Numbers]:
        return {name: model.probability(matrix) for name, model in self.by_objective.items()}

    def value(self, matrix: NDArray[np.float32], policy: Policy) -> Numbers:
        """Expected engagement of an impression of each row, before what the house adds."""
        return value_of(self.probabilities(matrix), policy)

    def score(self, matrix: NDArray[np.float32], policy: Policy) -> Numbers:
        return self.value(matrix, policy) * house_factor(matrix, policy)


def weights_of(policy: Policy) -> dict[str, float]:
    """What each objective is worth."""
    acts, rules = policy.engagement, policy.ranking
    return {
        "open": 1.0, "long_read": rules.long_read, "like": acts.like, "collect": acts.collect,
        "comment": acts.comment, "share": acts.share, "follow": acts.follow, "hide": -rules.hide,
    }  # fmt: skip


def value_of(probabilities: Mapping[str, Numbers], policy: Policy) -> Numbers:
    weights = weights_of(policy)
    total = sum(weights[name] * chance for name, chance in probabilities.items())
    return np.maximum(np.asarray(total, np.float64), LEAST_VALUE)


def as_parts(
    forests: Mapping[str, str], calibrations: Mapping[str, tuple[float, float]]
) -> tuple[dict[str, NDArray], dict[str, str]]:
    """(arrays, texts) under which a learnt ranker is kept."""
    texts = {f"{FOREST_TEXT}{name}": text for name, text in forests.items()}
    texts[FEATURES_TEXT] = json.dumps(FEATURES)
    arrays = {f"{CALIBRATION}{name}": np.array(pair) for name, pair in calibrations.items()}
    return arrays, texts


def from_parts(arrays: Mapping[str, NDArray], texts: Mapping[str, str]) -> LearntModels:
    """Raises NotOurs, and ForestError where LightGBM is missing or refuses a forest."""
    try:
        known = tuple(json.loads(texts[FEATURES_TEXT]))
    except (KeyError, ValueError, TypeError) as error:
        raise NotOurs("it does not say which features it was trained on") from error
    if known != FEATURES:
        raise NotOurs("it was trained on other features")
    models = {}
    for name in OBJECTIVES:
        if (text := texts.get(FOREST_TEXT + name)) is None:
            continue
        pair = arrays.get(CALIBRATION + name)
        if pair is None or pair.shape != (2,) or not np.isfinite(pair).all():
            raise NotOurs(f"its calibration of {name} is missing")
        models[name] = Calibrated(Forest(text), float(pair[0]), float(pair[1]))
    if "open" not in models:
        raise NotOurs("it has no model of opens")
    return LearntModels(models)
