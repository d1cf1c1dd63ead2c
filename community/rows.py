"""Insert many narrow rows without making an object of each: about ten times bulk_create."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connections, models, router


class _Insertion(NamedTuple):
    statement: str
    # Columns that the rows leave out, and which of the columns are times.
    others: list[models.Field[Any, Any]]
    times: list[int]


def insert_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    unique: Sequence[str] = (),
    renewed: Sequence[str] = (),
) -> None:
    """Insert rows of values in the order of `columns` (field names); rows that exist are left, or
    where those of the `unique` fields exist, their `renewed` ones become what the row says.

    Call it in a transaction. Columns left out take their field's default.
    """
    connection = connections[router.db_for_write(model)]
    insertion = _insertion(model, tuple(columns), tuple(unique), tuple(renewed))
    constants = [
        field.get_db_prep_save(field.get_default(), connection) for field in insertion.others
    ]
    adapt = connection.ops.adapt_datetimefield_value
    # Rows of one statement mostly share their time.
    last: tuple[Any, Any] = (None, None)

    def prepared(row: Sequence[Any]) -> list[Any]:
        nonlocal last
        values = [*row, *constants]
        for i in insertion.times:
            if values[i] is not last[0]:
                last = values[i], adapt(values[i])
            values[i] = last[1]
        return values

    if found := [prepared(row) for row in rows]:
        with connection.cursor() as cursor:
            cursor.executemany(insertion.statement, found)


@lru_cache(maxsize=100)
def _insertion(
    model: type[models.Model],
    columns: tuple[str, ...],
    unique: tuple[str, ...],
    renewed: tuple[str, ...],
) -> _Insertion:
    fields = [_column(model, name) for name in columns]
    others = [
        field
        for field in model._meta.concrete_fields
        if field not in fields and not field.primary_key
    ]
    marks = ", ".join(["%s"] * (len(fields) + len(others)))
    into = f"{_quoted(model._meta.db_table)} ({_names([*fields, *others])})"
    conflict = "NOTHING"
    if renewed:
        names = [_quoted(_column(model, name).column) for name in renewed]
        conflict = "UPDATE SET " + ", ".join(f"{name} = excluded.{name}" for name in names)
    target = f" ({_names([_column(model, name) for name in unique])})" if unique else ""
    return _Insertion(
        # Table and columns come from the model, never from a file.
        f"INSERT INTO {into} VALUES ({marks}) ON CONFLICT{target} DO {conflict}",  # noqa: S608
        others,
        [i for i, field in enumerate(fields) if isinstance(field, models.DateTimeField)],
    )


def _names(fields: Sequence[models.Field[Any, Any]]) -> str:
    return ", ".join(_quoted(field.column) for field in fields)


def _quoted(name: str | None) -> str:
    """Both databases quote alike."""
    return f'"{name}"'


def _column(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{name} is no column of {model.__name__}")
    return field
