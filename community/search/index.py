"""Keeping the index current: one row a note, its text as space-joined tokens.

A note is in the index when it is published; whether a searcher may see it is decided by the gate
when it is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Prefetch

from community.models import Note, TaggedNote
from community.text.segment import search_tokens


def index_notes(note_ids: Sequence[int]) -> int:
    """Make the index say what these notes say now; rows written. Repeating changes nothing."""
    shown = TaggedNote.objects.filter(tag__ban=None).select_related("tag")
    notes = (
        Note.objects.filter(pk__in=note_ids)
        .published()
        .select_related("author__profile", "place")
        .prefetch_related(Prefetch("tagged", shown))
    )
    rows: list[tuple[Any, ...]] = [(note.pk, *_tokens(note)) for note in notes]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM community_notesearch WHERE rowid = %s", [(pk,) for pk in note_ids]
        )
        cursor.executemany(
            "INSERT INTO community_notesearch (rowid, title, body, tags, place, author)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            rows,
        )
    return len(rows)


def _tokens(note: Note) -> list[str]:
    place = f"{note.place.name} {note.place.city}" if note.place else ""
    author = f"{note.author.username} {note.author.profile.display_name}"
    tags = " ".join(row.tag.name for row in note.tagged.all())
    texts = (note.title, note.body, tags, place, author)
    return [search_tokens(text) for text in texts]


def index_what_is_missing(*, most: int = 500) -> int:
    """Index published notes that the index does not know, whatever was lost on the way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM community_note WHERE state = 'published' AND deleted_at IS NULL"
            " EXCEPT SELECT rowid FROM community_notesearch LIMIT %s",
            [most],
        )
        missing = [row[0] for row in cursor.fetchall()]
    return index_notes(missing) if missing else 0
