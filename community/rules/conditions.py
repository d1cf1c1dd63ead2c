"""The settings of each kind of rule, checked and brought into one form. Pure.

What a version keeps in `settings`:
words      {"words": [[text, sound, inside], ...], "exceptions": [text, ...]}
links      {"domains": [...], "shorteners": bool, "most": int or null}
rate       {"most": int, "minutes": int, "younger_than": days or null}
newcomers  {"first": int, "younger_than": days or null, "only_links": bool}
burst      {"accounts": int, "minutes": int}
pictures   {"hashes": [16 hex digits, ...], "bits": 0 to 7}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .matching import HOST, PLACES_OF
from .word_list import BadLine, read_words

LONGEST_WINDOW = 30 * 24 * 60  # minutes
LONGEST_AGE = 365  # days
MOST_DOMAINS = 10_000
MOST_HASHES = 5_000
MOST_BITS = 7
PHASH = re.compile(r"[0-9a-f]{16}")


class BadSetting(ValueError):
    """`field` is wrong; `why` is a key of wording.BAD_SETTINGS, `lines` are those that are bad."""

    def __init__(self, field: str, why: str, lines: tuple[BadLine, ...] = ()) -> None:
        super().__init__(f"{field}: {why}")
        self.field, self.why, self.lines = field, why, lines


def checked_settings(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a form gave for this kind, ready to keep. Raises BadSetting."""
    return CHECKS[kind](given)


def checked_places(kind: str, places: list[str]) -> list[str]:
    possible = PLACES_OF[kind]
    chosen = [place for place in possible if place in places]
    if not chosen:
        raise BadSetting("places", "none")
    return chosen


def _words(given: Mapping[str, Any]) -> dict[str, Any]:
    rows, bad = read_words(str(given.get("words") or ""))
    if bad:
        raise BadSetting("words", "lines", tuple(bad))
    if not rows:
        raise BadSetting("words", "none")
    spared, bad = read_words(str(given.get("exceptions") or ""))
    if bad:
        raise BadSetting("exceptions", "lines", tuple(bad))
    return {"words": [list(row) for row in rows], "exceptions": [row[0] for row in spared]}


def _links(given: Mapping[str, Any]) -> dict[str, Any]:
    domains, bad = _lines(given.get("domains"), _domain)
    if bad or len(domains) > MOST_DOMAINS:
        raise BadSetting("domains", "lines" if bad else "many", tuple(bad))
    most = given.get("most")
    if most is not None:
        most = _number(given, "most", 0, 100)
    shorteners = bool(given.get("shorteners"))
    if not domains and most is None and not shorteners:
        raise BadSetting("domains", "nothing")
    return {"domains": domains, "shorteners": shorteners, "most": most}


def _domain(line: str) -> str | None:
    host = re.sub(r"^[a-z]+://", "", line.strip().lower()).removeprefix("www.").rstrip("/.")
    try:
        host = host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        return None
    return host if HOST.fullmatch(host) else None


def _rate(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "most": _number(given, "most", 1, 1_000),
        "minutes": _number(given, "minutes", 1, LONGEST_WINDOW),
        "younger_than": _age(given),
    }


def _newcomers(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "first": _number(given, "first", 1, 100),
        "younger_than": _age(given),
        "only_links": bool(given.get("only_links")),
    }


def _burst(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "accounts": _number(given, "accounts", 2, 100),
        "minutes": _number(given, "minutes", 1, LONGEST_WINDOW),
    }


def _pictures(given: Mapping[str, Any]) -> dict[str, Any]:
    hashes, bad = _lines(given.get("hashes"), _phash)
    if bad or not hashes or len(hashes) > MOST_HASHES:
        why = "lines" if bad else "many" if hashes else "none"
        raise BadSetting("hashes", why, tuple(bad))
    return {"hashes": hashes, "bits": _number(given, "bits", 0, MOST_BITS)}


def _phash(line: str) -> str | None:
    plain = line.strip().lower()
    return plain if PHASH.fullmatch(plain) else None


CHECKS = {
    "words": _words,
    "links": _links,
    "rate": _rate,
    "newcomers": _newcomers,
    "burst": _burst,
    "pictures": _pictures,
}


def _number(given: Mapping[str, Any], field: str, least: int, most: int) -> int:
    value = given.get(field)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise BadSetting(field, "number")
    return value


def _age(given: Mapping[str, Any]) -> int | None:
    if given.get("younger_than") is None:
        return None
    return _number(given, "younger_than", 1, LONGEST_AGE)


def _lines(text: Any, read: Any) -> tuple[list[str], list[BadLine]]:
    """The lines of a text as `read` has them, each once, and those it does not take."""
    found: dict[str, None] = {}
    bad: list[BadLine] = []
    for number, line in enumerate(str(text or "").splitlines(), 1):
        if not line.strip():
            continue
        if (value := read(line)) is None:
            bad.append(BadLine(number, "form", line[:60]))
        else:
            found[value] = None
    return list(found), bad
