"""Lines of the log as JSON, with the ids of what was being done and without names of people.

An address of the site is replaced by its route, and what looks like a mail address or the address
of a machine by a word: a log is read by more people than the database, and kept in more places.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest

# What is being done: "request", "task" or "job" -> its id.
_ABOUT: ContextVar[Mapping[str, str]] = ContextVar(
    "what the log is about", default=MappingProxyType({})
)

_GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_IPV4 = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
_IPV6 = re.compile(
    r"(?<![\w:])(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,7}:[0-9a-f:]*)", re.I
)
_QUERY = re.compile(r"\?[^\s\"']+=[^\s\"']*")


@contextmanager
def about(**ids: str) -> Iterator[None]:
    """Lines that are logged inside carry these ids, with those of what is around it."""
    before = _ABOUT.set({**_ABOUT.get(), **ids})
    try:
        yield
    finally:
        _ABOUT.reset(before)


def ids() -> Mapping[str, str]:
    """What is being done: "request", "task" or "job" → its id."""
    return _ABOUT.get()


def request_id(given: str) -> str:
    """The id that a proxy gave, where it looks like one; else a new one of 32 digits."""
    return given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(16)


def without_persons(text: str) -> str:
    text = _QUERY.sub("", _MAIL.sub("[mail]", text))
    return _IPV6.sub("[address]", _IPV4.sub("[address]", text))


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, message, ids, and the figures given by `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        message, request = record.getMessage(), getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            message = message.replace(request.path, route_of(request))
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_persons(message),
            **_ABOUT.get(),
            **getattr(record, "figures", {}),
        }
        if record.exc_info:
            line["trace"] = without_persons(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def route_of(request: HttpRequest) -> str:
    """A name out of the site's own list, never a part of the address that somebody made up."""
    match = request.resolver_match
    return "none" if match is None else match.view_name or match.route
