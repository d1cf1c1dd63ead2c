"""The configured PostgreSQL as its own catalogue describes it: what it keeps in which columns.

All functions work on the default connection, inside the caller's transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import IntegrityError, connection

from .source import AT_ONCE, CannotMove, Row, quoted
from .values import Column

# What is not of the community: which migrations ran here is known here, and a cache is made anew.
LEFT = {"django_migrations", "rockpool_cache"}
# Tables that migrations fill. Whatever else has a row was written by a community.
SOWN = {
    "auth_group", "auth_group_permissions", "auth_permission", "community_channel",
    "django_content_type", "lexicon_term", "moderation_guideline",
}  # fmt: skip


class ForeignKey(NamedTuple):
    table: str
    name: str
    definition: str


# ---------------------------------------------------------------- what is there
def tables() -> dict[str, list[Column]]:
    """Each table and its columns, those left out that it computes by itself (search). Partitions
    are no tables of their own: what is written to the whole goes where it belongs."""
    found: dict[str, list[Column]] = defaultdict(list)
    for table, *column in _all(
        "SELECT table_name, column_name, data_type, character_maximum_length, numeric_scale"
        " FROM information_schema.columns JOIN information_schema.tables"
        " USING (table_schema, table_name)"
        " WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
        " AND is_generated = 'NEVER' AND NOT EXISTS (SELECT FROM pg_class WHERE relispartition"
        " AND oid = format('%I.%I', table_schema, table_name)::regclass)"
        " ORDER BY table_name, ordinal_position"
    ):
        found[table].append(Column(*column))
    return {name: columns for name, columns in found.items() if name not in LEFT}


def migrations() -> set[tuple[str, str]]:
    """Those that ran here; none where there is no table of them yet."""
    if _all("SELECT to_regclass('django_migrations')") == [(None,)]:
        return set()
    return set(_all("SELECT app, name FROM django_migrations"))


def written(names: Iterable[str]) -> list[str]:
    """Tables that hold a row which no migration has sown."""
    asked = [name for name in names if name not in SOWN]
    return [n for n in asked if _all(f"SELECT 1 FROM {quoted(n)} LIMIT 1")]  # noqa: S608


def rows(table: str, columns: Sequence[Column]) -> Iterator[Row]:
    """All rows, a thousand in memory at a time. JSON comes as text."""
    names = [
        quoted(column.name) + ("::text" if column.kind == "jsonb" else "") for column in columns
    ]
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(names)} FROM {quoted(table)}")  # noqa: S608
        while some := cursor.fetchmany(AT_ONCE):
            yield from some


# ---------------------------------------------------------------- filling it
def take_limits_away() -> None:
    """For this transaction: one COPY may take an hour."""
    _do("SET LOCAL statement_timeout = 0")
    _do("SET LOCAL idle_in_transaction_session_timeout = 0")


def drop_foreign_keys() -> list[ForeignKey]:
    """Take them away while rows come in the order of tables, and so that each is checked by one
    join at the end: checked row by row they would all wait in memory."""
    found = [
        ForeignKey(*row)
        for row in _all(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE contype = 'f'"
            " AND connamespace = current_schema()::regnamespace ORDER BY 1, 2"
        )
    ]
    for key in found:
        _do(f"ALTER TABLE {key.table} DROP CONSTRAINT {key.name}")
    return found


def add_foreign_keys(keys: Sequence[ForeignKey]) -> None:
    """Raises CannotMove where rows refer to what is not there."""
    for key in keys:
        try:
            _do(f"ALTER TABLE {key.table} ADD CONSTRAINT {key.name} {key.definition}")
        except IntegrityError as error:
            raise CannotMove(
                f"Rows refer to what is not there. Mend them in the SQLite database (PRAGMA "
                f"foreign_key_check finds them): {error}"
            ) from error


def empty(names: Iterable[str]) -> None:
    """Also of what migrations have sown: the rows that come have numbers of their own."""
    _do(f"TRUNCATE {', '.join(map(quoted, names))}")


def fill(table: str, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    names = ", ".join(quoted(column.name) for column in columns)
    statement = f"COPY {quoted(table)} ({names}) FROM STDIN"
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(statement) as copy,
    ):
        for row in rows:
            copy.write_row(row)


def go_on_counting(last: dict[str, int]) -> None:
    """Let each sequence go on after the highest number that was ever given."""
    there = tables()
    for table, column in _all(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND is_identity = 'YES'"
    ):
        if table not in there:
            continue
        (highest,) = _all(f"SELECT max({quoted(column)}) FROM {quoted(table)}")[0]  # noqa: S608
        if number := max(highest or 0, last.get(table, 0)):
            _all("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", quoted(table), column, number)


def learn_what_is_there() -> None:
    """Plans rest on what ANALYZE counted; nobody should wait for the first autovacuum."""
    _do("ANALYZE")


def _all(sql: str, *parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)
        return cursor.fetchall()


def _do(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
