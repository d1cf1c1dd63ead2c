"""Time-ordered sets: `NAME.txt` (user item item ..., oldest first) and `NAME.json` (attributes)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import orjson
import scipy.sparse as sp
from numpy.typing import NDArray

from .report import Missing

# A sequence shorter than this cannot give a test item, a validation item and something before.
SHORTEST = 3
NO_ITEM = -1
Items = NDArray[np.intp]


class Held(NamedTuple):
    """One item to foretell: the history before it (a row), and the item."""

    history: Items
    item: int


class SequenceSet(NamedTuple):
    """Sequences by user as item numbers from 0, and which number stands for which item id."""

    name: str
    sequences: dict[int, Items]
    numbers: dict[int, int]
    attributes: sp.csr_matrix | None

    @property
    def items(self) -> int:
        return len(self.numbers)


class Split(NamedTuple):
    """Histories to choose on and to learn from at last, and what is foretold after each."""

    before_validation: list[Items]
    validation: list[Held]
    before_test: list[Items]
    test: list[Held]


def read_set(folder: Path, name: str | None, say: Callable[[str], None]) -> SequenceSet:
    """The set called `name`, or the only one of the folder. Raises Missing."""
    path = _only_set(folder, name)
    ids = {row[0]: row[1:] for row in _rows(path) if len(row) > 1}
    if not ids:
        raise Missing(f"no line of {path.name} reads: user item item ...")
    known = sorted({item for row in ids.values() for item in row})
    numbers = {item: number for number, item in enumerate(known)}
    sequences = {
        user: np.array([numbers[item] for item in row], dtype=np.intp) for user, row in ids.items()
    }
    attributes = _attributes(path.with_suffix(".json"), numbers, say)
    return SequenceSet(path.stem, sequences, numbers, attributes)


def split(data: SequenceSet, test: Path | None) -> Split:
    """Leave one out: the last item is the test, the one before it validation.

    With a test file the items it names are the test; where they end a sequence, they and what
    follows them are cut off it, so that nothing of the test is learnt. Raises Missing.
    """
    if test is None:
        cut = {
            user: (row[:-1], [int(row[-1])])
            for user, row in data.sequences.items()
            if len(row) >= SHORTEST
        }
    else:
        cut = {
            user: (_before(data.sequences[user], wanted), wanted)
            for user, wanted in _wanted(test, data.numbers).items()
            if user in data.sequences
        }
    whole = [row for user, row in data.sequences.items() if user not in cut]
    known = [row for row, _wanted_items in cut.values()]
    parted = Split(
        before_validation=whole + [row[:-1] if len(row) > 1 else row for row in known],
        validation=[Held(row[:-1], int(row[-1])) for row in known if len(row) > 1],
        before_test=whole + known,
        test=[Held(row, item) for row, wanted in cut.values() if len(row) for item in wanted],
    )
    if not parted.test or not parted.validation:
        raise Missing(
            f"{data.name} has no sequence of {SHORTEST} items or more"
            if test is None
            else f"{test.name} names no user of {data.name} with something read before"
        )
    return parted


def _only_set(folder: Path, name: str | None) -> Path:
    """The file of a set; of several the one that is named."""
    if not folder.is_dir():
        raise Missing(f"there is no folder {folder}")
    found = {path.stem: path for path in sorted(folder.glob("*.txt"))}
    choices = ", ".join(found) or "nothing"
    if name is not None:
        name = name.removesuffix(".txt")
        if name not in found:
            raise Missing(f"there is no {name}.txt in {folder}, which holds: {choices}")
        return found[name]
    if len(found) != 1:
        raise Missing(f"say which set with --name; {folder} holds: {choices}")
    return next(iter(found.values()))


def _rows(path: Path) -> list[list[int]]:
    """Lines of whole numbers; other lines are left out."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Missing(f"{path} cannot be read: {error}") from None
    rows = []
    for line in lines:
        try:
            rows.append([int(word) for word in line.split()])
        except ValueError:
            continue
    return rows


def _wanted(path: Path, numbers: Mapping[int, int]) -> dict[int, list[int]]:
    """Held-out items by user; NO_ITEM for one that the set does not know: it is always missed."""
    wanted: dict[int, list[int]] = {}
    for row in _rows(path):
        if row:
            items = [numbers.get(item, NO_ITEM) for item in row[1:]]
            wanted.setdefault(row[0], []).extend(items)
    return wanted


def _before(row: Items, wanted: list[int]) -> Items:
    """The sequence up to the first held-out item of those that end it."""
    at = np.flatnonzero(np.isin(row, wanted))
    return row[: at[0]] if len(at) and int(row[-1]) in wanted else row


def _attributes(
    path: Path, numbers: Mapping[int, int], say: Callable[[str], None]
) -> sp.csr_matrix | None:
    """Item by attribute, 1 where it has one; None without a file that can be read."""
    if not path.is_file():
        return None
    try:
        pairs = {
            (numbers[int(item)], str(one))
            for item, listed in orjson.loads(path.read_bytes()).items()
            if int(item) in numbers
            for one in listed
        }
    except (OSError, ValueError, TypeError, AttributeError) as error:
        say(f"sequences: {path.name} is left out, it cannot be read: {error}")
        return None
    if not pairs:
        return None
    columns = {one: at for at, one in enumerate(sorted({one for _item, one in pairs}))}
    rows, held = zip(*((item, columns[one]) for item, one in sorted(pairs)), strict=True)
    ones = np.ones(len(rows), dtype=np.float32)
    return sp.csr_matrix((ones, (rows, held)), shape=(len(numbers), len(columns)))
