"""Work that writes many rows: how it leaves room for others, and keeps apart from its like."""

from __future__ import annotations

import time
from hashlib import blake2b

from django.db import connection

# So often who waits for SQLite's lock looks for it again, in the first tenth of a second.
LOOKS_EVERY = 0.025


def breathe() -> None:
    """Let others write, between two transactions of one long piece of work.

    SQLite keeps no queue: who waits is asleep between two looks, and work that begins its next
    transaction at once takes the lock again and again before they wake.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(LOOKS_EVERY)


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
