"""Which tags go together: how much more often than by chance, and how often at all. Pure.

Normalised pointwise mutual information (Bouma 2009), shrunk towards zero for pairs seen seldom
(as in Bell and Koren 2007). A person counts a few times at most, so that nobody makes a
relation alone.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

# Notes of one person that count for one pair or one tag.
MOST_OF_ONE = 3
# People who must have used a pair.
FEWEST_PEOPLE = 2
# A pair seen so often has half of its worth.
SHRINK = 4
MOST_RELATED = 12
# Weaker relations say nothing.
WEAKEST = 0.05


class Related(NamedTuple):
    """`other` goes with `tag`: `score` in (0, 1], `together` the notes that counted."""

    tag: int
    other: int
    score: float
    together: int


def relations(
    uses: Iterable[tuple[int, int, int]], pairs: Iterable[tuple[int, int, int, int]]
) -> list[Related]:
    """The strongest relations of each tag, best first.

    `uses` are (tag, person, notes); `pairs` are (tag, other, person, notes) with tag < other.
    """
    alone: dict[int, int] = defaultdict(int)
    for tag, _person, notes in uses:
        alone[tag] += min(notes, MOST_OF_ONE)
    total = sum(alone.values())
    together: dict[tuple[int, int], int] = defaultdict(int)
    people: dict[tuple[int, int], int] = defaultdict(int)
    for tag, other, _person, notes in pairs:
        together[tag, other] += min(notes, MOST_OF_ONE)
        people[tag, other] += 1
    by_tag: dict[int, list[Related]] = defaultdict(list)
    for (tag, other), count in together.items():
        if people[tag, other] < FEWEST_PEOPLE:
            continue
        score = strength(count, alone[tag], alone[other], total)
        if score >= WEAKEST:
            by_tag[tag].append(Related(tag, other, score, count))
            by_tag[other].append(Related(other, tag, score, count))
    return [
        related
        for tag in sorted(by_tag)
        for related in sorted(by_tag[tag], key=lambda r: (-r.score, r.other))[:MOST_RELATED]
    ]


def strength(together: int, one: int, other: int, total: int) -> float:
    """In [0, 1]: 0 for what meets by chance or less, towards 1 for what is never seen apart."""
    if together <= 0 or min(one, other) <= 0:
        return 0.0
    together = min(together, one, other)
    total = max(total, one + other)
    chance = together / total
    information = math.log(chance * total * total / (one * other)) / -math.log(chance)
    return max(0.0, min(1.0, information)) * together / (together + SHRINK)
