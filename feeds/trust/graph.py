"""Circles in the graph of engagement: arrays only, no Django.

Rings: accounts tied by engagement in both directions, grouped by SCAN (Xu, Yuruk, Feng, Schweiger:
"SCAN: a structural clustering algorithm for networks", KDD 2007): two accounts stand together if
their ties lead to the same people. All ties are looked at, for rings that push some of their notes
only, and strong ones alone, for rings that hide among many strangers.

Farms: accounts that engage with the same notes within the same hours (SynchroTrap: Cao, Yang, Yu,
Palow, "Uncovering large groups of active malicious accounts", CCS 2014; the idea of lockstep is
CopyCatch's, WWW 2013): Jaccard similarity of their (note, hour), then SCAN again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from .acts import Acts, Ints

Floats = npt.NDArray[np.float64]

# A tie is strong if so much of what the other wrote was engaged with, in both directions.
STRONG = 0.3
# More people than this with one note within one hour is a rush, and says nothing about two of them.
RUSH = 400
# Rows of a product held at once.
ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Ties:
    """Who engages with whose notes, people numbered from 0."""

    people: Ints
    # The acts by numbers of people: who, whose note, which note.
    reader: Ints
    author: Ints
    note: Ints
    # Notes of the column's person that the row's person engaged with.
    notes: sparse.csr_matrix
    # Ties in both directions, symmetric, without the diagonal; and the strong ones of them.
    mutual: sparse.csr_matrix
    strong: sparse.csr_matrix


def ties_of(acts: Acts) -> Ties:
    people = np.unique(np.concatenate([acts.person, acts.author]))
    rows, columns = np.searchsorted(people, acts.person), np.searchsorted(people, acts.author)
    shape = (len(people), len(people))
    notes = sparse.csr_matrix((np.ones(len(acts)), (rows, columns)), shape=shape)
    _notes, first = np.unique(acts.note, return_index=True)
    written = np.bincount(columns[first], minlength=len(people))
    share = notes @ sparse.diags(1 / np.maximum(written, 1))
    return Ties(
        people, rows, columns, acts.note, notes, _both_ways(notes > 0), _both_ways(share >= STRONG)
    )


def _both_ways(ties: sparse.csr_matrix) -> sparse.csr_matrix:
    ones = ties.astype(np.float64)
    both = ones.multiply(ones.T).tocsr()
    both.eliminate_zeros()
    return both


def scan(ties: sparse.csr_matrix, *, similarity: float, least: int) -> tuple[list[Ints], Floats]:
    """Groups of rows (sorted), and how closed the circle around each row is: the share of pairs
    of its neighbours that are neighbours too (0 with fewer than `least` - 1 of them)."""
    size = ties.shape[0]
    closed = (ties + sparse.eye(size, format="csr")).tocsr()
    degree = np.asarray(closed.sum(axis=1)).ravel()
    alike, closure = [], np.zeros(size)
    for start, common in _common(closed):
        pairs = common.tocoo()
        row, column = pairs.row + start, pairs.col
        # Around a row: common neighbours of it and of each neighbour, both of them not counted.
        others = np.bincount(
            pairs.row, weights=np.where(row == column, 0, pairs.data - 2), minlength=common.shape[0]
        )
        stop = start + common.shape[0]
        ends = degree[start:stop] - 1
        enough = ends >= max(2, least - 1)
        closure[start:stop][enough] = (others / np.maximum(1, ends * (ends - 1)))[enough]
        near = (row != column) & (pairs.data >= similarity * np.sqrt(degree[row] * degree[column]))
        alike.append(np.column_stack([row[near], column[near]]))
    edges = np.concatenate(alike) if alike else np.empty((0, 2), dtype=np.int64)
    return _groups(edges, size, least), closure


def _common(closed: sparse.csr_matrix) -> Iterator[tuple[int, sparse.csr_matrix]]:
    """(first row, common neighbours of neighbours), some rows at a time: a bound of memory."""
    for start in range(0, closed.shape[0], ROWS):
        rows = closed[start : start + ROWS]
        yield start, (rows @ closed).multiply(rows).tocsr()


def _groups(edges: Ints, size: int, least: int) -> list[Ints]:
    """Connected cores, each with what is alike to one of them. A core is alike to enough others."""
    core = np.bincount(edges[:, 0], minlength=size) + 1 >= least
    both = core[edges[:, 0]] & core[edges[:, 1]]
    joined = sparse.csr_matrix(
        (np.ones(both.sum()), (edges[both, 0], edges[both, 1])), shape=(size, size)
    )
    label = connected_components(joined, directed=False)[1]
    group = np.where(core, label, -1)
    border = ~core[edges[:, 0]] & core[edges[:, 1]]
    group[edges[border, 0]] = label[edges[border, 1]]
    members = np.flatnonzero(group >= 0)
    order = members[np.argsort(group[members], kind="stable")]
    cuts = np.flatnonzero(np.diff(group[order])) + 1
    return [part for part in np.split(order, cuts) if len(part) >= least]


@dataclass(frozen=True, slots=True)
class Lockstep:
    """People who engage with the same notes within the same hours."""

    people: Ints
    # Jaccard similarity of pairs that are alike, and in how many (note, hour) they met.
    alike: sparse.csr_matrix
    met: sparse.csr_matrix


def lockstep_of(acts: Acts, *, similarity: float, least_together: int) -> Lockstep:
    """Pairs of people with at least so many (note, hour) in common, and so large a share."""
    cell = np.unique(np.column_stack([acts.note, acts.hour]), axis=0, return_inverse=True)[1]
    cell = cell.ravel()
    people, row = np.unique(acts.person, return_inverse=True)
    in_all = np.bincount(row)
    crowd = np.bincount(cell)
    telling = (in_all[row] >= least_together) & (crowd[cell] > 1) & (crowd[cell] <= RUSH)
    ones = np.ones(telling.sum())
    cells = sparse.csr_matrix((ones, (row[telling], cell[telling])), (len(people), len(crowd)))
    alike, met = [], []
    for start in range(0, len(people), ROWS):
        shared = (cells[start : start + ROWS] @ cells.T).tocoo()
        left, right = shared.row + start, shared.col
        jaccard = shared.data / (in_all[left] + in_all[right] - shared.data)
        near = (shared.data >= least_together) & (jaccard >= similarity) & (left != right)
        alike.append((jaccard[near], left[near], right[near]))
        met.append(shared.data[near])
    size = (len(people), len(people))
    value, left, right = (np.concatenate(part) for part in zip(*alike, strict=True))
    return Lockstep(
        people,
        sparse.csr_matrix((value, (left, right)), size),
        sparse.csr_matrix((np.concatenate(met), (left, right)), size),
    )
