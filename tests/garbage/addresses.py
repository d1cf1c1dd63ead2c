"""Every address of the URL configuration, with values that lead somewhere and such that do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

# Programs' door, with a sweep generated from its schema (tests/api/test_fuzz.py).
NOT_PAGES = ("api/",)
HUGE = 999_999_999_999_999_999


def patterns(resolver: Any = None, route: str = "", space: str = "") -> Iterator[tuple[str, Any]]:
    """(full name, converters or None) of every named address; admin and account included."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = route + str(entry.pattern)
        if path.startswith(NOT_PAGES):
            continue
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from patterns(entry, path, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            named = getattr(entry.pattern, "converters", {})
            groups = getattr(getattr(entry.pattern, "regex", None), "groupindex", {})
            yield f"{space}{entry.name}", tuple({**named, **groups})


NAMES = dict(patterns())


def filled(name: str, known: dict[str, Any]) -> list[str]:
    """Addresses of a page: with things that are there, and with ids that nothing has."""
    arguments = NAMES[name]
    found = []
    for values in (known, dict.fromkeys(arguments, HUGE), dict.fromkeys(arguments, "nobodys")):
        try:
            found.append(reverse(name, kwargs={key: values.get(key, 1) for key in arguments}))
        except NoReverseMatch:
            continue
    return list(dict.fromkeys(found))
