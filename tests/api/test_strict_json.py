"""The strict parser as a table: what other parsers guess about is refused by name."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ParseError

from community.api.parsers import (
    MAX_BYTES,
    MAX_DEPTH,
    StrictJSONParser,
    TooLarge,
    nested_deeper_than,
    parse_strictly,
)

from .conftest import Program, assert_problem

pytestmark = pytest.mark.letter("E11")

REFUSED = [
    (b"[" * 65 + b"]" * 65, "too_deep"),
    (b"[" * 100_000, "too_deep"),
    (b'{"a":' * 100_000, "too_deep"),
    (b"\xff\xfe", "not_utf8"),
    (b'{"a":"\xed\xa0\x80"}', "not_utf8"),
    (rb'{"title":"a\u0000b"}', "nul"),
    (rb'{"a\u0000":1}', "nul"),
    (rb'["\ud800"]', "lone_surrogate"),
    (rb'{"a":["x",{"b":"\udfff"}]}', "lone_surrogate"),
    (rb'["\uDE00\uD83D"]', "lone_surrogate"),
    (b"NaN", "not_a_number"),
    (b'{"value":Infinity}', "not_a_number"),
    (b'{"value":-Infinity}', "not_a_number"),
    (b"1e999", "number_too_large"),
    (b"99999999999999999999999", "number_too_large"),
    (b"1" * 5_000, "number_too_large"),
    (b'{"a":1,"a":2}', "duplicate_key"),
    (rb'{"a":1,"\u0061":2}', "duplicate_key"),
    (b'{"a":1,}', "not_json"),
    (b'{"a":1} x', "not_json"),
    (b'{"a":"line\nbreak"}', "not_json"),
    (b'{"a":"\x00"}', "not_json"),
    (b'"never ends', "not_json"),
    (b"\xef\xbb\xbf{}", "not_json"),
    (b"{'a':1}", "not_json"),
    (b"", "not_json"),
]
TAKEN = [
    (b"[" * 64 + b"]" * 64, None),
    (b'{"a":"' + b"[" * 1_000 + b'"}', {"a": "[" * 1_000}),
    (rb'{"a":"\"[[{\\"}', {"a": '"[[{\\'}),
    (rb'"\\u0000"', "\\u0000"),
    (rb'"\\ud800"', "\\ud800"),
    (rb'"\ud83c\udf0a"', "🌊"),
    ('{"潮":"池"}'.encode(), {"潮": "池"}),
    (b"18446744073709551615", 2**64 - 1),
    (b"-9223372036854775808", -(2**63)),
    (b" 1.5e3 ", 1500.0),
]


@pytest.mark.parametrize(("body", "code"), REFUSED)
def test_what_is_not_plain_json_is_refused_by_name(body: bytes, code: str) -> None:
    with pytest.raises(ParseError) as refused:
        parse_strictly(body)
    assert refused.value.detail.code == code


@pytest.mark.parametrize(("body", "value"), TAKEN)
def test_what_is_plain_json_is_taken(body: bytes, value: Any) -> None:
    found = parse_strictly(body)
    assert found == value or value is None


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**63), 2**63)
        | st.text(st.characters(exclude_characters="\x00", codec="utf-8")),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.text(st.characters(codec="ascii", exclude_characters="\x00")), inner
            )
        ),
        max_leaves=30,
    )
)
def test_whatever_json_can_say_comes_back_as_it_was(value: Any) -> None:
    import json

    assert parse_strictly(json.dumps(value).encode()) == value
    assert parse_strictly(json.dumps(value, ensure_ascii=False).encode()) == value


@pytest.mark.parametrize(
    "body",
    [
        b"[],[" * 250_000,
        b'"\\' * 500_000,
        b"[" * 70 + b'"' + b'\\"' * 499_000,
        b"[" * 70 + b'"a' * 333_000,
        b'{"a":[' * 160_000,
    ],
    ids=["brackets", "quotes", "one endless string", "many strings", "deep"],
)
def test_the_look_for_depth_is_linear(body: bytes) -> None:
    """A megabyte made to be slow takes a fraction of a second; a tenth of it a tenth of that."""
    started = time.process_time()
    nested_deeper_than(body, MAX_DEPTH)
    assert time.process_time() - started < 1


def test_an_object_with_many_names_and_one_twice_is_refused_at_once() -> None:
    names = ",".join(f'"n{i}":0' for i in range(80_000))
    started = time.process_time()
    with pytest.raises(ParseError):
        parse_strictly(f'{{{names},"n79999":1}}'.encode())
    assert time.process_time() - started < 2


def test_a_body_over_one_megabyte_is_refused_whether_or_not_it_is_announced() -> None:
    class Request:
        META: dict[str, str] = {"CONTENT_LENGTH": str(MAX_BYTES + 1)}  # noqa: RUF012

    class Unread:
        def read(self, size: int) -> bytes:
            raise AssertionError("An announced size needs no reading.")

    with pytest.raises(TooLarge):
        StrictJSONParser().parse(Unread(), None, {"request": Request})
    with pytest.raises(TooLarge):
        StrictJSONParser().parse(io.BytesIO(b" " * (MAX_BYTES + 1)), None, {})


@pytest.mark.parametrize(("body", "code"), [row for row in REFUSED if row[0]])
def test_the_address_answers_with_a_problem(
    program: Callable[..., Program], alice: Any, body: bytes, code: str
) -> None:
    answer = program(alice).post("notes/", body, content_type="application/json")
    assert_problem(answer, 400, code)


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"7", b"null", b"true"])
def test_where_an_object_is_needed_nothing_else_is_taken(
    program: Callable[..., Program], alice: Any, body: bytes
) -> None:
    answer = program(alice).post("notes/", body, content_type="application/json")
    assert_problem(answer, 400, "object_needed")


def test_a_body_that_is_too_large_is_a_413(program: Callable[..., Program], alice: Any) -> None:
    body = b'{"body":"' + b"a" * MAX_BYTES + b'"}'
    answer = program(alice).post("notes/", body, content_type="application/json")
    assert_problem(answer, 413, "too_large")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "multipart/form-data; boundary=x", "x" * 400]
)
def test_another_type_than_json_is_a_415(
    program: Callable[..., Program], alice: Any, kind: str
) -> None:
    answer = program(alice).generic("POST", "notes/", b"{}", content_type=kind)
    assert_problem(answer, 415)
