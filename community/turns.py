"""Work that reads, computes and writes back many rows: one worker at a time, on any database."""

from __future__ import annotations

from hashlib import blake2b

from django.db import connection


def take_turn(name: str) -> None:
    """Wait until nobody else is in a transaction that took this turn; it ends with the caller's.

    SQLite lets one writer in at a time anyhow. PostgreSQL lets two sum the same hours, neither
    seeing what the other adds, and the later one writes a total that lacks it.
    """
    if connection.vendor != "postgresql":
        return
    if not connection.in_atomic_block:
        raise RuntimeError("A turn is taken inside a transaction, with which it ends.")
    number = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
