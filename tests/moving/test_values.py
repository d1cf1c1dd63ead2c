"""What SQLite keeps and PostgreSQL refuses is found before it is sent; the rest is as meant."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

import pytest

from community.operations.moving.digests import Digest
from community.operations.moving.values import Column, Unfit, reader

NOON = datetime(2026, 6, 1, 12, 0, 0, 250, tzinfo=UTC)
KEPT = [
    (Column("a", "integer"), 2**31 - 1, 2**31 - 1),
    (Column("a", "bigint"), -(2**63), -(2**63)),
    (Column("a", "boolean"), 1, True),
    (Column("a", "character varying", 4), "潮池🐚!", "潮池🐚!"),
    (Column("a", "text"), "a\ttab, a \\ and\na line", "a\ttab, a \\ and\na line"),
    (Column("a", "double precision"), 3, 3.0),
    (Column("a", "timestamp with time zone"), "2026-06-01 12:00:00.000250", NOON),
    (Column("a", "timestamp with time zone"), "2026-06-01T14:00:00.000250+02:00", NOON),
    (Column("a", "date"), "2026-06-01", date(2026, 6, 1)),
    (Column("a", "time without time zone"), "21:30:00", time(21, 30)),
    (Column("a", "bytea"), b"\x00\xff", b"\x00\xff"),
    (Column("a", "uuid"), "0" * 31 + "1", UUID(int=1)),
    (Column("a", "numeric", places=2), 1.1, Decimal("1.10")),
    (
        Column("a", "jsonb"),
        '{"b": 1.0, "a": "\\ud83d\\udc1a"}',
        '{"b": 1.0, "a": "\\ud83d\\udc1a"}',
    ),
    # A backslash and u0000 as letters are no NUL.
    (Column("a", "jsonb"), '"\\\\u0000"', '"\\\\u0000"'),
]
REFUSED = [
    (Column("a", "smallint"), 2**15, "beyond 16 bits"),
    (Column("a", "integer"), -(2**31) - 1, "beyond 32 bits"),
    (Column("a", "integer"), 1.5, "a fraction"),
    (Column("a", "boolean"), 2, "neither"),
    (Column("a", "character varying", 3), "four", "4 letters where 3"),
    (Column("a", "text"), "a\x00b", "NUL"),
    (Column("a", "text"), b"abc", "bytes"),
    (Column("a", "double precision"), "high", "no number"),
    (Column("a", "timestamp with time zone"), "yesterday", "no date and time"),
    (Column("a", "date"), "2026-02-30", "no date"),
    (Column("a", "time without time zone"), "25:00", "no time"),
    (Column("a", "bytea"), "text", "no bytes"),
    (Column("a", "uuid"), "1", "no UUID"),
    (Column("a", "numeric", places=2), "much", "no number"),
    (Column("a", "jsonb"), "{", "no JSON"),
    (Column("a", "jsonb"), "[NaN]", "no JSON"),
    (Column("a", "jsonb"), '"\\\\\\u0000"', "NUL"),
    (Column("a", "jsonb"), '["\\ud83d"]', "half a letter"),
]


@pytest.mark.parametrize(("column", "value", "meant"), KEPT)
def test_a_value_arrives_as_it_was_meant(column, value, meant):
    read = reader(column)(value)
    assert (type(read), read) == (type(meant), meant)


@pytest.mark.parametrize(("column", "value", "why"), REFUSED)
def test_what_does_not_fit_is_told(column, value, why):
    with pytest.raises(Unfit, match=why):
        reader(column)(value)


def digest(kind, *values):
    found = Digest()
    for value in values:
        found.add([kind], [value])
    return found


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("jsonb", '{"a": 1, "b": [1.50, -0.0, 1e2]}', '{"b":[1.5,0,100], "a":1.0}'),
        ("jsonb", '{"a": 1, "a": 2}', '{"a": 2}'),
        ("jsonb", '"\\u6f6e"', '"潮"'),
        ("numeric", Decimal("1.10"), Decimal("1.1")),
        ("bytea", b"abc", memoryview(b"abc")),
        (
            "timestamp with time zone",
            NOON,
            datetime.fromisoformat("2026-06-01T14:00:00.00025+02:00"),
        ),
    ],
)
def test_two_spellings_of_one_value_have_one_digest(kind, one, other):
    assert digest(kind, one) == digest(kind, other)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("text", "a", "a "),
        ("text", "", None),
        ("text", "None", None),
        ("jsonb", "null", None),
        ("jsonb", "1", '"1"'),
        ("jsonb", "9007199254740993", "9007199254740992"),
        ("jsonb", "[]", "{}"),
        ("double precision", 0.1, 0.1 + 1e-17 * 4),
        ("timestamp with time zone", NOON, NOON.replace(microsecond=251)),
    ],
)
def test_two_values_have_two_digests(kind, one, other):
    assert digest(kind, one) != digest(kind, other)


def test_the_order_of_rows_does_not_count_and_each_row_does():
    assert digest("text", "a", "b") == digest("text", "b", "a")
    assert digest("text", "a", "a") != digest("text")
    assert digest("text", "a", "a", "b") != digest("text", "a", "b", "b")


def test_values_stay_in_their_columns():
    kinds = ["text", "text"]
    one, other = Digest(), Digest()
    one.add(kinds, ["a', 'b", "c"])
    other.add(kinds, ["a", "b', 'c"])
    assert one != other
