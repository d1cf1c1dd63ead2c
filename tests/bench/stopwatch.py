"""Time by the clock and of the processor, of this process and of the one that answers it.

On PostgreSQL most of the work is done by the server's process for this connection: it counts too.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any, NamedTuple

import psutil


class Spent(NamedTuple):
    """Seconds by the clock, and of processor."""

    seconds: float
    cpu: float


def measured(work: Callable[[], Any]) -> tuple[Spent, Any]:
    """What this costs, and what it returns."""
    answering = _answering()
    begun, before = time.perf_counter(), _cpu(answering)
    found = work()
    return Spent(time.perf_counter() - begun, _cpu(answering) - before), found


def in_rounds(
    sides: dict[str, Callable[[], Any]], *, rounds: int, then: Callable[[], Any] | None = None
) -> dict[str, list[Spent]]:
    """Each side in turns, in a transaction that is taken back: every round meets the same rows.
    `then` follows each of them and is not measured."""
    from django.db import transaction

    spent: dict[str, list[Spent]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, work in sides.items():
            with transaction.atomic():
                spent[name].append(measured(work)[0])
                transaction.set_rollback(True)
            if then:
                then()
    return spent


def sum_up(spent: dict[str, list[Spent]], first: str, second: str) -> dict[str, float]:
    """Median seconds and processor of both, and the median of the rounds' ratios of `first`."""
    pairs = zip(spent[first], spent[second], strict=True)
    return {
        "ratio": median(one.seconds / other.seconds for one, other in pairs),
        **{f"{name}_seconds": median(s.seconds for s in spent[name]) for name in spent},
        **{f"{name}_cpu": median(s.cpu for s in spent[name]) for name in spent},
    }


def tidy() -> None:
    """Take away what a transaction that was taken back left in tables (on PostgreSQL)."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")


def _answering() -> psutil.Process | None:
    """The server's process of this connection; None where the database is a library."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return psutil.Process(cursor.fetchone()[0])


def _cpu(answering: psutil.Process | None) -> float:
    if answering is None:
        return time.process_time()
    times = answering.cpu_times()
    return time.process_time() + times.user + times.system
