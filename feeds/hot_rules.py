"""Rules of the hot list: heat of a note, and an order that nobody floods. No Django.

Sources: the decay is Lemmy's (log over age to the power 1.8); Wilson's lower bound holds back small
numbers; the order is a greedy relative of MMR (Carbonell, Goldstein 1998) with repeats as likeness.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

# Places looked back over when repeats are counted.
WINDOW = 10
# Places of a window and the one after it that notes of one style may take while others remain.
STYLE_SHARE = 7
# Notes that are looked at for each place of a list.
LOOKED_AT = 3
# People worth of doubt in "how much more than usual".
BURST_PRIOR = 5.0


@dataclass(frozen=True, slots=True)
class Heated:
    """A note with its heat, and what it is about: tags, sub-channel, style."""

    note: int
    author: int
    heat: float
    topics: frozenset[Hashable] = frozenset()
    style: Hashable = None


def decayed(engagement: float, hours: float, *, gravity: float) -> float:
    """Engagement damped by a logarithm, divided by age: newer wins between equals."""
    if not math.isfinite(engagement):
        engagement = 0.0
    return math.log(max(1.0, 3.0 + engagement)) / (max(0.0, hours) + 2.0) ** gravity


def held_back(engagement: float, people: int, seen: int, *, z: float) -> float:
    """Engagement times how sure its rate is: Wilson's lower bound over the rate, 0..1.

    `people` engaged among `seen` viewers; who engaged has seen, so never fewer than `people`.
    """
    if people <= 0:
        return 0.0
    n = max(people, seen)
    rate = people / n
    spread = z * math.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    lower = (rate + z * z / (2 * n) - spread) / (1 + z * z / n)
    return engagement * max(0.0, lower) / rate


def burst_factor(lately: float, usual: float, *, weight: float) -> float:
    """From 1 up: how far the last day exceeds a usual day of a note of the channel, damped."""
    ratio = (max(0.0, lately) + BURST_PRIOR) / (max(0.0, usual) + BURST_PRIOR)
    return 1.0 + weight * math.log(max(1.0, ratio))


def spread_out(
    notes: Sequence[Heated], *, per_author: int, most: int, topic_share: int, repeat: float
) -> list[Heated]:
    """At most `most` notes, hottest first, at most `per_author` of one author.

    Each repeat of a topic among the last ten places multiplies heat by `repeat`; a topic that holds
    `topic_share` of them waits while notes without it remain, as does a style with STYLE_SHARE.
    """
    left = hottest_first(notes)[: most * LOOKED_AT]
    # Where all are of one style, none of them need wait.
    mixed = len({row.style for row in left}) > 1
    authors: Counter[int] = Counter()
    recent: deque[list[Hashable]] = deque(maxlen=WINDOW - 1)
    counts: Counter[Hashable] = Counter()
    chosen: list[Heated] = []
    while left and len(chosen) < most:
        best = left.pop(_next(left, counts, topic_share, repeat))
        chosen.append(best)
        authors[best.author] += 1
        if authors[best.author] >= per_author:
            left = [row for row in left if row.author != best.author]
        if len(recent) == recent.maxlen:
            counts.subtract(recent[0])
        recent.append([*best.topics, *([("style", best.style)] if mixed else [])])
        counts.update(recent[-1])
    return chosen


def hottest_first(notes: Iterable[Heated]) -> list[Heated]:
    return sorted(notes, key=lambda row: (-row.heat, -row.note))


def _next(left: Sequence[Heated], counts: Mapping[Hashable, int], share: int, repeat: float) -> int:
    """Where the note that comes next stands. Repeats only cool, so a free note that is worth more
    than the heat of the next one is worth more than all after it."""
    best, at = (False, -1.0, 0), 0
    for index, row in enumerate(left):
        if best[0] and row.heat < best[1]:
            break
        repeats = max((counts.get(topic, 0) for topic in row.topics), default=0)
        is_free = repeats < share and counts.get(("style", row.style), 0) < STYLE_SHARE
        worth = (is_free, row.heat * repeat**repeats, row.note)
        if worth > best:
            best, at = worth, index
    return at


def movement(now: Sequence[int], before: Sequence[int]) -> dict[int, int | None]:
    """Places risen since the earlier list, by note; None for those that were not on it."""
    was = {note: place for place, note in enumerate(before)}
    return {note: was[note] - place if note in was else None for place, note in enumerate(now)}


def lift_of(
    topics: frozenset[Hashable], lifts: Sequence[tuple[int, float, frozenset[Hashable]]]
) -> tuple[float, int]:
    """(factor, id of the event) of the strongest event about one of the topics; (1, 0) if none."""
    fitting = [(factor, pk) for pk, factor, about in lifts if about & topics]
    return max(fitting, default=(1.0, 0))
