"""What a value of SQLite is in a column of PostgreSQL, and where it does not fit.

SQLite keeps what it is given: words longer than their column, whole numbers of any size, NUL among
letters. PostgreSQL refuses them, so they are found here, each with its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

# By PostgreSQL's name of the type.
WHOLE_BITS = {"smallint": 15, "integer": 31, "bigint": 63}
# A NUL written as JSON writes it; an even number of backslashes before it are letters themselves.
NUL_IN_JSON = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class Unfit(Exception):
    """PostgreSQL cannot keep this value; says why, in a few words."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the target. `longest`: letters of a varchar; `places`: decimals of a numeric."""

    name: str
    kind: str
    longest: int | None = None
    places: int | None = None


def reader(column: Column) -> Callable[[Any], Any]:
    """A function from SQLite's value, never None, to the one that goes into this column. It raises
    Unfit; raises KeyError here for a type that nobody thought of."""
    if column.kind in WHOLE_BITS:
        return _whole(WHOLE_BITS[column.kind])
    if column.kind == "character varying":
        return _text(column.longest)
    if column.kind == "numeric":
        return _decimal(column.places or 0)
    return READERS[column.kind]


# ---------------------------------------------------------------- one for each kind
def _whole(bits: int) -> Callable[[Any], int]:
    least, beyond = -(1 << bits), 1 << bits

    def read(value: Any) -> int:
        if type(value) is not int:
            raise Unfit(f"no whole number, but {_kind(value)}")
        if not least <= value < beyond:
            raise Unfit(f"{value} is beyond {bits + 1} bits")
        return value

    return read


def _text(longest: int | None) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if type(value) is not str:
            raise Unfit(f"no text, but {_kind(value)}")
        if "\x00" in value:
            raise Unfit("a NUL among its letters")
        if longest is not None and len(value) > longest:
            raise Unfit(f"{len(value)} letters where {longest} have room")
        return value

    return read


def _decimal(places: int) -> Callable[[Any], Decimal]:
    step = Decimal(1).scaleb(-places)

    def read(value: Any) -> Decimal:
        try:
            # By the shortest way to write it: a REAL of SQLite has more digits than were meant.
            return Decimal(str(value)).quantize(step)
        except InvalidOperation:
            raise Unfit("no number") from None

    return read


def _boolean(value: Any) -> bool:
    if value not in (0, 1):
        raise Unfit("neither 0 nor 1")
    return bool(value)


def _real(value: Any) -> float:
    if not isinstance(value, int | float):
        raise Unfit(f"no number, but {_kind(value)}")
    return float(value)


def _moment(value: Any) -> datetime:
    try:
        read = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Unfit("no date and time") from None
    # Django writes UTC without saying so.
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Unfit("no date") from None


def _hour(value: Any) -> time:
    try:
        return time.fromisoformat(value)
    except (TypeError, ValueError):
        raise Unfit("no time of day") from None


def _raw(value: Any) -> bytes:
    if type(value) is not bytes:
        raise Unfit(f"no bytes, but {_kind(value)}")
    return value


def _uuid(value: Any) -> UUID:
    try:
        return UUID(value)
    except (AttributeError, TypeError, ValueError):
        raise Unfit("no UUID") from None


def _json(value: Any) -> str:
    """The text as it is: read and written anew its numbers might become others."""
    try:
        json.dumps(json.loads(value, parse_constant=_no_number), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Unfit("half a letter (a lone surrogate) in its JSON") from None
    except (TypeError, ValueError):
        raise Unfit("no JSON") from None
    if NUL_IN_JSON.search(value):
        raise Unfit("a NUL in its JSON")
    return str(value)


def _no_number(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity, which Python reads and JSON does not know


def _kind(value: Any) -> str:
    return {str: "text", bytes: "bytes", float: "a fraction", int: "a number"}[type(value)]


READERS: dict[str, Callable[[Any], Any]] = {
    "text": _text(None),
    "boolean": _boolean,
    "double precision": _real,
    "timestamp with time zone": _moment,
    "date": _day,
    "time without time zone": _hour,
    "bytea": _raw,
    "uuid": _uuid,
    "jsonb": _json,
}
