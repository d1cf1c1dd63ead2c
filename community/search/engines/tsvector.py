"""PostgreSQL: a tsvector in the 'simple' configuration over the same tokens, with a GIN index."""

from __future__ import annotations

from community.search.asked import Asked, Word

from . import WEIGHTS, Within, rows_of

# PostgreSQL knows four weights: title A, tags B, place and author C, body D.
_TITLE, _BODY, _TAGS, _PLACE, _AUTHOR = (weight / max(WEIGHTS) for weight in WEIGHTS)
# In the order D, C, B, A; 1: divide by the logarithm of the length, as BM25 does in its way.
RELEVANCE = (
    f"ts_rank('{{{_BODY:.3f}, {(_PLACE + _AUTHOR) / 2:.3f}, {_TAGS:.3f}, {_TITLE:.3f}}}',"
    " document, asked, 1)"
)
LEAST = 1e-6


class Tsvector:
    create = """
    CREATE TABLE community_notesearch (
        rowid bigint PRIMARY KEY,
        title text NOT NULL, body text NOT NULL, tags text NOT NULL,
        place text NOT NULL, author text NOT NULL,
        document tsvector GENERATED ALWAYS AS (
            setweight(to_tsvector('simple', title), 'A')
            || setweight(to_tsvector('simple', tags), 'B')
            || setweight(to_tsvector('simple', place || ' ' || author), 'C')
            || setweight(to_tsvector('simple', body), 'D')
        ) STORED
    );
    CREATE INDEX community_notesearch_document ON community_notesearch USING gin (document)
    """

    def matches(
        self, asked: Asked, *, most: int, newest: bool = False, within: Within | None = None
    ) -> list[tuple[int, float]]:
        inside, params = ("", ()) if within is None else (f"AND rowid IN ({within[0]})", within[1])
        order = "rowid DESC" if newest else "relevance DESC, rowid DESC"
        sql = (
            f"SELECT rowid, {RELEVANCE} AS relevance"  # noqa: S608
            " FROM community_notesearch, CAST(%s AS tsquery) asked"
            f" WHERE document @@ asked {inside} ORDER BY {order} LIMIT %s"
        )
        return [
            (pk, max(LEAST, relevance))
            for pk, relevance in rows_of(sql, [expression(asked), *params, most])
        ]


def expression(asked: Asked) -> str:
    """In the language of tsquery, every token quoted; tokens hold letters and digits only."""
    return (" | " if asked.any_word else " & ").join(map(_word, asked.words))


def _word(word: Word) -> str:
    ways = [" & ".join(f"'{token}'" for token in way) for way in word]
    return "(" + " | ".join(f"({way})" for way in ways) + ")"
