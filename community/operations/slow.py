"""Statements that took long, as a line of the log: what was asked, never with which values.

The line carries the ids of request, task and job like every other (logs.py), so that it can be
found again from the answer's X-Request-ID.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

logger = logging.getLogger("rockpool.slow")

_WRITTEN_IN = re.compile(r"'(?:[^']|'')*'")
# Longer ones repeat themselves: thousands of marks of one INSERT.
LONGEST_SAID = 1_000


def watch(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Measure the statements of a connection that was opened, where the settings ask for it."""
    if settings.SLOW_QUERY_SECONDS > 0 and measured not in connection.execute_wrappers:
        connection.execute_wrappers.append(measured)


def measured(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        seconds = time.perf_counter() - began
        if seconds >= settings.SLOW_QUERY_SECONDS:
            _tell(str(sql), seconds, context["connection"].alias)


def _tell(sql: str, seconds: float, alias: str) -> None:
    figures = {"milliseconds": round(seconds * 1000, 1), "database": alias}
    logger.warning("Slow: %.3f s: %s", seconds, without_values(sql), extra={"figures": figures})


def without_values(sql: str) -> str:
    """Values travel beside the statement, in `params`, and are not looked at; what was written into
    it all the same is left out."""
    return " ".join(_WRITTEN_IN.sub("'…'", sql).split())[:LONGEST_SAID]


def listen() -> None:
    connection_created.connect(watch, dispatch_uid="slow statements")
