"""Learn a ranker from a table, and judge it against the formula on later impressions. Pure.

By time: 70% to learn from, 15% to stop and calibrate on, 15% to judge on. Refusals are sentences.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from feeds.features import FEATURES
from feeds.formula import parts_of
from feeds.policy import Policy

from . import measures
from .forest import Forest
from .learnt import Calibrated, LearntModels, value_of
from .table import OBJECTIVES, Table

LEARN, CALIBRATE = 0.70, 0.85
LEAST_PEOPLE = LEAST_NOTES = 10
# Trees cost 40 ns each and row when serving: many for opens, few for what is rare.
ROUNDS = {"open": 60}
ROUNDS_OTHERS = 20
LEAVES = {"open": 15}
LEAVES_OTHERS = 8
STOP_AFTER = 8
SHAPE = {
    "objective": "binary", "learning_rate": 0.12, "min_data_in_leaf": 40, "lambda_l2": 5.0,
    "feature_fraction": 0.8, "bagging_fraction": 0.8, "bagging_freq": 1, "max_bin": 127,
    "deterministic": True, "force_row_wise": True, "seed": 7, "verbosity": -1,
}  # fmt: skip

Say = Callable[[str], None]


class Refused(Exception):
    """Why nothing was learnt, or why what was learnt is not to be used; `figures` were measured."""

    def __init__(self, reason: str, figures: dict[str, Any] | None = None) -> None:
        super().__init__(reason)
        self.figures = figures or {}


@dataclass(frozen=True, slots=True)
class Lesson:
    """What came of one training."""

    forests: dict[str, str]
    calibrations: dict[str, tuple[float, float]]
    figures: dict[str, Any]
    # Rows of (predicted, observed, impressions) of each objective; gain of each feature.
    curves: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    importance: dict[str, float] = field(default_factory=dict)


def learn(
    table: Table, policy: Policy, *, least: int | None = None, threads: int = 1, say: Say = print
) -> Lesson:
    """Train, calibrate and judge. `least` overrides the policy's least number of impressions.

    Raises Refused.
    """
    check(table, policy.ranking.least_impressions if least is None else least)
    first, second = (int(len(table) * share) for share in (LEARN, CALIBRATE))
    fit, tune, test = (
        table.of(slice(*ends)) for ends in ((0, first), (first, second), (second, len(table)))
    )
    forests, calibrations, models, gains = {}, {}, {}, np.zeros(len(FEATURES))
    for name in OBJECTIVES:
        if _too_rare(name, fit, tune, policy.ranking.least_positives):
            say(f"{name}: too few examples, left out")
            continue
        text, gain = boosted(name, fit, tune, threads)
        forest = Forest(text)
        pair = platt(forest.log_odds(tune.features), tune.label(name))
        if pair[0] <= 0:
            say(f"{name}: says nothing about later impressions, left out")
            continue
        forests[name], calibrations[name] = text, pair
        models[name] = Calibrated(forest, *pair)
        gains += gain
    if "open" not in models:
        raise Refused("nothing could be learnt about opens")
    figures, curves = judge(LearntModels(models), test, policy)
    importance = dict(zip(FEATURES, (gains / max(gains.sum(), 1e-12)).tolist(), strict=True))
    figures["rows"] = {"learnt_from": len(fit), "calibrated_on": len(tune), "judged_on": len(test)}
    return Lesson(forests, calibrations, figures, curves, importance)


def check(table: Table, least: int) -> None:
    """Whether there is anything to learn from. Raises Refused."""
    if len(table) < least:
        raise Refused(f"{len(table)} logged impressions, {least} are needed")
    for what, values, few in (
        ("people", table.people, LEAST_PEOPLE),
        ("notes", table.notes, LEAST_NOTES),
    ):
        if (count := len(np.unique(values))) < few:
            raise Refused(f"impressions of {count} {what} only, {few} are needed")
    if not np.isfinite(table.features).all():
        raise Refused("features that are not numbers")
    if (table.features == table.features[0]).all():
        raise Refused("all impressions have the same features")
    opens = table.label("open")
    if opens.min() == opens.max():
        raise Refused("all impressions had the same outcome")


def _too_rare(name: str, fit: Table, tune: Table, least: int) -> bool:
    counts = [(part.label(name) == value).sum() for part in (fit, tune) for value in (0, 1)]
    return bool(fit.label(name).sum() < least or min(counts) < least / 10)


def boosted(name: str, fit: Table, tune: Table, threads: int) -> tuple[str, NDArray[np.float64]]:
    """(the forest as text, gain of each feature): trees are added until later data gain nothing."""
    import lightgbm  # 100 MB that only training needs

    shape = SHAPE | {
        "num_leaves": LEAVES.get(name, LEAVES_OTHERS),
        "num_threads": threads,
        "metric": "binary_logloss",
    }
    train = lightgbm.Dataset(fit.features, fit.label(name), params=shape)
    booster = lightgbm.train(
        shape,
        train,
        num_boost_round=ROUNDS.get(name, ROUNDS_OTHERS),
        valid_sets=[train.create_valid(tune.features, tune.label(name))],
        callbacks=[lightgbm.early_stopping(STOP_AFTER, verbose=False)],
    )
    text = booster.model_to_string(num_iteration=booster.best_iteration)
    return text, booster.feature_importance("gain", iteration=booster.best_iteration)


def platt(log_odds: NDArray[np.float64], labels: NDArray[np.uint8]) -> tuple[float, float]:
    """(slope, intercept) of the sigmoid that fits the outcomes best (Platt 1999).

    Smooth and strictly monotone where isotonic regression would tie scores and lose order.
    """
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=1e6).fit(log_odds.reshape(-1, 1), labels)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


# ---------------------------------------------------------------- judging
def judge(
    models: LearntModels, test: Table, policy: Policy
) -> tuple[dict[str, Any], dict[str, NDArray[np.float64]]]:
    """Figures by objective and against the formula on the same impressions, and the calibration
    curves. Raises Refused when the guardrail does."""
    chances = models.probabilities(test.features)
    formula = parts_of(test.features, policy).sum(axis=1)
    ours = value_of(chances, policy)
    figures: dict[str, Any] = {"objectives": {}, "against_formula": {}}
    for name, chance in chances.items():
        figures["objectives"][name] = _figures_of(test, name, chance)
    spreads = {}
    for name, labels in (("open", test.label("open")), ("acted", test.acted)):
        learnt = measures.auc_per_person(test.people, ours, labels)
        fixed = measures.auc_per_person(test.people, formula, labels)
        better, spread = measures.gain(learnt, fixed)
        spreads[name] = (better, spread)
        figures["against_formula"][name] = rounded(
            gauc=learnt.mean, gauc_formula=fixed.mean, gain=better, standard_error=spread,
            auc=measures.auc(ours, labels), auc_formula=measures.auc(formula, labels),
        )  # fmt: skip
    curves = {
        name: measures.calibration(chance, test.label(name)) for name, chance in chances.items()
    }
    reason = guardrail(chances, spreads, figures["objectives"]["open"], policy)
    if reason:
        raise Refused(reason, figures)
    return figures, curves


def _figures_of(test: Table, name: str, chance: NDArray[np.float64]) -> dict[str, float | None]:
    labels = test.label(name)
    rate = float(labels.mean())
    return rounded(
        positives=float(labels.sum()),
        rate=rate,
        auc=measures.auc(chance, labels),
        gauc=measures.auc_per_person(test.people, chance, labels).mean,
        log_loss=measures.log_loss(chance, labels),
        log_loss_of_rate=measures.log_loss(np.full(len(labels), rate), labels),
        calibration_error=measures.calibration_error(chance, labels),
    )


def guardrail(
    chances: dict[str, NDArray[np.float64]],
    against_formula: dict[str, tuple[float, float]],
    opens: dict[str, float | None],
    policy: Policy,
) -> str:
    """Why the models are not to be used; empty when they may be.

    Opens must be ordered at least as well as by the formula; acts, which are few, must not be
    ordered worse beyond chance (two standard errors).
    """
    rules = policy.ranking
    if not all(np.isfinite(chance).all() for chance in chances.values()):
        return "predictions that are not numbers"
    better, _spread = against_formula["open"]
    if not better >= rules.least_gain:  # also where it is no number
        return f"GAUC of opens {better:+.4f} against the formula, {rules.least_gain:+.4f} is needed"
    acts, spread = against_formula["acted"]
    if acts < -2 * spread:
        return f"GAUC of acts {acts:+.4f} against the formula"
    error, rate = opens["calibration_error"] or 0.0, opens["rate"] or 0.0
    if error > rules.worst_calibration * rate:
        return f"calibration error of opens {error:.4f} at a rate of {rate:.4f}"
    return ""


def rounded(**values: float) -> dict[str, float | None]:
    """Figures for people and JSON: what is no number is None."""
    return {name: round(x, 5) if np.isfinite(x) else None for name, x in values.items()}
