"""What a check of `manage.py doctor` says: how something is, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """WELL: nothing to do. WATCH: it works, but know of it. MEND: it must be mended."""

    WELL = "well"
    WATCH = "watch"
    MEND = "mend"


@dataclass(frozen=True, slots=True)
class Finding:
    """`said` is how it is; `mend` what to do, empty when there is nothing to do."""

    name: str
    state: State
    said: str
    mend: str = ""


# A check yields at least one finding; it may raise, and is then itself a finding.
Check = Callable[[datetime], Iterator[Finding]]


def well(name: str, said: str) -> Finding:
    return Finding(name, State.WELL, said)


def watch(name: str, said: str, mend: str) -> Finding:
    return Finding(name, State.WATCH, said, mend)


def must(name: str, said: str, mend: str) -> Finding:
    return Finding(name, State.MEND, said, mend)
