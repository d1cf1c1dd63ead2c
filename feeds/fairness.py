"""Whose new note goes first: what is owed before what is new, one author beside the other.

Pure rules, no rows, no Django.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable


def turns(authors: Iterable[int]) -> list[int]:
    """How many earlier notes of the same author stand before each note; notes oldest first."""
    before: Counter[int] = Counter()
    found = []
    for author in authors:
        found.append(before[author])
        before[author] += 1
    return found


def turn_weight(turn: int, author_share: float) -> float:
    """What a slot is worth to a note with `turn` earlier ones of its author running: each weighs
    `author_share` of the one before it, so that all of an author's together weigh less than
    1 / (1 - author_share) notes, however many they are."""
    return float(author_share**turn)


def is_owed(*, turn: int, age_hours: float, hours: int) -> bool:
    """Whether a note comes before new ones: its time is over, and no older note of its author
    runs. Of an author with many shortfalls one at a time is made good, or they would take all."""
    return turn == 0 and age_hours >= hours
