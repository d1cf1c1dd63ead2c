"""Queries of the hot paths: their SQL is made once a process, and run with other values each time.

Django composes a query anew each time it is asked, which on a feed's path takes longer than the
answer. What is asked still stands in one place as a queryset, gates included.

    FOLLOWED = Prepared(
        lambda me: Follow.objects.filter(follower=me).values_list("followed_id", flat=True), int
    )
    FOLLOWED(person_id)        # → list of ids
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.query import FlatValuesListIterable, ValuesListIterable
from django.db.models.sql import UpdateQuery


class Ids:
    """Kind of a parameter: primary keys, for `…__in=`. One parameter however many they are."""


class _Plan(NamedTuple):
    # Whose rows they are: each call asks anew where these are read, as a replica may be behind.
    model: type[Model]
    # The database that the queryset itself names, if it does; whether rows are written or held.
    using: str | None
    writes: bool
    sql: str
    # By mark: the place among the values asked with, or None and a constant of the query.
    parameters: tuple[tuple[int | None, Any], ...]
    # By column, what makes a Python value of the database's.
    converters: tuple[tuple[int, Callable[[Any], Any]], ...] = ()
    flat: bool = False

    def connection(self) -> BaseDatabaseWrapper:
        choose = router.db_for_write if self.writes else router.db_for_read
        return connections[self.using or choose(self.model)]


class _Composed:
    """What is composed of expressions that stand for parameters of these kinds."""

    def __init__(self, make: Callable[..., Any], *kinds: type) -> None:
        self._make, self._kinds = make, kinds
        self._plan: _Plan | None = None

    def _made(self) -> Any:
        """What `make` makes of marks; they are found again in the statement."""
        connection = connections["default"]
        return self._make(
            *(
                _rows_of(mark, connection) if kind is Ids else RawSQL("%s", [mark])
                for kind, mark in zip(self._kinds, self._marks(), strict=True)
            )
        )

    def _marks(self) -> list[str]:
        return [f"\x1fparameter {at}" for at in range(len(self._kinds))]

    def _written(
        self, composed: tuple[str, Sequence[Any]], connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[tuple[int | None, Any], ...]]:
        """The statement, and by mark what is asked with."""
        sql, parameters = composed
        places = self._places(parameters)
        if connection.vendor == "postgresql":
            from .planned import with_constants

            return with_constants(sql, places, connection)
        return sql, places

    def _places(self, parameters: Sequence[Any]) -> tuple[tuple[int | None, Any], ...]:
        places = {mark: at for at, mark in enumerate(self._marks())}
        found = tuple((places.get(value), value) for value in parameters)
        if missing := set(places.values()) - {at for at, _value in found}:
            raise TypeError(f"Parameters {sorted(missing)} are not in the query.")
        return found

    def _given(
        self, plan: _Plan, values: Sequence[Any], connection: BaseDatabaseWrapper
    ) -> list[Any]:
        given = [
            _as_parameter(kind, value, connection)
            for kind, value in zip(self._kinds, values, strict=True)
        ]
        return [fixed if at is None else given[at] for at, fixed in plan.parameters]


class Prepared(_Composed):
    """A `values_list` queryset over parameters of these kinds: `int`, `float`, `str`, `datetime` or
    `Ids`; with `select_for_update`, call it in a transaction.

    It is made with expressions that stand for the parameters: they may be compared with, and not
    looked at (in a slice or a branch). Raises TypeError for what cannot be prepared.
    """

    def __call__(self, *values: Any) -> list[Any]:
        """All rows: tuples, or bare values where the queryset is flat."""
        plan = self._plan or self._prepare()
        connection = plan.connection()
        with _asked(connection, plan.sql, self._given(plan, values, connection)) as cursor:
            rows: list[Any] = cursor.fetchall()
        if plan.converters:
            rows = [_converted(row, plan.converters) for row in rows]
        return [row[0] for row in rows] if plan.flat else rows

    def first(self, *values: Any) -> Any:
        """The first row, None where there is none. For queries of a row or a few."""
        rows = self(*values)
        return rows[0] if rows else None

    def _prepare(self) -> _Plan:
        query: QuerySet[Any] = self._made()
        form = query._iterable_class
        if form not in (FlatValuesListIterable, ValuesListIterable):
            raise TypeError("Only values_list querysets can be prepared.")
        compiler = query.query.get_compiler(connection=connections[query.db])
        sql, places = self._written(compiler.as_sql(), connections[query.db])
        converters = compiler.get_converters([column[0] for column in compiler.select])
        self._plan = _Plan(
            query.model,
            query._db,  # type: ignore[attr-defined]
            bool(query.query.select_for_update),
            sql,
            places,
            tuple(
                (at, _converter(functions, column, connections[query.db]))
                for at, (functions, column) in converters.items()
            ),
            form is FlatValuesListIterable,
        )
        return self._plan


class PreparedUpdate(_Composed):
    """An UPDATE over parameters of the same kinds; `make` gives a queryset and the changes of it.

        SEEN = PreparedUpdate(
            lambda ids, now: (Notice.objects.filter(pk__in=ids), {"seen_at": now}), Ids, datetime
        )
        SEEN(ids, now)         # → how many rows

    Raises TypeError for what cannot be prepared: rows that are found by joining others.
    """

    def __call__(self, *values: Any) -> int:
        plan = self._plan or self._prepare()
        connection = plan.connection()
        with _asked(connection, plan.sql, self._given(plan, values, connection)) as cursor:
            return int(cursor.rowcount)

    def _prepare(self) -> _Plan:
        rows, changes = self._made()
        query = rows.query.chain(UpdateQuery)
        query.add_update_values(changes)
        if sum(bool(count) for count in query.alias_refcount.values()) > 1 or query.related_updates:
            raise TypeError("Only rows of one table can be prepared to be changed.")
        compiler = query.get_compiler(connection=connections[rows.db])
        sql, places = self._written(compiler.as_sql(), connections[rows.db])
        self._plan = _Plan(rows.model, rows._db, True, sql, places)
        return self._plan


def _asked(connection: BaseDatabaseWrapper, sql: str, parameters: Sequence[Any]) -> Any:
    """Django's own cursor, counted and timed as all others, with the answer; on PostgreSQL by a
    plan that is kept."""
    cursor = connection.cursor()
    if connection.vendor == "postgresql":
        from .planned import ask_by_plan, keeps_plans

        if keeps_plans(connection):
            return ask_by_plan(connection, cursor, sql, parameters)
    cursor.execute(sql, parameters)
    return cursor


def _converted(
    row: Sequence[Any], converters: Sequence[tuple[int, Callable[[Any], Any]]]
) -> tuple[Any, ...]:
    values = list(row)
    for at, convert in converters:
        values[at] = convert(values[at])
    return tuple(values)


def _converter(
    functions: Sequence[Callable[..., Any]], column: Any, connection: BaseDatabaseWrapper
) -> Callable[[Any], Any]:
    """Django's functions as one. Two are asked for each row of each page and have a quicker way on
    SQLite: truth, which is a number there, and moments, which come without their zone: Django takes
    long to see that it is UTC."""
    operations = connection.ops
    if functions == [getattr(operations, "convert_booleanfield_value", None)]:
        return _TRUTH.get
    moment = getattr(operations, "convert_datetimefield_value", None)
    if functions == [moment] and connection.timezone_name == "UTC":
        return _moment

    def convert(value: Any) -> Any:
        for function in functions:
            value = function(value, column, connection)
        return value

    return convert


_TRUTH = {0: False, 1: True}


def _moment(value: Any) -> Any:
    return value and value.replace(tzinfo=UTC)


# ---------------------------------------------------------------- parameters
def these(ids: Collection[int]) -> RawSQL:
    """For `…__in=` of a queryset of one's own: any number of ids as one parameter. Binding
    thousands one by one costs more than finding them."""
    connection = connections["default"]
    return _rows_of(_as_parameter(Ids, ids, connection), connection)


def _as_parameter(kind: type, value: Any, connection: BaseDatabaseWrapper) -> Any:
    if kind is datetime:
        return connection.ops.adapt_datetimefield_value(value)
    if kind is Ids:
        listed = orjson.dumps(list(value)).decode()
        # PostgreSQL's word for the same list: its driver writes a long one far more slowly.
        return listed if connection.vendor == "sqlite" else f"{{{listed[1:-1]}}}"
    return value


def _rows_of(parameter: Any, connection: BaseDatabaseWrapper) -> RawSQL:
    """The ids of one parameter as rows."""
    if connection.vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", [parameter])
    return RawSQL("SELECT unnest(%s::bigint[])", [parameter])
