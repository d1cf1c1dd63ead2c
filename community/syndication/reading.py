"""What may be told to everybody's machines: public, listed, and of people who are indexed.

Nothing here asks who looks. Answers are the same for all, so that any cache may keep them.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Prefetch, QuerySet
from django.utils import timezone

from accounts.errors import NotFound
from accounts.indexing import indexable, may_be_indexed
from accounts.models import User
from accounts.services import person_for
from community.albums.models import Album, AlbumNote
from community.brands.models import Brand, Product
from community.models import Channel, Note, Place, Tag, TaggedNote
from community.models.note import NoteQuerySet
from community.text.hashtags import tag_key

Row = TypeVar("Row", bound=Model)


def open_notes() -> NoteQuerySet:
    """Notes that a visitor meets in lists, of people who may be indexed."""
    return Note.objects.listed_for(None).filter(indexable("author__"))


def open_note(note_id: int) -> Note:
    """One of them, with its card. Raises NotFound."""
    note = open_notes().with_card().filter(pk=note_id).first()
    if note is None:
        raise NotFound
    return note


def open_people() -> QuerySet[User]:
    """People with something to show."""
    theirs = open_notes().filter(author=OuterRef("pk"))
    return User.objects.visible_to(None).filter(indexable(), Exists(theirs))


def open_tags() -> QuerySet[Tag]:
    carried = TaggedNote.objects.filter(tag=OuterRef("pk"), content_object__in=open_notes())
    return Tag.objects.shown().filter(Exists(carried))


def open_channels() -> QuerySet[Channel]:
    return Channel.objects.open().select_related("parent")


def open_places() -> QuerySet[Place]:
    """A place that only others' notes name may be somebody's home."""
    return Place.objects.filter(Exists(open_notes().filter(place=OuterRef("pk"))))


def open_albums() -> QuerySet[Album]:
    """Albums for everybody that hold something for everybody."""
    held = AlbumNote.objects.shown_to(None).filter(album=OuterRef("pk"))
    return Album.objects.visible_to(None).filter(indexable("owner__"), Exists(held))


def open_brands() -> QuerySet[Brand]:
    """Verified ones: anybody can open a brand of any name."""
    return Brand.objects.shown().filter(verified_until__gt=timezone.now())


def open_products() -> QuerySet[Product]:
    return Product.objects.offered().filter(brand__in=open_brands())


def with_tags(notes: NoteQuerySet) -> NoteQuerySet:
    """With the tags that staff did not ban, on `tagged`."""
    shown = TaggedNote.objects.filter(tag__ban=None).select_related("tag").order_by("pk")
    return notes.prefetch_related(Prefetch("tagged", shown))


# ---------------------------------------------------------------- one of each, by its address
def find_person(username: str) -> User:
    """Raises NotFound, for who is not indexed too."""
    person = person_for(None, username)
    if not may_be_indexed(person):
        raise NotFound
    return person


def find_tag(key: str) -> Tag:
    return _one(open_tags().filter(key=tag_key(key)))


def find_channel(slug: str) -> Channel:
    return _one(open_channels().filter(slug=slug[:60]))


def find_place(place_id: int) -> Place:
    return _one(open_places().filter(pk=place_id))


def _one(rows: QuerySet[Row]) -> Row:
    row = rows.first()
    if row is None:
        raise NotFound
    return row
