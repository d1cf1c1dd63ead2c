"""What moved a learnt score, by asking the models again without it. Pure.

The part of, say, an author is what the score loses when the row is scored as if nothing tied the
viewer to that author. So a receipt says what is true of this model and this card, at the price of
scoring a few rows more; no explanation is fitted afterwards.
"""

from __future__ import annotations

import math

import numpy as np

from feeds.features import COLUMN, RATES, USUAL, Matrix
from feeds.formula import LEARNT, PARTS, Parts
from feeds.policy import Policy

from .learnt import LearntModels

OLD_HOURS = 24 * 30
# Columns behind each part, and what they say when nothing is known.
WITHOUT: dict[str, dict[str, float]] = {
    "tag": {"interest": 0, "interest_best": 0, "recent": 0},
    "channel": {"channel": 0},
    "followed": {"followed": 0, "author": 0},
    "learnt": {f"source_{name}": 0 for name in LEARNT},
    "popular": {f"rate_{name}": USUAL[name] for name in RATES} | {"popularity": 0.04},
    "quality": {"quality": 0.4},
    "near": {"near": 0},
    "fresh": {"age": math.log1p(OLD_HOURS)},
    "pool": {"boost": 1},
    "small": {"small_author": 0},
}


def parts_without(models: LearntModels, matrix: Matrix, policy: Policy) -> Parts:
    """What each score loses without each part, shape (rows, PARTS)."""
    asked, where = [matrix], []
    for part, neutral in WITHOUT.items():
        columns = [COLUMN[name] for name in neutral]
        values = np.array(list(neutral.values()), np.float32)
        changed = np.flatnonzero((matrix[:, columns] != values).any(axis=1))
        rows = matrix[changed]
        rows[:, columns] = values
        asked.append(rows)
        where.append((PARTS.index(part), changed))
    scores = models.score(np.concatenate(asked), policy)
    parts, start = np.zeros((len(matrix), len(PARTS))), len(matrix)
    for part_at, changed in where:
        end = start + len(changed)
        parts[changed, part_at] = scores[changed] - scores[start:end]
        start = end
    return parts
