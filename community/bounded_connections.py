"""Connections to PostgreSQL on which no answer is waited for without end.

`statement_timeout` is the server's own clock: a server that hangs, with its machine or behind a
network that swallows packets, never looks at it, and every place of a web process would wait for as
long as that lasts (drill F3). So the client has a clock as well: in web processes by their pool, in
workers and beat, which have none, on each connection that they open. Commands have no such clock:
what a person has started may ask for hours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any


@dataclass(frozen=True, slots=True)
class BoundedConnections:
    """A pool's `connection_class`, for pools that wait so many seconds for each answer.

    No class itself, because settings are also read where psycopg is not installed.
    """

    seconds: int

    def connect(self, *arguments: Any, **named: Any) -> Any:
        return _bounded(self.seconds).connect(*arguments, **named)


@cache
def _bounded(seconds: int) -> Any:
    import psycopg

    class BoundedConnection(psycopg.Connection):
        def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
            return _in_time(self, super().wait, seconds, gen, interval, timeout)

    return BoundedConnection


def bound(connection: Any, seconds: int) -> None:
    """Give an open one the clock."""
    connection.wait = partial(_in_time, connection, connection.wait, seconds)


def _in_time(
    connection: Any,
    wait: Callable[..., Any],
    seconds: int,
    gen: Any,
    interval: float = 0.1,
    timeout: float | None = None,
) -> Any:
    """Raises OperationalError where no answer came in time; the connection is closed then, since
    whatever comes later would be taken for the answer to something else."""
    import psycopg

    try:
        return wait(gen, interval, seconds if timeout is None else timeout)
    except psycopg.errors.OperationalError as error:
        if timeout is None and type(error).__name__ == "_WaitTimeout":
            connection.close()
        raise
