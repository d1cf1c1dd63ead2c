"""What a person's acts on a note amount to. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
# Bits of a note's number in the key of a person and a note.
NOTE_BITS = 40


@dataclass(frozen=True, slots=True)
class Acts:
    """Columns of the same length; the acts of one person stand newest first."""

    person: Ints
    note: Ints
    kind: Ints
    value: NDArray[np.float64]

    def where(self, chosen: NDArray[np.bool_]) -> Acts:
        return Acts(*(getattr(self, name)[chosen] for name in ("person", "note", "kind", "value")))


@dataclass(frozen=True, slots=True)
class Engaged:
    """One entry a person and note, by person and within a person newest first."""

    person: Ints
    note: Ints
    weight: NDArray[np.float32]


def engaged_of(
    acts: Acts,
    *,
    strengths: Mapping[int, float],
    long_read: tuple[int, float],
    undone: Mapping[int, int],
    hide: int,
    most: int,
) -> Engaged:
    """The strongest positive act of each person and note; a person's newest `most` notes.

    `long_read` is (kind, least value) of an act that counts from that value on; `undone` maps the
    kind that takes back to the kind taken back: the newest of the two decides.
    """
    weight = np.zeros(len(acts.kind))
    for kind, strength in strengths.items():
        weight[acts.kind == kind] = max(strength, 0.0)
    kind, least = long_read
    # Written so that a value that is no number does not count.
    weight[(acts.kind == kind) & ~(acts.value >= least)] = 0
    key = acts.person << NOTE_BITS | acts.note
    for undo, done in undone.items():
        pair = np.flatnonzero((acts.kind == undo) | (acts.kind == done))
        _keys, newest = np.unique(key[pair], return_index=True)
        stands = pair[newest]
        kept = weight[stands] * (acts.kind[stands] == done)
        weight[pair] = 0
        weight[stands] = kept
    weight[np.isin(key, key[acts.kind == hide])] = 0
    return _strongest(acts, key, weight, most)


def _strongest(acts: Acts, key: Ints, weight: NDArray[np.float64], most: int) -> Engaged:
    some = np.flatnonzero(weight > 0)
    _keys, newest, inverse = np.unique(key[some], return_index=True, return_inverse=True)
    strongest = np.zeros(len(newest), np.float32)
    np.maximum.at(strongest, inverse, weight[some].astype(np.float32))
    places = some[newest]
    order = np.lexsort((places, acts.person[places]))
    places, strongest = places[order], strongest[order]
    kept = _place_in_group(acts.person[places]) < most
    return Engaged(acts.person[places][kept], acts.note[places][kept], strongest[kept])


def _place_in_group(groups: Any) -> Ints:
    """0, 1, 2 ... within each run of equal values."""
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]]) if len(groups) else groups
    lengths = np.diff(np.r_[starts, len(groups)])
    return np.arange(len(groups)) - np.repeat(starts, lengths)
