"""What pages and programs read of albums, beside their notes as cards."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.asking import whole_number
from accounts.models import Block, User
from community.models import NoteImage

from .models import Album, AlbumMember, AlbumNote, AlbumQuerySet

ROWS_A_PAGE = 50


def albums_of(person: User, *, viewer: User | None) -> AlbumQuerySet:
    """A person's albums that this viewer may open; their own, with those they take part in."""
    albums = Album.objects.visible_to(viewer)
    if viewer is not None and viewer.pk == person.pk:
        return albums.with_part_of(viewer)
    return albums.filter(owner=person)


def entries_page(
    album: Album, viewer: User, start: str
) -> tuple[list[AlbumNote], int | None, list[int]]:
    """Rows from the note `start` on, the note before them, and the next two behind them."""
    shown = AlbumNote.objects.filter(album=album).shown_to(viewer).in_order_of(album)
    ids = list(shown.values_list("note", flat=True))
    first = whole_number(start)
    at = ids.index(first) if first in ids else 0
    wanted = ids[at : at + ROWS_A_PAGE]
    images = NoteImage.objects.filter(state=NoteImage.State.READY)
    rows = shown.filter(note__in=wanted).select_related(
        "note__author__profile", "added_by__profile"
    )
    rows = rows.prefetch_related(Prefetch("note__images", images))
    end = at + ROWS_A_PAGE
    return list(rows), ids[at - 1] if at else None, ids[end : end + 2]


def people_in(album: Album, viewer: User | None, *, everybody: bool) -> list[AlbumMember]:
    """Members whom the viewer may know of, the owner first; `everybody`: with those who were asked
    and have not answered, or said no."""
    rows = album.members.select_related("person__profile").filter(person__is_active=True)
    if not everybody:
        rows = rows.filter(state=AlbumMember.State.ACCEPTED)
    if viewer is not None:
        me = viewer.pk
        rows = rows.exclude(
            Q(Exists(Block.objects.filter(blocker=me, blocked=OuterRef("person"))))
            | Q(Exists(Block.objects.filter(blocker=OuterRef("person"), blocked=me)))
        )
    return sorted(rows, key=lambda row: (row.role != AlbumMember.Role.OWNER, row.pk))


def covers_of(albums: list[Album], viewer: User | None) -> dict[int, NoteImage]:
    """For each album the picture of its chosen cover, else of its newest note, among those that the
    viewer may meet: two statements for any number of albums."""
    met = AlbumNote.objects.filter(album=OuterRef("pk")).shown_to(viewer)
    chosen = met.filter(note=OuterRef("cover")).values("note")[:1]
    newest = met.order_by("-added_at", "-pk").values("note")[:1]
    rows = Album.objects.filter(pk__in=[album.pk for album in albums])
    notes = dict(
        rows.annotate(shows=Coalesce(Subquery(chosen), Subquery(newest))).values_list("pk", "shows")
    )
    images: dict[int, NoteImage] = {}
    ready = NoteImage.objects.filter(note__in=notes.values(), state=NoteImage.State.READY)
    for image in ready.order_by("note", "position", "pk"):
        images.setdefault(image.note_id, image)
    return {pk: images[note] for pk, note in notes.items() if note in images}
