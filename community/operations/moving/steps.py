"""The move: everything in one transaction of PostgreSQL, compared before it is kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from community.turns import take_turn

from . import target
from .digests import Digest
from .source import CannotMove, Row, Source, opened
from .values import Column

Tables = dict[str, list[Column]]
Digests = dict[str, Digest]
Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Moved:
    """By table what both sides say of it, and how long it took."""

    digests: Digests
    seconds: float

    @property
    def rows(self) -> int:
        return sum(digest.rows for digest in self.digests.values())


def move(folder: Path, *, say: Say) -> Moved:
    """Put the community of a data folder into the configured, empty PostgreSQL.

    Raises CannotMove, and then nothing was written there beside empty tables. The SQLite file is
    only read.

    1. Hold the folder, so that nobody starts on it, and read it in one transaction.
    2. Make the tables, where there are none; refuse those of other code, and any that has rows.
    3. Take foreign keys away, copy table after table, and let the numbers go on where they were.
    4. Put foreign keys back: each looks at all its rows.
    5. Read everything back and compare it with what was read.
    6. Look whether the file was written to meanwhile; only then keep what is there.
    """
    started = time.monotonic()
    _demand_postgresql()
    try:
        with opened(folder):
            _make_tables(say)
        with transaction.atomic(), opened(folder) as source:
            read = _moved(source, say)
        target.learn_what_is_there()
    except DatabaseError as error:
        raise CannotMove(f"PostgreSQL says: {error}") from error
    return Moved(read, time.monotonic() - started)


def compare(folder: Path) -> tuple[Moved, list[str]]:
    """Digests of the folder's tables, and the tables that differ in PostgreSQL. Writes nothing."""
    started = time.monotonic()
    _demand_postgresql()
    with transaction.atomic(), opened(folder) as source:
        target.take_limits_away()
        tables = _tables_of_both(source)
        read: Digests = {}
        for table, columns in tables.items():
            for _row in _digested(source.rows(table, columns), columns, read, table):
                pass
        _refuse_unfit(source)
        different = _different(read, _digests_there(tables))
    return Moved(read, time.monotonic() - started), different


# ---------------------------------------------------------------- before
def _demand_postgresql() -> None:
    if connection.vendor != "postgresql":
        raise CannotMove(
            "Name the PostgreSQL database to move to in ROCKPOOL_DATABASE_URL (or _FILE): "
            "docs/operations.md, 'To PostgreSQL'."
        )


def _make_tables(say: Say) -> None:
    if not target.migrations():
        say("Making the tables.")
        call_command("migrate", verbosity=0)


def _tables_of_both(source: Source) -> Tables:
    """The tables to move. Raises CannotMove where the two sides are not of the same code."""
    here, there = source.migrations(), target.migrations()
    if missing := there - here:
        raise CannotMove(
            f"The SQLite database is of older code: it lacks {_names(missing)}. Bring it up to "
            "date first: manage.py migrate, without ROCKPOOL_DATABASE_URL."
        )
    if missing := here - there:
        raise CannotMove(
            f"PostgreSQL lacks {_names(missing)}. Run manage.py migrate with this code, or, where "
            "it knows nothing of that, bring the code up to date."
        )
    tables = target.tables()
    if unknown := source.tables() - set(tables) - target.LEFT:
        raise CannotMove(
            f"The SQLite database has tables that are none of Rockpool's: {_some(unknown)}. Drop "
            "or keep them elsewhere."
        )
    for table, columns in tables.items():
        # SQLite lists no rowid, by which the index of the search knows its notes.
        if source.columns(table) | {"rowid"} != {column.name for column in columns} | {"rowid"}:
            raise CannotMove(f"{table} has other columns in SQLite than in PostgreSQL.")
    return tables


def _names(migrations: Iterable[tuple[str, str]]) -> str:
    return _some(f"{app}.{name}" for app, name in migrations)


def _some(names: Iterable[str]) -> str:
    first, *others = sorted(names)
    shown = ", ".join([first, *others[:4]])
    return f"{shown} and {len(others) - 4} more" if len(others) > 4 else shown


# ---------------------------------------------------------------- moving
def _moved(source: Source, say: Say) -> Digests:
    """What was read, and is there now."""
    target.take_limits_away()
    take_turn("moving")
    tables = _tables_of_both(source)
    if there := target.written(tables):
        raise CannotMove(
            f"The PostgreSQL database is not empty: there are rows in {_some(there)}. Make a new "
            "one (CREATE DATABASE) and name it in ROCKPOOL_DATABASE_URL."
        )
    read = _fill(source, tables, say)
    say("Comparing.")
    if different := _different(read, _digests_there(tables)):
        raise CannotMove(f"PostgreSQL gives back other rows in {_some(different)}.")
    return read


def _fill(source: Source, tables: Tables, say: Say) -> Digests:
    read: Digests = {}
    keys = target.drop_foreign_keys()
    target.empty(tables)
    for table, columns in tables.items():
        target.fill(table, columns, _digested(source.rows(table, columns), columns, read, table))
        if read[table].rows:
            say(f"{read[table].rows:>12,}  {table}")
    _refuse_unfit(source)
    target.go_on_counting(source.last_numbers())
    say("Putting the foreign keys back.")
    target.add_foreign_keys(keys)
    return read


def _digested(
    rows: Iterable[Row], columns: list[Column], into: Digests, table: str
) -> Iterator[Row]:
    """The same rows, added up as they pass."""
    digest, kinds = into.setdefault(table, Digest()), [column.kind for column in columns]
    for row in rows:
        digest.add(kinds, row)
        yield row


def _refuse_unfit(source: Source) -> None:
    if source.unfit:
        raise CannotMove(
            "PostgreSQL cannot keep some values. Mend them in the SQLite database:\n  "
            + "\n  ".join(source.unfit)
        )


def _digests_there(tables: Tables) -> Digests:
    there: Digests = {}
    for table, columns in tables.items():
        for _row in _digested(target.rows(table, columns), columns, there, table):
            pass
    return there


def _different(here: Digests, there: Digests) -> list[str]:
    return [table for table, digest in here.items() if digest != there[table]]
