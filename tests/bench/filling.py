"""Rows by the hundred thousand, the quickest way that each database has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

# Rows of one transaction.
CHUNK = 50_000


def fill(model: Any, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows of values in the order of `columns` (names of fields); how many. Columns left out
    take their field's default. The rows must not be there yet."""
    from django.db import connection, transaction

    from community.rows import insert_rows

    written, source = 0, iter(rows)
    while batch := list(islice(source, CHUNK)):
        with transaction.atomic():
            if connection.vendor == "postgresql":
                copy_rows(model, columns, batch)
            else:
                insert_rows(model, columns, batch)
        written += len(batch)
    return written


def copy_rows(model: Any, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows into a table of PostgreSQL."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    others = [
        field for name, field in fields.items() if name not in columns and not _numbers(field)
    ]
    names = ", ".join(
        f'"{field.column}"' for field in [*(fields[name] for name in columns), *others]
    )
    constants = [field.get_default() for field in others]
    copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN', _with(rows, constants))


def copy(statement: str, rows: Iterable[Sequence[Any]]) -> None:
    from django.db import connection

    with connection.cursor() as cursor, cursor.cursor.copy(statement) as stream:
        for row in rows:
            stream.write_row(row)


def _with(rows: Iterable[Sequence[Any]], constants: list[Any]) -> Iterator[list[Any]]:
    for row in rows:
        yield [*row, *constants]


def _numbers(field: Any) -> bool:
    """Whether the database counts it by itself."""
    return bool(field.primary_key and field.remote_field is None)
