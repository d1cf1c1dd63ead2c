"""Intervals that hold at every look. Pure, and light enough for those who serve pages."""

from __future__ import annotations

import math


def always_valid(variance: float, *, alpha: float, scale: float) -> float:
    """Half an interval around a difference of this variance that holds at every look together, so
    that looking often is no fault: the mixture sequential test (Robbins 1970; Johari et al. 2017).
    Narrowest around differences of about `scale`."""
    if variance <= 0:
        return 0.0
    mixing = scale * scale or variance
    both = variance + mixing
    return math.sqrt(variance * both / mixing * (math.log(both / variance) - 2 * math.log(alpha)))
