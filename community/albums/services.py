"""Make, change and delete albums; put notes in, take them out, arrange them.

Whoever writes is asked for their part in the album inside the transaction of the write, behind the
lock of the album's row: who left or was removed a moment ago writes nothing any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Invalid, NotAllowed, NotFound
from accounts.models import User
from community.outbox.jobs import enqueue
from community.services.access import published_note_for
from community.text.clean import clean_body, clean_line, is_blank

from .models import ABOUT_LENGTH, TITLE_LENGTH, Album, AlbumFollow, AlbumMember, AlbumNote

MOST_ALBUMS = 100
MOST_NOTES = 1_000

Role, State = AlbumMember.Role, AlbumMember.State


@dataclass(frozen=True, kw_only=True)
class AlbumContent:
    """What an owner says of an album, as it came."""

    title: str
    about: str = ""
    visibility: str = Album.Visibility.PUBLIC
    order: str = Album.Order.NEWEST


# ---------------------------------------------------------------- reading for a write
def album_for(viewer: User | None, album_id: int) -> Album:
    """The album, if the viewer may open it. Raises NotFound."""
    album = Album.objects.visible_to(viewer).select_related("owner__profile").filter(pk=album_id)
    if (found := album.first()) is None:
        raise NotFound
    return found


def role_in(album: Album, person: User | None) -> str:
    """ "owner", "contributor", or "" for everybody else."""
    if person is None:
        return ""
    part = AlbumMember.objects.taking_part().filter(album=album, person=person)
    return part.values_list("role", flat=True).first() or ""


def locked_album(actor: User, album_id: int, *, owner: bool = False) -> Album:
    """The album until the transaction ends, for somebody with a part in it (`owner`: its owner).
    Raises NotFound to who may not open it, NotAllowed to who may only look."""
    Album.objects.select_for_update(no_key=True).filter(pk=album_id).first()
    album = album_for(actor, album_id)
    role = role_in(album, actor)
    if not role or (owner and role != Role.OWNER):
        raise NotAllowed
    return album


# ---------------------------------------------------------------- albums
def create_album(*, owner: User, content: AlbumContent, now: datetime | None = None) -> Album:
    """Raises Invalid."""
    now = now or timezone.now()
    said = _checked(content)
    with transaction.atomic():
        # Two at once count one another.
        User.objects.select_for_update(no_key=True).get(pk=owner.pk)
        if Album.objects.filter(owner=owner).count() >= MOST_ALBUMS:
            told = _("You have %(count)d albums already. Delete one first.")
            raise Invalid(told % {"count": MOST_ALBUMS}, code="too_many")
        album = Album.objects.create(owner=owner, created_at=now, **said)
        AlbumMember.objects.create(
            album=album, person=owner, role=Role.OWNER, state=State.ACCEPTED,
            invited_at=now, answered_at=now,
        )  # fmt: skip
    return album


def edit_album(
    *, actor: User, album_id: int, content: AlbumContent, now: datetime | None = None
) -> Album:
    """Owner only. Made private, it is followed by its members alone. Raises Invalid, NotFound,
    NotAllowed."""
    said = _checked(content)
    with transaction.atomic():
        album = locked_album(actor, album_id, owner=True)
        for name, value in said.items():
            setattr(album, name, value)
        album.edited_at = now or timezone.now()
        album.save(update_fields=[*said, "edited_at"])
        if album.is_private:
            members = AlbumMember.objects.taking_part().filter(album=album).values("person")
            AlbumFollow.objects.filter(album=album).exclude(person__in=members).delete()
    return album


def choose_cover(*, actor: User, album_id: int, note_id: int | None) -> None:
    """One of the album's notes, or none. Owner only. Raises NotFound, NotAllowed."""
    with transaction.atomic():
        album = locked_album(actor, album_id, owner=True)
        if note_id is not None and not album.entries.filter(note=note_id).exists():
            raise NotFound
        Album.objects.filter(pk=album.pk).update(cover=note_id)


def delete_album(*, actor: User, album_id: int) -> None:
    """The album goes, its notes stay where they are. Owner only."""
    with transaction.atomic():
        locked_album(actor, album_id, owner=True).delete()


def _checked(content: AlbumContent) -> dict[str, str]:
    title = clean_line(content.title, max_length=TITLE_LENGTH + 1)
    about = clean_body(content.about)
    if is_blank(title):
        raise Invalid(_("An album needs a title."), field="title")
    for name, text, most in (("title", title, TITLE_LENGTH), ("about", about, ABOUT_LENGTH)):
        if len(text) > most:
            raise Invalid(_("At most %(count)d characters.") % {"count": most}, field=name)
    if content.visibility not in Album.Visibility.values:
        raise Invalid(_("Choose who can see the album."), field="visibility")
    if content.order not in Album.Order.values:
        raise Invalid(_("Choose an order from the list."), field="order")
    return {"title": title, "about": about, "visibility": content.visibility,
            "order": content.order}  # fmt: skip


# ---------------------------------------------------------------- notes in albums
def add_to_album(*, actor: User, album_id: int, note_id: int, now: datetime | None = None) -> bool:
    """Put a note behind the others; False when it is there already. Raises NotFound, NotAllowed,
    Invalid."""
    now = now or timezone.now()
    with transaction.atomic():
        album = locked_album(actor, album_id)
        published_note_for(actor, note_id)
        if album.entries.filter(note=note_id).exists():
            return False
        if album.entries.count() >= MOST_NOTES:
            told = _("An album holds at most %(count)d notes.") % {"count": MOST_NOTES}
            raise Invalid(told, field="note", code="too_many")
        last = album.entries.aggregate(last=Max("position"))["last"]
        AlbumNote.objects.create(
            album=album, note_id=note_id, added_by=actor, added_at=now,
            position=0 if last is None else last + 1,
        )  # fmt: skip
        close_gaps(album)
        enqueue("albums.tell", key=album.pk, album=album.pk)
    return True


def remove_from_album(*, actor: User, album_id: int, note_id: int) -> bool:
    """Take a note out: contributors what they put in, the owner everything. False when it was not
    there. Raises NotFound, NotAllowed."""
    with transaction.atomic():
        album = locked_album(actor, album_id)
        entry = album.entries.filter(note=note_id).first()
        if entry is None:
            return False
        if entry.added_by_id != actor.pk and role_in(album, actor) != Role.OWNER:
            raise NotAllowed
        entry.delete()
        Album.objects.filter(pk=album.pk, cover=note_id).update(cover=None)
        close_gaps(album)
    return True


def move_in_album(*, actor: User, album_id: int, note_id: int, before: int | None) -> None:
    """Put a note before another one of the album, or last; the album is in the order of hand from
    then on. Owner only. Raises NotFound, NotAllowed."""
    with transaction.atomic():
        album = locked_album(actor, album_id, owner=True)
        order = _arranged(album)
        if note_id not in order or (before is not None and before not in order):
            raise NotFound
        if before == note_id:
            return
        order.remove(note_id)
        order.insert(len(order) if before is None else order.index(before), note_id)
        _arrange(album, order)
        Album.objects.filter(pk=album.pk).update(order=Album.Order.MANUAL)


def _arranged(album: Album) -> list[int]:
    """Notes of the album in the order its owner sees."""
    return list(album.entries.all().in_order_of(album).values_list("note", flat=True))


def _arrange(album: Album, order: list[int]) -> None:
    places = {note: place for place, note in enumerate(order)}
    moved = [entry for entry in album.entries.all() if entry.position != places[entry.note_id]]
    for entry in moved:
        entry.position = places[entry.note_id]
    AlbumNote.objects.bulk_update(moved, ["position"], batch_size=200)


def close_gaps(album: Album) -> None:
    """Count anew what a removal, or a note that is gone for good, left open."""
    rows = album.entries.order_by("position", "pk")
    _arrange(album, list(rows.values_list("note", flat=True)))
