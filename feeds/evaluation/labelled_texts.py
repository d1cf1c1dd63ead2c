"""Files of labelled texts: found by their form, read into rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from .report import Missing

Row = TypeVar("Row")
# Lines that are looked at to tell what a file is, and what share of them must be of the form.
LOOKED_AT, MOSTLY = 200, 0.6
SUFFIXES = ("", ".tsv", ".txt", ".csv")
LARGEST_FILE = 200_000_000  # bytes


def find_file(
    folder: Path, name: str | None, test: Path | None, fits: Callable[[str], bool]
) -> Path:
    """The file of the folder whose lines mostly fit; `name` begins its name.

    Of several the one with the largest share of fitting lines, then the largest; never the test
    file. Raises Missing.
    """
    if folder.is_file():
        return folder
    if not folder.is_dir():
        raise Missing(f"there is no folder {folder}")
    shares = []
    for path in sorted(folder.iterdir()):
        if not path.is_file() or path.suffix not in SUFFIXES:
            continue
        if name and not path.name.startswith(name):
            continue
        if (share := share_that_fits(path, fits)) >= MOSTLY:
            is_other = test is None or not test.exists() or not path.samefile(test)
            shares.append((is_other, round(share, 1), path.stat().st_size, path))
    if not shares:
        raise Missing(f"no file of the expected form in {folder}")
    return max(shares)[-1]


def share_that_fits(path: Path, fits: Callable[[str], bool]) -> float:
    """The share of its first lines that are of the form; 0 for what is no text."""
    try:
        with path.open(encoding="utf-8-sig") as lines:
            seen = [line for _, line in zip(range(LOOKED_AT), lines, strict=False) if line.strip()]
    except (UnicodeDecodeError, OSError):
        return 0.0
    return sum(map(fits, seen)) / len(seen) if seen else 0.0


def read_rows(path: Path, parse: Callable[[str], Row | None]) -> list[Row]:
    """Rows of the lines that can be parsed; others (a heading, a torn line) are left out.

    Raises Missing where the file cannot be read or holds no such line.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Missing(f"{path.name} is larger than {LARGEST_FILE // 1_000_000} MB")
        text = path.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError) as error:
        raise Missing(f"{path} cannot be read: {error}") from None
    rows = [row for line in text.split("\n") if (row := parse(line.rstrip("\r"))) is not None]
    if not rows:
        raise Missing(f"no line of {path} is of the expected form")
    return rows
