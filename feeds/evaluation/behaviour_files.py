"""Files of behaviour: a bipartite adjacency matrix, and lines of `person item item ...`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from .report import Missing


@dataclass(frozen=True, slots=True)
class Split:
    """Behaviour to learn from, CSR (people, items) of ones, and held-out items by person."""

    train: Any
    held_out: dict[int, NDArray[np.int64]]


def read_split(adjacency: Path, test: Path) -> Split:
    """Raises Missing where a file is absent, malformed, or does not go with the other."""
    held_out = read_lines(test)
    if not held_out:
        raise Missing(f"{test} names nobody with a held-out item")
    matrix = _read_matrix(adjacency)
    most_person = max(held_out)
    most_item = max(int(items.max()) for items in held_out.values())
    people = people_of(matrix, most_person=most_person, most_item=most_item)
    train = sp.csr_matrix(matrix[:people, people:], dtype=np.float32)
    train.eliminate_zeros()
    train.data[:] = 1
    if most_person >= train.shape[0] or most_item >= train.shape[1]:
        raise Missing(
            f"{test} names person {most_person} and item {most_item}; {adjacency} has"
            f" {train.shape[0]} people and {train.shape[1]} items"
        )
    return Split(train, held_out)


def _read_matrix(path: Path) -> Any:
    try:
        matrix = sp.load_npz(path).tocsr()
    except FileNotFoundError:
        raise Missing(f"there is no {path}") from None
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise Missing(f"{path} is not a sparse matrix: {error}") from None
    if matrix.shape[0] != matrix.shape[1]:
        raise Missing(f"{path} is no adjacency matrix: its shape is {matrix.shape}")
    if not np.isfinite(matrix.data).all():
        raise Missing(f"{path} holds something that is not a number")
    return matrix


def people_of(adjacency: Any, *, most_person: int, most_item: int) -> int:
    """How many of the nodes are people: they come first, and all edges join a person and an item.

    The edges leave room where the last people or the first items have none; the held-out part then
    narrows it, and the fewest people possible are taken. Raises Missing where no split fits.
    """
    upper = sp.triu(adjacency, k=1).tocoo()
    if not upper.nnz:
        raise Missing("nobody has any behaviour to learn from")
    least, most = int(upper.row.max()) + 1, int(upper.col.min())
    if least > most or adjacency.diagonal().any():
        raise Missing("the matrix does not fall into people and items: an edge joins two of a kind")
    wished = max(least, most_person + 1)
    return min(wished, most, max(least, adjacency.shape[0] - most_item - 1))


def read_lines(path: Path) -> dict[int, NDArray[np.int64]]:
    """Items by person from lines of `person item item ...`; people without items are left out."""
    found: dict[int, NDArray[np.int64]] = {}
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Missing(f"{path} cannot be read: {error}") from None
    for number, line in enumerate(lines, 1):
        try:
            person, *items = (int(part) for part in line.split())
        except ValueError:
            if line.strip():
                raise Missing(f"{path}, line {number}: whole numbers expected") from None
            continue
        if person < 0 or min(items, default=0) < 0:
            raise Missing(f"{path}, line {number}: a number below zero")
        if items:
            known = found.get(person, np.empty(0, dtype=np.int64))
            found[person] = np.union1d(known, np.array(items, dtype=np.int64))
    return found
