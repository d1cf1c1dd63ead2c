"""One number for all rows of a table, whatever their order: the same rows give the same number.

A row is written down in one way before it is hashed, wherever it was read. PostgreSQL gives JSON
back in another spelling, with its keys in another order: both sides write it down by meaning.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Context, Decimal
from hashlib import blake2b
from typing import Any

BYTES = 16
# Rows are added up, so their order does not count and a row that is there twice does.
MODULUS = 1 << 8 * BYTES
# Longer than any number that a program writes into JSON, so that nothing is rounded.
EXACT = Context(prec=1_000)


@dataclass(slots=True)
class Digest:
    """Of the rows added so far. Values are Python's, as `values.reader` makes them."""

    rows: int = 0
    total: int = 0

    def add(self, kinds: Sequence[str], row: Sequence[Any]) -> None:
        said = repr([_written(kind, value) for kind, value in zip(kinds, row, strict=True)])
        hashed = blake2b(said.encode(), digest_size=BYTES).digest()
        self.total = (self.total + int.from_bytes(hashed, "big")) % MODULUS
        self.rows += 1

    def __str__(self) -> str:
        return f"{self.total:0{2 * BYTES}x}"


def _written(kind: str, value: Any) -> Any:
    """As a value whose repr says all of it and nothing else."""
    if value is None:
        return None
    if kind == "jsonb":
        return (
            json.loads(value, object_pairs_hook=_by_key, parse_int=_number, parse_float=_number),
        )
    if kind == "numeric":
        return str(_number(value))
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, memoryview):
        return bytes(value)
    return value


def _by_key(pairs: list[tuple[str, Any]]) -> tuple[str, list[tuple[str, Any]]]:
    return "object", sorted(dict(pairs).items())


def _number(written: Any) -> Decimal:
    """1.0, 1 and 1e0 are one number, -0.0 is 0: jsonb keeps numbers as numeric, which knows none
    of these differences but the first."""
    return EXACT.plus(EXACT.normalize(Decimal(written)))
