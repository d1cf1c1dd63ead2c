"""What the readers of an experiment saw, card by card: sessions, coming back, and how evenly
exposure is spread over notes and authors.

Gini and coverage grow and shrink with the number of cards, so every arm is measured on as many as
the smallest has. Their intervals are jackknifed over groups of readers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from feeds.inequality import gini
from feeds.models import Impression, LiveNote, PoolTransition
from feeds.pools import Reason

from .acts import between
from .models import Experiment
from .statistics import Estimate, jackknife, share_of

Ids = NDArray[np.int64]
# A pause that ends a sitting.
PAUSE = 30 * 60
GROUPS = 20
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sights:
    """One row a card seen, ordered by person and time; seconds count from the start."""

    people: Ids
    notes: Ids
    authors: Ids
    seconds: NDArray[np.float64]

    def of(self, chosen: NDArray[np.bool_]) -> Sights:
        return Sights(
            self.people[chosen], self.notes[chosen], self.authors[chosen], self.seconds[chosen]
        )


def sights_of(experiment: Experiment, since: datetime, until: datetime) -> Sights:
    among = experiment.exposures.values_list("person_id", flat=True)
    seen = between(Impression, since, until, among=among).order_by("person", "at")
    rows = list(seen.values_list("person_id", "note_id", "note__author_id", "at"))
    people, notes, authors = (
        np.fromiter((row[column] for row in rows), np.int64, len(rows)) for column in range(3)
    )
    when = (row[3].timestamp() - since.timestamp() for row in rows)
    return Sights(people, notes, authors, np.fromiter(when, np.float64, len(rows)))


def sessions(sights: Sights) -> dict[int, int]:
    """Sittings of each person: runs of cards without a pause."""
    if not len(sights.people):
        return {}
    begins = np.ones(len(sights.people), bool)
    same = sights.people[1:] == sights.people[:-1]
    begins[1:] = ~same | (np.diff(sights.seconds) > PAUSE)
    people, counts = np.unique(sights.people[begins], return_counts=True)
    return dict(zip(people.tolist(), counts.tolist(), strict=True))


def came_back(
    sights: Sights, exposed: dict[int, datetime], since: datetime, until: datetime, day: int
) -> Estimate | None:
    """Share of readers who saw a card between `day` and `day` + 1 days after they met their arm.
    Who met it too lately to tell is left out."""
    begin = {
        person: (at - since).total_seconds() + day * A_DAY.total_seconds()
        for person, at in exposed.items()
        if at + (day + 1) * A_DAY <= until
    }
    if not begin:
        return None
    starts = np.array([begin.get(int(person), np.nan) for person in sights.people])
    after = sights.seconds - starts
    back = np.unique(sights.people[(after >= 0) & (after < A_DAY.total_seconds())])
    return share_of(len(back), len(begin))


def spread_by_arm(
    arms: list[Sights], since: datetime, until: datetime
) -> dict[str, list[Estimate | None]]:
    """Evenness and coverage of each arm, on equally many cards."""
    fresh = _admitted(since, until)
    live = np.array(list(LiveNote.objects.values_list("pk", flat=True)), np.int64)
    least = min((len(arm.people) for arm in arms), default=0)
    equal = [_thinned(arm, least) for arm in arms]

    def coverage(seen: Sights) -> float | None:
        return len(np.intersect1d(seen.notes, live)) / len(live) if len(live) else None

    def coverage_of_new(seen: Sights) -> float | None:
        return len(np.intersect1d(seen.notes, fresh)) / len(fresh) if len(fresh) else None

    figures: dict[str, Callable[[Sights], float | None]] = {
        "Gini of exposure by note": lambda seen: gini(_counts(seen.notes)),
        "Gini of exposure by author": lambda seen: gini(_counts(seen.authors)),
        "live notes seen": coverage,
        "new notes seen": coverage_of_new,
    }
    return {
        name: [_jackknifed(figure, arm) if least else None for arm in equal]
        for name, figure in figures.items()
    }


def _admitted(since: datetime, until: datetime) -> Ids:
    """Notes that entered the pools meanwhile."""
    steps = between(PoolTransition, since, until).filter(reason=Reason.ADMITTED)
    return np.unique(np.array(list(steps.values_list("note_id", flat=True)), np.int64))


def _counts(ids: Ids) -> NDArray[np.float64]:
    return np.unique(ids, return_counts=True)[1].astype(np.float64)


def _thinned(arm: Sights, count: int) -> Sights:
    """So many cards by chance, the same ones at every look."""
    kept = np.random.default_rng(0).permutation(len(arm.people))[:count]
    chosen = np.zeros(len(arm.people), bool)
    chosen[kept] = True
    return arm.of(chosen)


def _jackknifed(figure: Callable[[Sights], float | None], arm: Sights) -> Estimate | None:
    groups = arm.people % GROUPS
    present = np.unique(groups)
    without = [figure(arm.of(groups != group)) for group in present]
    return jackknife(figure(arm), without)
