"""Insert many narrow rows without making an object of each: about ten times bulk_create.

SQLite gets a row at a time, which costs it nothing. PostgreSQL gets the columns as arrays, in one
statement: a row at a time costs it more to hear of than to insert.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connections, models, router


class _Insertion(NamedTuple):
    statement: str
    # The same for PostgreSQL's arrays, and what makes the elements of each alike; none where rows
    # that exist are renewed, as one statement renews no row twice.
    of_arrays: str
    alike: list[Callable[[Any], Any]]
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

    found = [prepared(row) for row in rows]
    if not found:
        return
    with connection.cursor() as cursor:
        if insertion.of_arrays and len(found) > 1 and connection.vendor == "postgresql":
            cursor.execute(insertion.of_arrays, _as_arrays(found, insertion.alike))
        else:
            cursor.executemany(insertion.statement, found)


def _as_arrays(rows: list[list[Any]], alike: list[Callable[[Any], Any]]) -> list[list[Any]]:
    return [
        [None if value is None else made(value) for value in column]
        for made, column in zip(alike, zip(*rows, strict=True), strict=True)
    ]


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
    kinds = [_kind_of(field) for field in [*fields, *others]]
    # Table and columns come from the model, never from a file.
    ending = f"ON CONFLICT{target} DO {conflict}"
    return _Insertion(
        f"INSERT INTO {into} VALUES ({marks}) {ending}",  # noqa: S608
        "" if renewed or None in kinds else _of_arrays(into, [k for k in kinds if k], ending),
        [kind.alike for kind in kinds if kind],
        others,
        [i for i, field in enumerate(fields) if isinstance(field, models.DateTimeField)],
    )


class _Kind(NamedTuple):
    """How values of a column travel in an array: PostgreSQL's type, what makes them alike, and the
    cast that an insertion does not do by itself."""

    name: str
    alike: Callable[[Any], Any]
    cast: str = ""


def _json_text(value: Any) -> str:
    """Text as it is; a default is still an object behind the driver's wrapper."""
    return value if isinstance(value, str) else json.dumps(getattr(value, "obj", value))


# The first that fits: a foreign key is of the kind of what it refers to.
KINDS: tuple[tuple[type[models.Field[Any, Any]], _Kind], ...] = (
    (models.BooleanField, _Kind("boolean", bool)),
    (models.FloatField, _Kind("double precision", float)),
    (models.IntegerField, _Kind("bigint", int)),
    (models.DateTimeField, _Kind("timestamptz", lambda value: value)),
    (models.DateField, _Kind("date", lambda value: value)),
    (models.JSONField, _Kind("text", _json_text, "::jsonb")),
    (models.CharField, _Kind("text", str)),
    (models.TextField, _Kind("text", str)),
)


def _kind_of(field: models.Field[Any, Any]) -> _Kind | None:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return next((kind for type_, kind in KINDS if isinstance(field, type_)), None)


def _of_arrays(into: str, kinds: Sequence[_Kind], ending: str) -> str:
    columns = [f"c{at}" for at in range(len(kinds))]
    values = ", ".join(f"{c}{kind.cast}" for c, kind in zip(columns, kinds, strict=True))
    arrays = ", ".join(f"%s::{kind.name}[]" for kind in kinds)
    return (
        f"INSERT INTO {into} SELECT {values}"  # noqa: S608
        f" FROM unnest({arrays}) AS given({', '.join(columns)}) {ending}"
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
