"""What looks at new texts, compiled once in each process and read anew when it changed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

from .matching import Condition, condition
from .models import RuleBook, RuleVersion

# Versions whose condition stays compiled: a list of 10,000 words takes a second and 60 MB.
KEPT = 24


@dataclass(frozen=True)
class Watching:
    """A version with its condition ready. The row is as it was when the book was read."""

    version: RuleVersion
    condition: Condition

    @property
    def is_live(self) -> bool:
        return self.version.state == RuleVersion.State.LIVE


@dataclass(frozen=True)
class Book:
    number: int
    watching: tuple[Watching, ...]


_lock = Lock()
_book: Book | None = None


def current() -> Book:
    """The book as it stands in the database: one statement where nothing changed."""
    global _book
    number = RuleBook.objects.values_list("number", flat=True).first() or 0
    book = _book
    if book is None or book.number != number:
        with _lock:
            book = _book = Book(number, tuple(_read()))
    return book


def forget() -> None:
    """Read it anew next time: for tests, whose databases come and go."""
    global _book
    _book = None
    compiled.cache_clear()


def _read() -> list[Watching]:
    return [Watching(row, compiled_for(row)) for row in RuleVersion.objects.watching()]


def compiled_for(version: RuleVersion) -> Condition:
    """The condition of a version; versions are never rewritten, so it is kept by their id."""
    return compiled(version.pk)


@lru_cache(maxsize=KEPT)
def compiled(version_id: int) -> Condition:
    row = RuleVersion.objects.select_related("rule").get(pk=version_id)
    return condition(row.rule.kind, row.settings, row.places)
