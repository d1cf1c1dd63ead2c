"""How a cost grows with the number of notes: the exponent of a power law through what was measured.

0: the same at any size; 1: ten times the notes cost ten times as much. Fitted by least squares on
logarithms (a straight line through log cost against log notes).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

# Names of figures of scaling.py: the largest exponent that holds, and the one we should like.
MUST = {
    "tick_due": (1.10, 1.05),
    "discover": (0.10, 0.05),
    "hot": (0.10, 0.05),
    "follow": (0.10, 0.05),
    "nearby": (0.20, 0.10),
}
# What the goals speak of; fewer sizes, or others, tell less.
FROM_NOTES, TO_NOTES = 10_000, 1_000_000
# Less than this cannot be told from nothing by a processor's clock.
LEAST = 0.01


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float | None:
    """The slope of log cost against log size; None for fewer than two sizes."""
    if len(set(sizes)) < 2:
        return None
    xs = [math.log(size) for size in sizes]
    ys = [math.log(max(LEAST, cost)) for cost in costs]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    along = sum((x - middle_x) ** 2 for x in xs)
    return sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True)) / along


def exponent_of(name: str, rows: Sequence[Mapping[str, float]]) -> float | None:
    """Of one figure over the sizes that have it."""
    known = [row for row in rows if name in row]
    return exponent([row["notes"] for row in known], [row[name] for row in known])


def span(rows: Sequence[Mapping[str, float]], name: str) -> tuple[int, int]:
    """The least and the greatest number of notes at which this figure was measured; 0 for none."""
    sizes = [int(row["notes"]) for row in rows if name in row]
    return (min(sizes), max(sizes)) if sizes else (0, 0)
