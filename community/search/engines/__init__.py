"""Where the index lives: SQLite's FTS5 or PostgreSQL's tsvector, over the same tokens.

Both keep one row a note in `community_notesearch` (rowid, title, body, tags, place, author), so
whoever only counts rows need not know which one it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from django.db import connection

from community.search.asked import Asked

# rowid, title, body, tags, place, author: tokens joined by blanks.
Row = tuple[int, str, str, str, str, str]
# How much a hit in each column counts: title, body, tags, place, author.
WEIGHTS = (4.0, 1.0, 3.0, 2.0, 1.5)
# SQL of a subquery that gives note ids, and its parameters.
Within = tuple[str, Sequence[Any]]


class Engine(Protocol):
    create: str

    def matches(
        self, asked: Asked, *, most: int, newest: bool = False, within: Within | None = None
    ) -> list[tuple[int, float]]:
        """(note, relevance above 0) of notes that match: the most relevant, or the newest."""


def engine(vendor: str | None = None) -> Engine:
    """The index of the database in use."""
    if (vendor or connection.vendor) == "postgresql":
        from .tsvector import Tsvector

        return Tsvector()
    from .fts5 import Fts5

    return Fts5()


def rows_of(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        return cursor.fetchall()
