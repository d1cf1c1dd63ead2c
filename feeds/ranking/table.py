"""Examples to learn from as arrays, and which of them to believe. Pure."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

# What may come of an impression; each is learnt on its own.
OBJECTIVES = ("open", "long_read", "like", "collect", "comment", "share", "follow", "hide")
# Acts that nobody does on nearly every card.
ACTS = ("like", "collect", "comment", "share", "follow")
# Somebody who acts on more than this share of at least so many cards does not read them.
ACTS_ON_ALL, JUDGED_FROM = 0.95, 50

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Table:
    """One row an impression, oldest first; all arrays have the same length."""

    people: Ints
    notes: Ints
    # Seconds since the epoch.
    at: NDArray[np.float64]
    features: NDArray[np.float32]  # (rows, features)
    labels: NDArray[np.uint8]  # (rows, OBJECTIVES)
    propensities: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.people)

    def of(self, rows: NDArray | slice) -> Table:
        """The rows chosen by a mask, indices or a slice."""
        return Table(*(getattr(self, item.name)[rows] for item in fields(self)))

    def in_order(self) -> Table:
        return self.of(np.argsort(self.at, kind="stable"))

    def label(self, objective: str) -> NDArray[np.uint8]:
        return self.labels[:, OBJECTIVES.index(objective)]

    @property
    def acted(self) -> Flags:
        """Whether any act beyond opening and reading came of the impression."""
        acts = self.labels[:, [OBJECTIVES.index(name) for name in ACTS]]
        return np.asarray(acts.any(axis=1))


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A table without what is not to be believed, and what was left out."""

    table: Table
    machines: int = 0  # people
    of_machines: int = 0  # their rows
    beyond_cap: int = 0  # rows
    not_finite: int = 0  # rows


def cleaned(table: Table, *, busy: set[int], most_per_person: int) -> Cleaned:
    """Leave out people who cannot be people, rows that hold no numbers, and rows of loud people
    beyond their newest `most_per_person`, so that no account decides for all.

    `busy` are people known to act faster than anybody can.
    """
    finite = np.asarray(np.isfinite(table.features).all(axis=1))
    machines = (busy & set(np.unique(table.people).tolist())) | _acting_on_all(table, finite)
    theirs = finite & np.isin(table.people, list(machines))
    believed = finite & ~theirs
    # One copy of what may be hundreds of megabytes.
    kept = believed & _newest_of_each(table, believed, most_per_person)
    return Cleaned(
        table.of(kept),
        machines=len(machines),
        of_machines=int(theirs.sum()),
        beyond_cap=int(believed.sum() - kept.sum()),
        not_finite=int((~finite).sum()),
    )


def _acting_on_all(table: Table, rows: Flags) -> set[int]:
    people, which = np.unique(table.people[rows], return_inverse=True)
    count = np.bincount(which, minlength=len(people))
    acts = np.bincount(which, table.acted[rows], minlength=len(people))
    hides = np.bincount(which, table.label("hide")[rows], minlength=len(people))
    share = np.maximum(acts, hides) / np.maximum(count, 1)
    return set(people[(count >= JUDGED_FROM) & (share > ACTS_ON_ALL)].tolist())


def _newest_of_each(table: Table, rows: Flags, most: int) -> Flags:
    """Mask of the `most` newest of these rows of each person."""
    chosen = np.flatnonzero(rows)
    order = chosen[np.lexsort((-table.at[chosen], table.people[chosen]))]
    people = table.people[order]
    count = len(order)
    starts = np.flatnonzero(np.r_[True, people[1:] != people[:-1]]) if count else np.zeros(0, int)
    nth = np.arange(count) - np.repeat(starts, np.diff(np.r_[starts, count]))
    mask = np.zeros(len(table), bool)
    mask[order[nth < most]] = True
    return mask
