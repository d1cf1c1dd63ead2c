"""Plain lists as feed pages: a tag's, a place's, a person's, what one liked or collected.

Newest first by keyset, through the gate, with the same cards and reasons as the feeds.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from community.models import Collect, Like, Note, Place, Tag
from community.models.reaction import Reaction

from .pages import FeedPage, Placed, make_page
from .policies import current
from .tokens import cursor_token, from_micros, micros, read_position


def serve_tag(*, viewer: User | None, tag: Tag, cursor: str | None = None) -> FeedPage:
    notes = Note.objects.filter(tagged__tag=tag)
    return _newest_page("tag", "tagged", notes, viewer, cursor)


def serve_place(*, viewer: User | None, place: Place, cursor: str | None = None) -> FeedPage:
    return _newest_page("place", "place", Note.objects.filter(place=place), viewer, cursor)


def serve_person(*, viewer: User | None, person: User, cursor: str | None = None) -> FeedPage:
    return _newest_page("person", "author", Note.objects.filter(author=person), viewer, cursor)


def serve_liked(*, viewer: User, cursor: str | None = None) -> FeedPage:
    """The viewer's own likes, latest first."""
    return _reacted_page("liked", Like, viewer, cursor)


def serve_collected(*, viewer: User, cursor: str | None = None) -> FeedPage:
    """The viewer's own collection, latest first."""
    return _reacted_page("collected", Collect, viewer, cursor)


def _newest_page(
    feed: str, source: str, notes: QuerySet[Note], viewer: User | None, cursor: str | None
) -> FeedPage:
    size, served = current()[1].discover.page_size, 0
    notes = notes.listed_for(viewer).newest()  # type: ignore[attr-defined]
    if cursor is not None:
        when, note_id, served = read_position(cursor, feed=feed, parts=3)
        notes = notes.filter(_before("published_at", when, note_id))
    found = notes.values_list("pk", "published_at")[: size + 1]
    rows = [(pk, at) for pk, at in found if at is not None]
    return _page(feed, source, rows, viewer, served, size)


def _reacted_page(feed: str, kind: type[Reaction], viewer: User, cursor: str | None) -> FeedPage:
    size, served = current()[1].discover.page_size, 0
    rows = kind.objects.filter(person=viewer).order_by("-created_at", "-note")  # type: ignore[attr-defined]
    rows = rows.filter(note__in=Note.objects.listed_for(viewer))
    if cursor is not None:
        when, note_id, served = read_position(cursor, feed=feed, parts=3)
        rows = rows.filter(_before("created_at", when, note_id, key="note"))
    found = list(rows.values_list("note_id", "created_at")[: size + 1])
    return _page(feed, feed, found, viewer, served, size)


def _page(
    feed: str,
    source: str,
    rows: list[tuple[int, datetime]],
    viewer: User | None,
    served: int,
    size: int,
) -> FeedPage:
    kept, last = rows[:size], rows[size - 1] if len(rows) > size else None
    next_cursor = cursor_token(feed, micros(last[1]), last[0], served + size) if last else None
    return make_page(
        feed,
        [Placed(note_id, source) for note_id, _at in kept],
        viewer=viewer,
        now=timezone.now(),
        next_cursor=next_cursor,
        first_position=served,
    )


def _before(field: str, stamp: int, note_id: int, *, key: str = "pk") -> Q:
    """Keyset: strictly after the last row of the page before, in newest-first order."""
    when = from_micros(stamp)
    return Q(**{f"{field}__lt": when}) | Q(**{field: when, f"{key}__lt": note_id})
