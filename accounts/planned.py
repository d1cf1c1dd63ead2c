"""PostgreSQL keeps the plan of a statement that is asked again and again on one connection.

Django binds values into the text of each statement, so PostgreSQL reads and plans it anew every
time, which for the gate takes longer than finding its rows. A pooler between us may give every
transaction another connection: then nothing is kept (`ROCKPOOL_DATABASE_POOL=0`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.db import NotSupportedError
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import Connection, Cursor
from psycopg.sql import Literal
from psycopg.types.numeric import Int8Dumper


class PlannedCursor(Cursor[Any]):
    """What its connection was asked a few times is planned once, and then kept."""

    def __init__(self, connection: Connection[Any]) -> None:
        super().__init__(connection)
        # Of one type however large they are, or there would be a plan for each size.
        self.adapters.register_dumper(int, Int8Dumper)


def keeps_plans(connection: BaseDatabaseWrapper) -> bool:
    return connection.settings_dict["OPTIONS"].get("prepare_threshold") is not None


def ask_by_plan(
    connection: BaseDatabaseWrapper, cursor: Any, sql: str, parameters: Sequence[Any]
) -> Any:
    """The cursor with the answer.

    A migration may have given a column another type since the plan was made, and then the server
    refuses it for good. A transaction fails by that, and with its end psycopg forgets all plans;
    outside of one another connection is asked.
    """
    cursor.cursor = PlannedCursor(connection.connection)
    try:
        cursor.execute(sql, parameters)
    except NotSupportedError:
        if connection.in_atomic_block:
            raise
        connection.connection.close()  # or a pool would hand it to the next
        connection.close()
        cursor = connection.cursor()
        cursor.cursor = PlannedCursor(connection.connection)
        cursor.execute(sql, parameters)
    return cursor


def with_constants(
    sql: str, parameters: Sequence[tuple[int | None, Any]], connection: BaseDatabaseWrapper
) -> tuple[str, tuple[tuple[int | None, Any], ...]]:
    """The statement with its constants written into it, and the parameters that are left: only of
    what it sees can a kept plan know whether an index of some rows holds them."""
    connection.ensure_connection()
    first, *others = re.split("(?<!%)%s", sql)
    left = [(place, value) for place, value in parameters if place is not None]
    marks = [
        "%s" if place is not None else _written(value, connection) for place, value in parameters
    ]
    return first + "".join(map("".join, zip(marks, others, strict=True))), tuple(left)


def _written(value: Any, connection: BaseDatabaseWrapper) -> str:
    return Literal(value).as_string(connection.connection).replace("%", "%%")
