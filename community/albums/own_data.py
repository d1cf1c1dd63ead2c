"""Albums of a person, those they take part in, those they follow, and pinned notes."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.own_data import WHEN
from accounts.owndata.sections import Column, Row, Section, by_key, register, tell
from community.models import Note
from community.own_data import NAMED, NOTE_ID, with_notes

from .models import Album, AlbumFollow, AlbumMember, AlbumNote, Pin


def _albums(person: User) -> Iterator[Row]:
    """Notes stand in order; those that the person may not see now are left out."""
    seen = Note.objects.visible_to(person).values("pk")
    for page in by_key(Album.objects.filter(owner=person), key=lambda album: album.pk):
        for album in page:
            entries = AlbumNote.objects.filter(album=album, note__in=seen).in_order_of(album)
            yield {
                "album": album.pk,
                "title": album.title,
                "about": album.about,
                "visibility": album.visibility,
                "order": album.order,
                "notes": list(entries.values_list("note_id", flat=True)),
                "created_at": album.created_at,
                "edited_at": album.edited_at,
            }


def _name_albums(viewer: User, page: list[Row]) -> None:
    """What an album is called, where the person may see it."""
    shown = Album.objects.visible_to(viewer).filter(pk__in={row["album"] for row in page})
    titles = dict(shown.values_list("pk", "title"))
    for row in page:
        row["title"] = titles.get(row["album"])


ALBUM_ID = "number of the album in this community"
ITS_TITLE = {"title": "of the album; none where you may not see it now"}

register(
    Section(
        "albums",
        _("Your albums, with the notes in them that you may see."),
        {
            "album": ALBUM_ID,
            "title": "at most 60 characters",
            "about": "what it is about",
            "visibility": "public or private",
            "order": "newest or manual",
            "notes": "numbers of notes, in order",
            "created_at": WHEN,
            "edited_at": WHEN,
        },
        _albums,
        ("albums.Album", "albums.AlbumNote"),
    )
)
tell(
    "album_parts",
    _("Albums that you take part in or were invited to."),
    models=["albums.AlbumMember"],
    source=lambda person: AlbumMember.objects.filter(person=person),
    columns={
        "album": Column("album_id", ALBUM_ID),
        "role": Column("role", "owner or contributor"),
        "state": Column("state", "invited, accepted or declined"),
        "invited_at": Column("invited_at", WHEN),
        "answered_at": Column("answered_at", WHEN),
    },
    also=[_name_albums],
    added=ITS_TITLE,
)
tell(
    "album_entries",
    _("Notes that you put into albums, yours or shared ones."),
    models=["albums.AlbumNote"],
    source=lambda person: AlbumNote.objects.filter(added_by=person),
    columns={
        "album": Column("album_id", ALBUM_ID),
        "note": Column("note_id", NOTE_ID),
        "at": Column("added_at", WHEN),
    },
    also=[with_notes()],
    added=NAMED,
)
tell(
    "album_follows",
    _("Albums that you follow."),
    models=["albums.AlbumFollow"],
    source=lambda person: AlbumFollow.objects.filter(person=person),
    columns={"album": Column("album_id", ALBUM_ID), "at": Column("created_at", WHEN)},
    also=[_name_albums],
    added=ITS_TITLE,
)
tell(
    "pins",
    _("Notes that stand first on your profile."),
    models=["albums.Pin"],
    source=lambda person: Pin.objects.filter(person=person),
    columns={"note": Column("note_id", NOTE_ID), "position": Column("position", "from 0")},
)
