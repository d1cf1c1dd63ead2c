"""Ask the index."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from community.models import Note, Tag
from community.text.hashtags import tag_key
from community.text.segment import query_tokens

LONGEST_QUERY = 200
# How much a hit in each column counts: title, body, tags, place, author.
WEIGHTS = (4.0, 1.0, 3.0, 2.0, 1.5)
# Matches that are ranked; deeper pages of a very common word end here.
MOST_MATCHES = 2_000

MATCH = f"""
SELECT rowid FROM community_notesearch WHERE community_notesearch MATCH %s
ORDER BY bm25(community_notesearch, {", ".join(map(str, WEIGHTS))}), rowid DESC LIMIT {MOST_MATCHES}
"""  # noqa: S608 (constants only)


def find_notes(query: str, *, viewer: User | None, limit: int, offset: int = 0) -> list[int]:
    """Ids of notes that contain every word of the query and that this viewer may be shown, best
    match first (BM25, title and tags above body)."""
    words = query_tokens(query[:LONGEST_QUERY])
    if not words:
        return []
    # Quoted, so that nothing typed is an operator of the index's own language.
    match = " ".join(f'"{word}"' for word in words)
    with connection.cursor() as cursor:
        cursor.execute(MATCH, [match])
        ranked = [row[0] for row in cursor.fetchall()]
    return _first_shown(ranked, viewer, offset + limit)[offset:]


def _first_shown(ranked: list[int], viewer: User | None, count: int) -> list[int]:
    """The first `count` ids that pass the gate, asked in chunks."""
    kept: list[int] = []
    for start in range(0, len(ranked), 200):
        chunk = ranked[start : start + 200]
        shown = set(
            Note.objects.listed_for(viewer).filter(pk__in=chunk).values_list("pk", flat=True)
        )
        kept += [pk for pk in chunk if pk in shown]
        if len(kept) >= count:
            break
    return kept[:count]


def find_people(query: str, *, viewer: User | None) -> QuerySet[User]:
    """People whose name begins with or contains the query, most followed first."""
    text = query.strip().lstrip("@＠")[:60]
    people = User.objects.visible_to(viewer).select_related("profile")
    if not text:
        return people.none()
    named = people.filter(username__icontains=text) | people.filter(
        profile__display_name__icontains=text
    )
    return named.order_by("-profile__followers_count", "pk")


def find_tags(query: str) -> QuerySet[Tag]:
    """Tags whose fold contains the query's."""
    key = tag_key(query.strip().lstrip("#＃")[:60])
    return Tag.objects.filter(key__contains=key).order_by("key") if key else Tag.objects.none()
