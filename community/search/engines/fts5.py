"""SQLite: FTS5 ranks by BM25 with a weight for each column.

Tokens are cut in Python (community/text/segment.py) by the same rule for notes and queries,
because FTS5's own trigram tokenizer finds nothing for two-character Chinese words.
"""

from __future__ import annotations

from community.search.asked import Asked, Word

from . import WEIGHTS, Within, rows_of

# Negative in FTS5, the more the better.
RELEVANCE = f"-bm25(community_notesearch, {', '.join(map(str, WEIGHTS))})"
LEAST = 1e-6


class Fts5:
    create = """
    CREATE VIRTUAL TABLE community_notesearch
    USING fts5(title, body, tags, place, author, tokenize = 'ascii')
    """

    def matches(
        self, asked: Asked, *, most: int, newest: bool = False, within: Within | None = None
    ) -> list[tuple[int, float]]:
        inside, params = ("", ()) if within is None else (f"AND rowid IN ({within[0]})", within[1])
        order = "rowid DESC" if newest else "relevance DESC, rowid DESC"
        sql = (
            f"SELECT rowid, {RELEVANCE} AS relevance FROM community_notesearch"  # noqa: S608
            f" WHERE community_notesearch MATCH %s {inside} ORDER BY {order} LIMIT %s"
        )
        return [
            (pk, max(LEAST, relevance))
            for pk, relevance in rows_of(sql, [expression(asked), *params, most])
        ]


def expression(asked: Asked) -> str:
    """In FTS5's language, every token quoted so that nothing typed is an operator of it."""
    return (" OR " if asked.any_word else " AND ").join(map(_word, asked.words))


def _word(word: Word) -> str:
    ways = [" AND ".join(f'"{token}"' for token in way) for way in word]
    return "(" + " OR ".join(f"({way})" for way in ways) + ")"
