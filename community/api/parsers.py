"""A JSON parser that refuses what other parsers guess about.

What can exhaust or confuse those behind it is found before or while parsing, in linear time and
without recursion, and the refusal names it.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from itertools import accumulate
from typing import IO, Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser, MultiPartParser

from community.media.limits import MAX_UPLOAD_BYTES

MAX_BYTES = 1_000_000
MAX_DEPTH = 64
# Room for what stands around the file in a form.
FORM_OVERHEAD_BYTES = 64 * 1024
# Digits of a 64-bit number and its sign.
MAX_DIGITS = 20

STRINGS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
# Escapes by which a NUL or half a surrogate pair may come in; then the values are looked at.
SUSPECT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
FORBIDDEN = re.compile("[\x00\ud800-\udfff]")


class TooLarge(APIException):
    status_code = 413
    default_code = "too_large"
    default_detail = gettext_lazy("The body is larger than 1 MB.")


class StrictJSONParser(BaseParser):
    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The value of the body. Raises TooLarge, ParseError."""
        return parse_strictly(_read(stream, parser_context or {}))


class BoundedFormParser(MultiPartParser):
    """One file in a form: what is announced as larger than a file may be is not even read."""

    @property
    def largest(self) -> int:
        return MAX_UPLOAD_BYTES

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        request = (parser_context or {})["request"]
        if _number(request.META.get("CONTENT_LENGTH")) > self.largest + FORM_OVERHEAD_BYTES:
            raise TooLarge(_("The file is too large."))
        return super().parse(stream, media_type, parser_context)


class VideoFormParser(BoundedFormParser):
    """As the other, for files as large as a video may be."""

    @property
    def largest(self) -> int:
        return int(settings.VIDEO_LARGEST_BYTES)


def parse_strictly(body: bytes) -> Any:
    """Read one JSON value. Raises ParseError, whose code and sentence name what is wrong."""
    if nested_deeper_than(body, MAX_DEPTH):
        _refuse(
            "too_deep", _("The JSON is nested more than %(depth)d deep.") % {"depth": MAX_DEPTH}
        )
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        _refuse("not_utf8", _("The body is not UTF-8."))
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=_float,
        )
    except ValueError as error:
        where = {"line": getattr(error, "lineno", 1), "column": getattr(error, "colno", 1)}
        _refuse("not_json", _("This is not JSON: line %(line)d, column %(column)d.") % where)
    if SUSPECT.search(text):
        _check_texts(value)
    return value


def nested_deeper_than(body: bytes, depth: int) -> bool:
    """Whether brackets outside of strings nest deeper. Linear, and no parser is involved."""
    if body.count(b"[") + body.count(b"{") <= depth:
        return False
    brackets = STRINGS.sub(b"", body).translate(None, NOT_BRACKETS)
    return max(accumulate(map(STEP.__getitem__, brackets)), default=0) > depth


def _read(stream: IO[Any], context: Mapping[str, Any]) -> bytes:
    """The body, and never much more of it than is allowed."""
    request = context.get("request")
    announced = request.META.get("CONTENT_LENGTH") if request is not None else None
    if _number(announced) > MAX_BYTES:
        raise TooLarge
    body = stream.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise TooLarge
    return bytes(body)


def _number(announced: object) -> int:
    """A Content-Length; 0 where there is none to believe."""
    digits = str(announced)
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 20 else 0


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = Counter(name for name, _value in pairs).most_common(1)[0][0]
        _refuse("duplicate_key", _("“%(name)s” stands twice in one object.") % {"name": twice[:60]})
    return found


def _constant(name: str) -> NoReturn:
    _refuse("not_a_number", _("%(name)s is not a number of JSON.") % {"name": name})


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        _refuse("number_too_large", _("A whole number has more than 64 bits."))
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        _refuse("number_too_large", _("A number is too large."))
    return number


def _check_texts(value: Any) -> None:
    """Look at every text, keys included, with a stack of our own."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            _check_text(item)
        elif isinstance(item, dict):
            waiting += item.keys()
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item


def _check_text(text: str) -> None:
    if found := FORBIDDEN.search(text):
        if found[0] == "\x00":
            _refuse("nul", _("A text contains the character U+0000."))
        _refuse("lone_surrogate", _("A text contains half of a surrogate pair."))


def _refuse(code: str, detail: str) -> NoReturn:
    raise ParseError(detail, code)
