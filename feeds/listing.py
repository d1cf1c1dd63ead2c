"""Plain lists as feed pages: a tag's, a place's, a person's, what one liked or collected.

Newest first by keyset, through the gate, with the same cards and reasons as the feeds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Invalid
from accounts.models import User
from community.albums.models import Album
from community.albums.pins import pinned_ids
from community.brands.linking import notes_about, notes_mentioning
from community.brands.models import Brand, Product
from community.models import Collect, Like, Note, Place, Tag
from community.models.reaction import Reaction

from .pages import FeedPage, Placed, make_page
from .policies import current
from .tokens import cursor_token, from_micros, micros, read_position


def serve_tag(*, viewer: User | None, tag: Tag, cursor: str | None = None) -> FeedPage:
    notes = Note.objects.filter(tagged__tag=tag)
    return newest_page("tag", "tagged", notes, viewer, cursor)


def serve_place(*, viewer: User | None, place: Place, cursor: str | None = None) -> FeedPage:
    return newest_page("place", "place", Note.objects.filter(place=place), viewer, cursor)


def serve_person(*, viewer: User | None, person: User, cursor: str | None = None) -> FeedPage:
    """What they pinned, then the rest, newest first."""
    pinned = pinned_ids(person, viewer=viewer)
    rest = Note.objects.filter(author=person).exclude(pk__in=pinned)
    first = [] if cursor else [Placed(pk, "pinned") for pk in pinned]
    return newest_page("person", "author", rest, viewer, cursor, first=first)


def serve_album(*, viewer: User | None, album: Album, cursor: str | None = None) -> FeedPage:
    """The album's notes that pass the gate, in its order. A cursor ends with the order it was made
    in: raises Invalid then."""
    size, served = current()[1].discover.page_size, 0
    by_hand = album.order == Album.Order.MANUAL
    entries = album.entries.shown_to(viewer).in_order_of(album)
    if cursor is not None:
        of, hand, key, entry, served = read_position(cursor, feed="album", parts=5)
        if (of, hand) != (album.pk, by_hand):
            raise Invalid(_("This link does not continue this list."), field="cursor")
        entries = entries.filter(
            Q(position__gt=key) | Q(position=key, pk__gt=entry)
            if by_hand
            else _before("added_at", key, entry)
        )
    rows = list(entries[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    key = (last.position if by_hand else micros(last.added_at)) if last else 0
    return make_page(
        "album",
        [Placed(row.note_id, "album") for row in rows[:size]],
        viewer=viewer,
        now=timezone.now(),
        next_cursor=cursor_token("album", album.pk, int(by_hand), key, last.pk, served + size)
        if last
        else None,
        first_position=served,
    )


def serve_brand(*, viewer: User | None, brand: Brand, cursor: str | None = None) -> FeedPage:
    return newest_page("brand", "brand", notes_mentioning(brand), viewer, cursor)


def serve_product(*, viewer: User | None, product: Product, cursor: str | None = None) -> FeedPage:
    return newest_page("product", "product", notes_about(product), viewer, cursor)


def serve_liked(*, viewer: User, cursor: str | None = None) -> FeedPage:
    """The viewer's own likes, latest first."""
    return _reacted_page("liked", Like, viewer, cursor)


def serve_collected(*, viewer: User, cursor: str | None = None) -> FeedPage:
    """The viewer's own collection, latest first."""
    return _reacted_page("collected", Collect, viewer, cursor)


def newest_page(
    feed: str,
    source: str,
    notes: QuerySet[Note],
    viewer: User | None,
    cursor: str | None,
    *,
    first: Sequence[Placed] = (),
) -> FeedPage:
    """`first`: what stands before them on this page."""
    size, served = current()[1].discover.page_size, 0
    notes = notes.listed_for(viewer).newest()  # type: ignore[attr-defined]
    if cursor is not None:
        when, note_id, served = read_position(cursor, feed=feed, parts=3)
        notes = notes.filter(_before("published_at", when, note_id))
    found = notes.values_list("pk", "published_at")[: size + 1]
    rows = [(pk, at) for pk, at in found if at is not None]
    return _page(feed, source, rows, viewer, served, size, first=first)


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
    first: Sequence[Placed] = (),
) -> FeedPage:
    kept, last = rows[:size], rows[size - 1] if len(rows) > size else None
    shown = served + size + len(first)
    next_cursor = cursor_token(feed, micros(last[1]), last[0], shown) if last else None
    return make_page(
        feed,
        [*first, *(Placed(note_id, source) for note_id, _when in kept)],
        viewer=viewer,
        now=timezone.now(),
        next_cursor=next_cursor,
        first_position=served,
    )


def _before(field: str, stamp: int, note_id: int, *, key: str = "pk") -> Q:
    """Keyset: strictly after the last row of the page before, in newest-first order."""
    when = from_micros(stamp)
    return Q(**{f"{field}__lt": when}) | Q(**{field: when, f"{key}__lt": note_id})
