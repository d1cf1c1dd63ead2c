"""What may be concluded from an experiment: means, ratios, lifts and their intervals. Pure.

The horizon is fixed: an interval means what it says at the end that was set before the start, and
looking earlier and stopping when it pleases is wrong more often than it tells. All intervals are
two-sided at 1 - ALPHA. What cannot be computed is None, never a made-up zero.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

ALPHA = 0.05
# A sample ratio less likely than this is a fault of the experiment, not chance.
SRM_ALARM = 0.001

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval; `low` and `high` are None where there is too little."""

    value: float
    low: float | None
    high: float | None
    units: int
    # Variance of the value, not of a unit.
    variance: float | None = None


@dataclass(frozen=True, slots=True)
class Lift:
    """Relative difference to the control, and how likely one as large is without any effect."""

    value: float | None
    low: float | None
    high: float | None
    p: float | None


def clean(values: Sequence[float] | Values) -> Values:
    """Finite values only: a broken row costs itself."""
    array = np.asarray(values, np.float64).ravel()
    return array[np.isfinite(array)]


def mean_of(values: Sequence[float] | Values) -> Estimate | None:
    """Mean with Student's interval; None without a value."""
    kept = clean(values)
    if not len(kept):
        return None
    value = float(kept.mean())
    if len(kept) < 2:
        return Estimate(value, None, None, len(kept))
    variance = float(kept.var(ddof=1)) / len(kept)
    reach = float(stats.t.ppf(1 - ALPHA / 2, len(kept) - 1)) * math.sqrt(variance)
    return Estimate(value, value - reach, value + reach, len(kept), variance)


def ratio_of(above: Sequence[float] | Values, below: Sequence[float] | Values) -> Estimate | None:
    """sum(above) / sum(below) over units, by the delta method (Deng et al. 2018): units are
    independent, the impressions within one are not."""
    top, bottom = np.asarray(above, np.float64), np.asarray(below, np.float64)
    if top.shape != bottom.shape:
        raise ValueError("one pair a unit")
    kept = np.isfinite(top) & np.isfinite(bottom)
    top, bottom = top[kept], bottom[kept]
    if not len(top) or bottom.sum() <= 0:
        return None
    value = float(top.sum() / bottom.sum())
    if len(top) < 2:
        return Estimate(value, None, None, len(top))
    residuals = (top - value * bottom) / bottom.mean()
    variance = float(residuals.var(ddof=1)) / len(top)
    reach = float(stats.t.ppf(1 - ALPHA / 2, len(top) - 1)) * math.sqrt(variance)
    return Estimate(value, value - reach, value + reach, len(top), variance)


def share_of(count: int, total: int) -> Estimate | None:
    """A share of things that are alike and independent; the interval is Agresti and Coull's
    (1998), which does not shrink to nothing at 0 and 1."""
    if total <= 0:
        return None
    z = float(stats.norm.ppf(1 - ALPHA / 2))
    middle = (count + z * z / 2) / (total + z * z)
    variance = middle * (1 - middle) / (total + z * z)
    reach = z * math.sqrt(variance)
    low, high = max(0.0, middle - reach), min(1.0, middle + reach)
    return Estimate(count / total, low, high, total, variance)


def jackknife(value: float | None, without: Sequence[float | None]) -> Estimate | None:
    """A figure that is no mean (Gini, coverage), its interval from the same figure without each
    group of units in turn (Tukey 1958)."""
    if value is None:
        return None
    kept = clean([other for other in without if other is not None])
    if len(kept) < 2 or len(kept) < len(without):
        return Estimate(value, None, None, len(without))
    groups = len(kept)
    variance = float((groups - 1) / groups * ((kept - kept.mean()) ** 2).sum())
    reach = float(stats.t.ppf(1 - ALPHA / 2, groups - 1)) * math.sqrt(variance)
    return Estimate(value, value - reach, value + reach, groups, variance)


def lift_of(arm: Estimate | None, control: Estimate | None) -> Lift:
    """Relative difference by the delta method; p of Welch's test on the difference."""
    nothing = Lift(None, None, None, None)
    if arm is None or control is None or control.value == 0:
        return nothing
    value = arm.value / control.value - 1
    if arm.variance is None or control.variance is None:
        return Lift(value, None, None, None)
    both = arm.variance + control.variance
    if both <= 0:  # every unit is the same: there is nothing to judge chance by
        return Lift(value, None, None, None)
    freedom = both**2 / (
        arm.variance**2 / (arm.units - 1) + control.variance**2 / (control.units - 1)
    )
    p = 2 * float(stats.t.sf(abs(arm.value - control.value) / math.sqrt(both), freedom))
    share = arm.value / control.value
    spread = math.sqrt(arm.variance + share**2 * control.variance) / abs(control.value)
    reach = float(stats.t.ppf(1 - ALPHA / 2, freedom)) * spread
    return Lift(value, value - reach, value + reach, p)


def cuped(values: Sequence[Values], before: Sequence[Values]) -> tuple[list[Values], float]:
    """Values of every arm less what their past explains, and the share of variance that removes
    (Deng et al. 2013). One theta over all arms; a past without spread changes nothing."""
    theta, middle = 0.0, 0.0
    y = np.concatenate([np.asarray(arm, np.float64) for arm in values]) if values else np.zeros(0)
    x = np.concatenate([np.asarray(arm, np.float64) for arm in before]) if before else np.zeros(0)
    if y.shape != x.shape:
        raise ValueError("one past a unit")
    kept = np.isfinite(y) & np.isfinite(x)
    if kept.sum() >= 3 and x[kept].var() > 0 and y[kept].var() > 0:
        middle = float(x[kept].mean())
        theta = float(np.cov(y[kept], x[kept])[0, 1] / x[kept].var(ddof=1))
    adjusted = [
        np.asarray(arm, np.float64) - theta * np.nan_to_num(np.asarray(past) - middle)
        for arm, past in zip(values, before, strict=True)
    ]
    if theta == 0:
        return adjusted, 0.0
    after = np.concatenate(adjusted)[kept]
    return adjusted, max(0.0, 1 - float(after.var() / y[kept].var()))


def sample_ratio(counts: Sequence[int], shares: Sequence[int]) -> float | None:
    """p of the units counted by arm under the shares that were set (chi-square); None if empty."""
    total, whole = sum(counts), sum(shares)
    if not total or len(counts) < 2 or whole <= 0 or min(shares) <= 0:
        return None
    expected = [total * share / whole for share in shares]
    return float(stats.chisquare(counts, expected).pvalue)


def ratio_alarms(p: float | None) -> bool:
    return p is not None and p < SRM_ALARM
