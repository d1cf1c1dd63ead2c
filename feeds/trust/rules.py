"""When a circle is a ring or a farm, and what its acts are worth. Pure: no rows, no Django.

A sign is a figure of a circle that is usual nowhere in the community. One sign says nothing: good
friends like each other back, a class shares a network, everybody was new once. From one and a half
on the weight falls, at two whole signs nothing is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from feeds.policy import Trust

from .acts import Acts, Ints
from .graph import Lockstep, Ties, lockstep_of, scan, ties_of

FIRST, WHOLE = 1.5, 2.0
# From where a sign begins to speak to where it is whole.
SIGNS = {
    # Ring: pairs of members that engage with each other, of all pairs.
    "mutual": (0.5, 0.9),
    # Ring: how many of the others engage with what members push of each other.
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
# A note that so many of a circle engaged with is pushed by it.
PUSHED = 0.2
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
    """Candidates by all ties and by strong ones; of two that are much the same, the clearer one."""
    found = _rings_by(ties, ties.mutual, trust) + _rings_by(ties, ties.strong, trust)
    found.sort(
        key=lambda circle: (-round(sum(strengths(circle).values()), 1), -len(circle.members))
    )
    taken: set[int] = set()
    clearest = []
    for circle in found:
        if 2 * len(taken.intersection(circle.members)) < len(circle.members):
            taken.update(circle.members)
            clearest.append(circle)
    return clearest


def _rings_by(ties: Ties, mutual: sparse.csr_matrix, trust: Trust) -> list[Found]:
    """Each with how closed circles are outside of it: the median of those who write and engage, 0
    for who has no circle. To be usual, rings would have to be half of the community."""
    groups, closure = scan(mutual, similarity=trust.similarity, least=trust.least_members)
    groups = [_without_bystanders(mutual, group) for group in groups]
    groups = [group for group in groups if len(group) >= trust.least_members]
    takes_part = np.intersect1d(ties.reader, ties.author)
    blankets = _blankets(ties, groups)
    found = []
    for group, blanket in zip(groups, blankets, strict=True):
        others = closure[np.setdiff1d(takes_part, group, assume_unique=True)]
        usual = float(np.median(others)) if len(others) else 0.0
        found.append(_ring(ties, group, blanket, usual))
    return found


def _blankets(ties: Ties, groups: list[Ints]) -> list[float]:
    """Of each group: the share of the others who engaged, over the members' notes that they push:
    at least two of them, and a fifth, engaged with it."""
    label = np.full(len(ties.people), -1)
    for number, group in enumerate(groups):
        label[group] = number
    inside = (label[ties.reader] >= 0) & (label[ties.reader] == label[ties.author])
    pairs, fans = np.unique(
        np.column_stack([label[ties.reader[inside]], ties.note[inside]]), axis=0, return_counts=True
    )
    sizes = np.array([len(group) for group in groups], dtype=np.int64)
    pushed = fans >= np.maximum(2, PUSHED * sizes[pairs[:, 0]])
    of_group = pairs[pushed, 0]
    sums = np.bincount(of_group, weights=fans[pushed], minlength=len(groups))
    notes = np.bincount(of_group, minlength=len(groups))
    return [float(value) for value in sums / np.maximum(1, notes * (sizes - 1))]


def _ring(ties: Ties, group: Ints, blanket: float, usual: float) -> Found:
    among = ties.notes[group][:, group]
    inside = np.asarray(among.sum(axis=1)).ravel()
    acts = np.asarray(ties.notes[group].sum(axis=1)).ravel()
    size, both = len(group), among.minimum(among.T)
    figures = {
        "mutual": both.nnz / (size * (size - 1)),
        "blanket": blanket,
        "closed": float(np.mean(inside / np.maximum(1, acts))),
    }
    return Found("ring", _ids(ties.people[group]), _ids(inside), _ids(acts), figures, usual)


def _without_bystanders(mutual: sparse.csr_matrix, group: Ints) -> Ints:
    """Less those who are tied to half as many members as is usual in the group."""
    tied = np.diff(mutual[group][:, group].tocsr().indptr)
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
