"""When a circle is a ring or a farm, and what its acts are worth. Pure: no rows, no Django.

A sign is a figure of a circle that is usual nowhere in the community. One sign says nothing: good
friends like each other back, a class shares a network, everybody was new once. From one and a half
on the weight falls, at two whole signs nothing is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from feeds.policy import Trust

from .graph import Acts, Ints, Lockstep, Ties, lockstep_of, scan, ties_of

FIRST, WHOLE = 1.5, 2.0
# From where a sign begins to speak to where it is whole.
SIGNS = {
    # Ring: pairs of members that engage with each other, of all pairs.
    "mutual": (0.5, 0.9),
    # Ring: of all that members wrote, what the others engaged with.
    "blanket": (0.6, 0.9),
    # Ring: of all that members engaged with, what members wrote.
    "closed": (0.6, 0.95),
    # Farm: how much of what two members do falls on the same note and hour.
    "together": (0.4, 0.75),
    # Farm: on how many notes two members met within the hour.
    "often": (8, 24),
    # Both: members on a network or device of theirs, and new accounts above the usual share.
    "shared": (0.3, 0.7),
    "young": (0.4, 0.8),
}
# What an account counts with so many signs of its own against it.
ACCOUNT_WEIGHTS = {0: 1.0, 1: 1.0, 2: 0.7, 3: 0.4}
# So many acts, all with one author, are no variety.
MANY_ACTS = 10


@dataclass(frozen=True, slots=True)
class Found:
    """A circle with its members, what each did, and its figures."""

    kind: str
    members: tuple[int, ...]
    # Engagements by member: with notes of members, and in all.
    inside: tuple[int, ...]
    acts: tuple[int, ...]
    figures: Mapping[str, float]
    # How closed circles around most other people are, from 0 to 1.
    usual: float = 0.0


def strengths(found: Found) -> dict[str, float]:
    """Each sign from 0 (says nothing) to 1 (as strong as it gets)."""
    result = {}
    for name, value in found.figures.items():
        low, high = SIGNS[name]
        if name in ("mutual", "blanket"):
            # Where everybody's circle is closed, a closed circle says nothing.
            low, high = max(low, found.usual), max(high, found.usual + 0.4)
        result[name] = ramp(value, low, high)
    return result


def weight_of(found: Found) -> float:
    """What the members' acts count: for each other in a ring, for everybody in a farm."""
    return round(1 - ramp(sum(strengths(found).values()), FIRST, WHOLE), 3)


def ramp(value: float, low: float, high: float) -> float:
    return min(1.0, max(0.0, (value - low) / (high - low)))


def circles(acts: Acts, trust: Trust) -> list[Found]:
    """Groups that stand out in the graph, before networks and ages are looked at.

    In a small community everybody knows everybody, and a circle of a third of the people is the
    community itself: neither is ever a ring.
    """
    if not len(acts):
        return []
    people = len(np.unique(np.concatenate([acts.person, acts.author])))
    if people < trust.least_people:
        return []
    found = rings(ties_of(acts), trust) + farms(acts, trust)
    return [circle for circle in found if len(circle.members) <= trust.most_share * people]


def rings(ties: Ties, trust: Trust) -> list[Found]:
    """Candidates, each with how closed circles are outside of it: the median of those who write and
    engage, 0 for who has no circle. To be usual, rings would have to be half of the community."""
    groups, closure = scan(ties.mutual, similarity=trust.similarity, least=trust.least_members)
    engaged = np.asarray(ties.notes.sum(axis=1)).ravel() > 0
    takes_part = np.flatnonzero(engaged & (ties.written > 0))
    found = []
    for group in (_without_bystanders(ties, group) for group in groups):
        if len(group) >= trust.least_members:
            others = closure[np.setdiff1d(takes_part, group)]
            found.append(_ring(ties, group, float(np.median(others)) if len(others) else 0.0))
    return found


def _ring(ties: Ties, group: Ints, usual: float) -> Found:
    among = ties.notes[group][:, group]
    inside = np.asarray(among.sum(axis=1)).ravel()
    acts = np.asarray(ties.notes[group].sum(axis=1)).ravel()
    size, both = len(group), among.minimum(among.T)
    figures = {
        "mutual": both.nnz / (size * (size - 1)),
        "blanket": float(inside.sum()) / max(1, (size - 1) * int(ties.written[group].sum())),
        "closed": float(np.mean(inside / np.maximum(1, acts))),
    }
    return Found("ring", _ids(ties.people[group]), _ids(inside), _ids(acts), figures, usual)


def _without_bystanders(ties: Ties, group: Ints) -> Ints:
    """Less those who are tied to half as many members as is usual in the group."""
    tied = np.diff(ties.mutual[group][:, group].tocsr().indptr)
    return group[tied >= np.median(tied) / 2]


def farms(acts: Acts, trust: Trust) -> list[Found]:
    pairs = lockstep_of(acts, similarity=trust.similarity, least_together=trust.least_together)
    linked = (pairs.alike > 0).astype(np.float64)
    groups, _closure = scan(linked, similarity=trust.similarity, least=trust.least_members)
    return [_farm(acts, pairs, group) for group in groups]


def _farm(acts: Acts, pairs: Lockstep, group: Ints) -> Found:
    members = pairs.people[group]
    alike, met = (matrix[group][:, group].data for matrix in (pairs.alike, pairs.met))
    theirs = np.isin(acts.person, members)
    number = np.searchsorted(members, acts.person[theirs])
    inside = np.bincount(
        number, weights=np.isin(acts.author[theirs], members), minlength=len(members)
    )
    figures = {"together": float(np.mean(alike)), "often": float(np.median(met))}
    in_all = np.bincount(number, minlength=len(members))
    return Found("farm", _ids(members), _ids(inside), _ids(in_all), figures)


def monotone(acts: Acts) -> set[int]:
    """People who did much, and all of it with one author."""
    if not len(acts):
        return set()
    pairs, counts = np.unique(
        np.column_stack([acts.person, acts.author]), axis=0, return_counts=True
    )
    people, authors = np.unique(pairs[:, 0], return_counts=True)
    single = people[authors == 1]
    much = pairs[(counts >= MANY_ACTS) & np.isin(pairs[:, 0], single), 0]
    return set(_ids(much))


def account_weight(signs: int) -> float:
    return ACCOUNT_WEIGHTS[min(signs, max(ACCOUNT_WEIGHTS))]


def _ids(values: np.ndarray) -> tuple[int, ...]:
    return tuple(int(value) for value in values)
