"""Connections to PostgreSQL on which no answer is waited for without end.

`statement_timeout` is the server's own clock: a server that hangs, with its machine or behind a
network that swallows packets, never looks at it, and every place of a web process would wait for as
long as that lasts (drill F3). So the client has a clock as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
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
            """Raises OperationalError where no answer came in time; the connection is closed then,
            since whatever comes later would be taken for the answer to something else."""
            try:
                return super().wait(gen, interval, seconds if timeout is None else timeout)
            except psycopg.errors.OperationalError as error:
                if timeout is None and type(error).__name__ == "_WaitTimeout":
                    self.close()
                raise

    return BoundedConnection
