"""Insert many narrow rows without making an object of each: about ten times bulk_create.

SQLite gets a row at a time, which costs it nothing. PostgreSQL gets all of them in one statement
and one parameter, as JSON: to hear of values one by one costs it and its driver more than to insert
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from django.db import connections, models, router


class _Insertion(NamedTuple):
    statement: str
    # The same for PostgreSQL; none where rows that exist are renewed, as one statement renews no
    # row twice, and for columns that JSON has no words for.
    of_json: str
    # Columns that the rows leave out; which of the given ones are times, which of all are JSON.
    others: list[models.Field[Any, Any]]
    times: list[int]
    texts: list[int]


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
        if insertion.of_json and len(found) > 1 and connection.vendor == "postgresql":
            cursor.execute(insertion.of_json, [_as_json(found, insertion.texts)])
        else:
            cursor.executemany(insertion.statement, found)


def _as_json(rows: list[list[Any]], texts: list[int]) -> str:
    """The rows as one array of objects. What is JSON already is a part of it, and not quoted in it;
    defaults of such columns are still objects behind the driver's wrapper."""
    for at in texts:
        for row in rows:
            if isinstance(row[at], str):
                row[at] = orjson.Fragment(row[at])
    names = [f"c{at}" for at in range(len(rows[0]))]
    named = [dict(zip(names, row, strict=True)) for row in rows]
    return orjson.dumps(named, default=lambda wrapped: wrapped.obj).decode()


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
        "" if renewed or None in kinds else _of_json(into, [k for k in kinds if k], ending),
        others,
        [i for i, field in enumerate(fields) if isinstance(field, models.DateTimeField)],
        [i for i, f in enumerate([*fields, *others]) if isinstance(f, models.JSONField)],
    )


# PostgreSQL's type of what is read from JSON. The first that fits: a foreign key is of the kind of
# what it refers to.
KINDS: tuple[tuple[type[models.Field[Any, Any]], str], ...] = (
    (models.BooleanField, "boolean"),
    (models.FloatField, "double precision"),
    (models.IntegerField, "bigint"),
    (models.DateTimeField, "timestamptz"),
    (models.DateField, "date"),
    (models.JSONField, "jsonb"),
    (models.CharField, "text"),
    (models.TextField, "text"),
)


def _kind_of(field: models.Field[Any, Any]) -> str | None:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return next((kind for type_, kind in KINDS if isinstance(field, type_)), None)


def _of_json(into: str, kinds: Sequence[str], ending: str) -> str:
    values = ", ".join(f"c{at}" for at in range(len(kinds)))
    columns = ", ".join(f"c{at} {kind}" for at, kind in enumerate(kinds))
    return (
        f"INSERT INTO {into} SELECT {values}"  # noqa: S608
        f" FROM json_to_recordset(%s) AS given({columns}) {ending}"
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
