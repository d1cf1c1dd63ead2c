"""What money was set aside for, in words and with a link: told by the room that asked for it.

The ledger knows only "boost:12". Higher rooms say here how to read what they wrote.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Purpose:
    text: str
    address: str = ""


# Ids of one kind → their purposes; an id may be missing.
Reader = Callable[[Collection[int]], Mapping[int, Purpose]]
_readers: dict[str, Reader] = {}


def reads(kind: str) -> Callable[[Reader], Reader]:
    """Decorate what reads purposes written "KIND:ID"."""

    def register(reader: Reader) -> Reader:
        _readers[kind] = reader
        return reader

    return register


def purposes_of(abouts: Iterable[str]) -> dict[str, Purpose]:
    """A purpose for each of these, one call a kind; what nobody can read stands for itself."""
    known, by_kind = {}, defaultdict(set)
    for about in abouts:
        kind, _colon, number = about.partition(":")
        known[about] = Purpose(about)
        if kind in _readers and number.isascii() and number.isdigit():
            by_kind[kind].add(int(number))
    for kind, ids in by_kind.items():
        for pk, purpose in _readers[kind](ids).items():
            known[f"{kind}:{pk}"] = purpose
    return known
