"""Visits with coordinates and friendships: `PREFIX_{train,tune,test}.txt`, `user place count`.

`PREFIX_poi_coos.txt` holds `place latitude longitude`, `PREFIX_social_relations.txt` `user user`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from .report import Missing

TRAIN = "_train.txt"
Table = NDArray[np.float64]


class CheckinSet(NamedTuple):
    """Visits as (people, places) counts; ids of the files are numbered from 0.

    `degrees` (places, 2) holds NaN where unknown; `friends` (friendships, 2) numbers of people.
    """

    name: str
    train: sp.csr_matrix
    tune: sp.csr_matrix
    test: sp.csr_matrix
    degrees: NDArray[np.float64]
    friends: NDArray[np.intp]


def read_set(
    folder: Path, name: str | None, test: Path | None, say: Callable[[str], None]
) -> CheckinSet:
    """The set whose files begin with `name`, or the only one. Raises Missing."""
    prefix = _only_prefix(folder, name)

    def table(ending: str, columns: int, ids: int = 2) -> Table:
        path = folder / f"{prefix}_{ending}.txt"
        if not path.is_file():
            say(f"places: there is no {path.name}, going without")
            return np.empty((0, columns))
        return _table(path, columns, ids)

    train = _table(folder / f"{prefix}{TRAIN}", 3)
    held = _table(test or folder / f"{prefix}_test.txt", 3)
    tune, friends = table("tune", 3), table("social_relations", 2)
    places = table("poi_coos", 3, ids=1)
    if not len(train) or not len(held):
        raise Missing(f"{prefix} has no visits to learn from or none to measure on")
    people = np.unique(np.concatenate([train[:, 0], tune[:, 0], held[:, 0]]))
    every = np.unique(np.concatenate([train[:, 1], tune[:, 1], held[:, 1], places[:, 0]]))
    friends = friends[np.isin(friends, people).all(axis=1)]
    degrees = np.full((len(every), 2), np.nan)
    degrees[np.searchsorted(every, places[:, 0])] = _on_earth(places[:, 1:])

    def matrix(rows: Table) -> sp.csr_matrix:
        at = (np.searchsorted(people, rows[:, 0]), np.searchsorted(every, rows[:, 1]))
        counts = np.nan_to_num(np.maximum(rows[:, 2], 1), nan=1, posinf=1).astype(np.float32)
        return sp.csr_matrix((counts, at), shape=(len(people), len(every)))

    return CheckinSet(
        name=prefix,
        train=matrix(train),
        tune=matrix(tune),
        test=matrix(held),
        degrees=degrees,
        friends=np.searchsorted(people, friends).astype(np.intp),
    )


def _only_prefix(folder: Path, name: str | None) -> str:
    if not folder.is_dir():
        raise Missing(f"there is no folder {folder}")
    found = sorted(path.name.removesuffix(TRAIN) for path in folder.glob(f"*{TRAIN}"))
    choices = ", ".join(found) or "nothing"
    if name is not None and name not in found:
        raise Missing(f"there is no {name}{TRAIN} in {folder}, which holds: {choices}")
    if name is None and len(found) != 1:
        raise Missing(f"say which set with --name; {folder} holds: {choices}")
    return name or found[0]


def _table(path: Path, columns: int, ids: int = 2) -> Table:
    """Lines of numbers, the first `ids` of them whole; a visit without a count counts 1.

    Other lines are left out. Raises Missing where the file cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Missing(f"{path} cannot be read: {error}") from None
    rows = []
    for line in lines:
        try:
            row = [float(word) for word in line.replace(",", " ").split()[:columns]]
        except ValueError:
            continue
        if ids == 2 and len(row) == 2 < columns:
            row.append(1.0)
        if len(row) == columns and all(one.is_integer() for one in row[:ids]):
            rows.append(row)
    return np.array(rows).reshape(-1, columns)


def _on_earth(degrees: Table) -> Table:
    """NaN in place of what is no latitude and longitude."""
    latitude, longitude = np.abs(degrees).T
    sound = (latitude <= 90) & (longitude <= 180)
    return np.where(sound[:, None], degrees, np.nan)
