"""How unequally something is shared out. Pure, and without scipy: pages ask too."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def gini(values: Sequence[float] | NDArray[np.float64]) -> float | None:
    """0 when all get alike, towards 1 when one gets everything; None where there is nothing to
    share or less than nothing. What is no number is left out."""
    array = np.asarray(values, np.float64).ravel()
    kept = np.sort(array[np.isfinite(array)])
    if not len(kept) or kept.min() < 0 or kept.sum() <= 0:
        return None
    ranks = np.arange(1, len(kept) + 1)
    return float((2 * ranks - len(kept) - 1) @ kept / (len(kept) * kept.sum()))
