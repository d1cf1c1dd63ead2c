"""The replay itself: two ways over the same logged lists.

One row is one card that was seen. Its weight is the probability with which the other way would have
put this note at this place, given what stands above it, over the one with which the way in force
did (0015). Only places count up to the first that the replay of the way in force does not put as it
was: there something was at work that is not logged (a dial, a wish, a note since changed).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .comparing import FIRST, Figures, Head, figures_of, is_new
from .estimators import Log, Replayed, estimate
from .guessing import Guess
from .logs import LOOKED, Logs
from .orders import Kept, Way, order_of
from .places import Chance, chances, likeliest

# With less of what was logged put back as it was, the rest may not speak for the whole.
LEAST_REPRODUCED = 0.5


@dataclass(frozen=True, slots=True)
class Outcome:
    lists: int
    cards: int
    broken: int
    # Share of seen cards whose place the replay of the way in force puts as it was.
    reproduced: float
    # Share of the first places that hold another note.
    moved: float
    engagement: Replayed
    opens: Replayed
    # Means an impression as they were.
    was_engagement: float | None
    was_opens: float | None
    before: Figures | None
    after: Figures | None
    doubts: tuple[str, ...]


@dataclass(slots=True)
class _Rows:
    """Probabilities of the seen cards that count."""

    rows: list[int]
    logged: list[float]
    target: list[float]
    places: list[Chance]


def replay(logs: Logs, control: Way, target: Way) -> Outcome:
    """Compare `target` with `control`, under which the logs were written."""
    seen_at = _by_list(logs)
    found = _Rows([], [], [], [])
    heads: tuple[list[Head], list[Head]] = ([], [])
    moved = total = 0
    for which, kept in enumerate(logs.lists):
        orders = order_of(kept, control), order_of(kept, target)
        _add_chances(found, kept, orders, (control, target), seen_at.get(which, []), logs)
        firsts = [
            likeliest(order, kept.channels, way.placing, most=FIRST)
            for order, way in zip(orders, (control, target), strict=True)
        ]
        moved += len(set(firsts[1]) - set(firsts[0]))
        total += len(firsts[0])
        for side, places in zip(heads, firsts, strict=True):
            side.append(_head(kept, places))
    return _outcome(logs, found, heads, moved / max(1, total))


def _by_list(logs: Logs) -> dict[int, list[int]]:
    rows: dict[int, list[int]] = {}
    for row, which in enumerate(logs.seen.of.tolist()):
        rows.setdefault(which, []).append(row)
    return rows


def _add_chances(
    found: _Rows,
    kept: Kept,
    orders: Sequence[list[int]],
    ways: tuple[Way, Way],
    rows: list[int],
    logs: Logs,
) -> None:
    shown = list(range(min(LOOKED, len(kept.notes))))
    was, would = (
        chances(order, kept.channels, shown, way.placing)
        for order, way in zip(orders, ways, strict=True)
    )
    sound = _reproduced(was, kept.propensities)
    for row in rows:
        place = int(logs.seen.places[row])
        if place < sound:
            found.rows.append(row)
            found.logged.append(was[place].shown)
            found.target.append(would[place].shown)
            found.places.append(would[place])


def _reproduced(was: list[Chance], propensities: NDArray[np.float32]) -> int:
    """How many places from the top are as they were logged: the best note, or one by chance."""
    for place, chance in enumerate(was):
        if (chance.shown > 0.5) != (propensities[place] > 0.5) or chance.shown <= 0:
            return place
    return len(was)


def _head(kept: Kept, places: list[int]) -> Head:
    facts = [kept.facts[place] for place in places]
    return Head(
        kept.notes[places],
        [fact.author_id for fact in facts],
        [fact.root_channel_id for fact in facts],
        kept.matrix[places],
    )


def _outcome(
    logs: Logs, found: _Rows, heads: tuple[list[Head], list[Head]], moved: float
) -> Outcome:
    seen, rows = logs.seen, np.array(found.rows, np.int64)
    reproduced = len(rows) / len(seen.of) if len(seen.of) else 0.0
    every = [kept.notes for kept in logs.lists]
    new = [kept.notes[is_new(kept.matrix)] for kept in logs.lists]
    counts = {
        "notes": len(np.unique(np.concatenate(every))) if every else 0,
        "new_notes": len(np.unique(np.concatenate(new))) if new else 0,
    }
    engagement, opens = (
        _estimate(logs, found, rows, reward) for reward in (seen.engagement, seen.opens)
    )
    doubts = dict.fromkeys((*engagement.doubts, *opens.doubts))
    if len(seen.of) and reproduced < LEAST_REPRODUCED:
        doubts[f"only {reproduced:.0%} of the cards stand where the replay would put them"] = None
    return Outcome(
        lists=len(logs.lists),
        cards=len(seen.of),
        broken=logs.broken,
        reproduced=reproduced,
        moved=moved,
        engagement=engagement,
        opens=opens,
        was_engagement=float(seen.engagement[rows].mean()) if len(rows) else None,
        was_opens=float(seen.opens[rows].mean()) if len(rows) else None,
        before=figures_of(heads[0], **counts),
        after=figures_of(heads[1], **counts),
        doubts=tuple(doubts),
    )


def _estimate(
    logs: Logs, found: _Rows, rows: NDArray[np.int64], reward: NDArray[np.float64]
) -> Replayed:
    seen = logs.seen
    shown = [
        logs.lists[which].matrix[place]
        for which, place in zip(seen.of[rows].tolist(), seen.places[rows].tolist(), strict=True)
    ]
    people, got = seen.people[rows], reward[rows]
    if not shown:
        nothing = np.zeros(0)
        return estimate(Log(people, nothing, nothing, nothing, nothing, nothing))
    guess = Guess(np.stack(shown), got, people)
    model, expected = np.zeros(len(rows)), np.zeros(len(rows))
    guesses: dict[int, NDArray[np.float64]] = {}
    for row, chance in enumerate(found.places):
        which, place = int(seen.of[rows[row]]), int(seen.places[rows[row]])
        if which not in guesses:
            guesses[which] = guess.of(logs.lists[which].matrix, int(people[row]))
        values = guesses[which]
        model[row] = values[place]
        expected[row] = chance.each * values[list(chance.heads)].sum()
        expected[row] += (chance.first - chance.each) * values[chance.heads[0]]
    return estimate(
        Log(people, got, np.array(found.logged), np.array(found.target), model, expected)
    )
