"""A SQLite file as it was at one moment: read in one transaction, never written."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from community.runner.checks import CannotStart
from community.runner.folder import FolderLock

from ..in_use import has_open_database
from .values import Column, Unfit, reader

AT_ONCE = 1_000
# Of values that do not fit, so many are told.
TOLD = 20

Row = tuple[Any, ...]


class CannotMove(Exception):
    """Nothing was kept of the move; the message says why and what to do."""


class Source:
    """An open transaction on the file. `unfit`: values that the target cannot keep, each with its
    place; their rows are left out, so whoever reads has to look."""

    def __init__(self, asked: sqlite3.Connection) -> None:
        self._asked = asked
        self.unfit: list[str] = []

    def tables(self) -> set[str]:
        """Without those that SQLite keeps for itself and for its search index."""
        made = dict(self._all("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
        indexes = [name for name, sql in made.items() if sql.upper().startswith("CREATE VIRTUAL")]
        behind = tuple(f"{name}_" for name in indexes)
        return {name for name in made if not name.startswith(("sqlite_", *behind))}

    def columns(self, table: str) -> set[str]:
        return {name for (name,) in self._all("SELECT name FROM pragma_table_info(?)", table)}

    def migrations(self) -> set[tuple[str, str]]:
        return set(self._all("SELECT app, name FROM django_migrations"))

    def last_numbers(self) -> dict[str, int]:
        """By table, the highest number it ever gave: that of a row which is gone comes to nobody
        again."""
        return dict(self._all("SELECT name, seq FROM sqlite_sequence"))

    def rows(self, table: str, columns: Sequence[Column]) -> Iterator[Row]:
        """All rows of a table as the target keeps them; a thousand in memory at a time."""
        names = [column.name for column in columns]
        readers = [reader(column) for column in columns]
        cursor = self._asked.execute(
            f"SELECT {', '.join(map(quoted, names))} FROM {quoted(table)}"  # noqa: S608
        )
        while some := self._some(cursor, table):
            for row in some:
                try:
                    yield tuple(
                        None if value is None else read(value)
                        for read, value in zip(readers, row, strict=True)
                    )
                except Unfit:
                    self._note(table, names, readers, row)

    def _some(self, cursor: sqlite3.Cursor, table: str) -> list[Row]:
        try:
            return cursor.fetchmany(AT_ONCE)
        except sqlite3.Error as error:
            raise CannotMove(f"{table} cannot be read ({error}).") from error

    def _note(self, table: str, names: list[str], readers: list[Any], row: Row) -> None:
        for name, read, value in zip(names, readers, row, strict=True):
            if value is None:
                continue
            try:
                read(value)
            except Unfit as error:
                if len(self.unfit) < TOLD:
                    self.unfit.append(f"{table}.{name}, where {names[0]} is {row[0]!r}: {error}")

    def _all(self, sql: str, *parameters: Any) -> list[Any]:
        return self._asked.execute(sql, parameters).fetchall()


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[Source]:
    """The database of a data folder that nobody uses and nobody may start meanwhile. Raises
    CannotMove, at the end as well: when somebody wrote to it all the same, what was read is not
    all there is."""
    path = folder / "db.sqlite3"
    if not path.is_file():
        raise CannotMove(f"There is no SQLite database at {path}.")
    with _held(folder), contextlib.closing(_connected(path)) as asked:
        before = _version(asked)
        asked.execute("BEGIN")
        yield Source(asked)
        asked.execute("ROLLBACK")
        if _version(asked) != before:
            raise CannotMove(
                f"Somebody wrote to {path} while it was read. Stop Rockpool there (web, worker, "
                "beat and every shell) and begin anew."
            )


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[None]:
    try:
        lock = FolderLock(folder)
    except OSError as error:
        raise CannotMove(f"{folder} cannot be written: {error.strerror}.") from error
    try:
        lock.take(port=0, patience=0)
        if has_open_database(folder):
            raise CannotMove(
                f"Somebody has the database in {folder} open. Stop Rockpool there: web, worker, "
                "beat and every shell."
            )
        yield
    except CannotStart as error:
        raise CannotMove(str(error)) from error
    finally:
        lock.release()


def _connected(path: Path) -> sqlite3.Connection:
    try:
        asked = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        asked.isolation_level = None  # transactions begin where it is said
        asked.execute("SELECT 1 FROM django_migrations")
    except sqlite3.Error as error:
        raise CannotMove(f"{path} is no database of Rockpool ({error}).") from error
    return asked


def _version(asked: sqlite3.Connection) -> int:
    """Another number after each transaction that somebody else committed."""
    return int(asked.execute("PRAGMA data_version").fetchone()[0])


def quoted(name: str) -> str:
    """A name of the catalogue as SQL of both databases writes it."""
    return '"' + name.replace('"', '""') + '"'
