"""Pages around albums: make and change one, choose some for a note, arrange, members, follow.

The page of an album itself shows cards and is drawn by the room of feeds.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.asking import PersonRequest, go_back, people_only, see_other, whole_number
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from community.errors import shows_refusals
from community.models import Note
from community.pictures_shown import picture_of
from community.pressed_once import pressed_once
from community.services.access import note_for, published_note_for
from community.services.reactions import collect_note

from . import members, services
from .forms import AlbumForm, InvitationForm
from .models import Album, AlbumMember, AlbumNote
from .reading import entries_page, people_in

LISTED = 100


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
@pressed_once
def new_album(request: PersonRequest) -> HttpResponse:
    """With `?note=ID` the note is the album's first."""
    form = AlbumForm(
        request.POST or None,
        initial={"visibility": Album.Visibility.PUBLIC, "order": Album.Order.NEWEST},
    )
    note = _note_meant(request)
    if request.method == "POST" and form.is_valid():
        try:
            album = services.create_album(owner=request.user, content=form.content())
        except Invalid as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            if note is not None:
                _put(request, album.pk, note.pk)
            messages.success(request, _("The album is made."))
            return see_other(request, album)
    context = {"form": form, "note": note}
    return render(request, "albums/edit.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def edit_album(request: PersonRequest, album_id: int) -> HttpResponse:
    album = _owned(request, album_id)
    form = AlbumForm(request.POST) if request.method == "POST" else AlbumForm.of(album)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_album(actor=request.user, album_id=album_id, content=form.content())
        except Invalid as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, _("Your changes are saved."))
            return see_other(request, album)
    context = {"form": form, "album": album}
    return render(request, "albums/edit.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def delete_album(request: PersonRequest, album_id: int) -> HttpResponse:
    """Ask once, then delete."""
    album = _owned(request, album_id)
    if request.method == "POST":
        services.delete_album(actor=request.user, album_id=album_id)
        messages.success(request, _("The album is deleted. Its notes are where they were."))
        return see_other(request, f"{request.user.get_absolute_url()}?shelf=albums")
    return render(request, "albums/delete.html", {"album": album})


# ---------------------------------------------------------------- notes in albums
@require_safe
@people_only
@shows_refusals
def albums_of_note(request: PersonRequest, note_id: int) -> HttpResponse:
    """Which of one's albums a note is in: a sheet, or a page of its own."""
    published_note_for(request.user, note_id)
    return _chooser(request, note_id)


@require_POST
@people_only
@shows_refusals
def put_in(request: PersonRequest, album_id: int, note_id: int) -> HttpResponse:
    """Collect the note, and into this album."""
    _put(request, album_id, note_id)
    return _chooser(request, note_id) if request.htmx else go_back(request, _sheet(note_id))


@require_POST
@people_only
@shows_refusals
def take_out(request: PersonRequest, album_id: int, note_id: int) -> HttpResponse:
    services.remove_from_album(actor=request.user, album_id=album_id, note_id=note_id)
    if request.htmx:
        note_for(request.user, note_id)
        return _chooser(request, note_id)
    return go_back(request, reverse("album", args=[album_id]))


def _put(request: PersonRequest, album_id: int, note_id: int) -> None:
    services.add_to_album(actor=request.user, album_id=album_id, note_id=note_id)
    if not Note.objects.filter(pk=note_id, author=request.user).exists():
        collect_note(person=request.user, note_id=note_id)


def _sheet(note_id: int) -> str:
    return reverse("albums-of-note", args=[note_id])


def _chooser(request: PersonRequest, note_id: int) -> HttpResponse:
    albums = Album.objects.with_part_of(request.user).visible_to(request.user)
    listed = list(albums.counted_for(request.user).newest()[:LISTED])
    entries = AlbumNote.objects.filter(note=note_id, album__in=listed)
    inside = dict(entries.values_list("album", "added_by"))
    rows = [
        {
            "album": album,
            "inside": album.pk in inside,
            "fixed": album.pk in inside
            and request.user.pk not in (inside[album.pk], album.owner_id),
        }
        for album in listed
    ]
    part = "albums/_choose.html"
    context = {"rows": rows, "note_id": note_id, "part": part}
    return render(request, part if request.htmx else "albums/choose.html", context)


@require_safe
@people_only
@shows_refusals
def arrange(request: PersonRequest, album_id: int) -> HttpResponse:
    """All notes of an album as rows: the owner's to move, take out and choose the cover from."""
    album = _part_of(request, album_id)
    rows, before, after = entries_page(album, request.user, request.GET.get("from", ""))
    context = {
        "album": album,
        "is_owner": album.owner_id == request.user.pk,
        "rows": _with_neighbours(rows, before, after),
        "page_from": request.GET.get("from", ""),
        "following": after,
    }
    return render(request, "albums/arrange.html", context)


def _with_neighbours(
    rows: list[AlbumNote], before: int | None, after: list[int]
) -> list[dict[str, Any]]:
    """Each row with the note before which "earlier" and "later" put it (0: to the end)."""
    notes = [row.note_id for row in rows]
    line = [*([before] if before else []), *notes, *after]
    shift = len(line) - len(notes) - len(after)
    return [
        {
            "entry": row,
            "cover": next((picture_of(image) for image in row.note.images.all()), None),
            "earlier": line[shift + place - 1] if shift + place > 0 else None,
            "later": (line[shift + place + 2] if shift + place + 2 < len(line) else 0)
            if shift + place + 1 < len(line)
            else None,
        }
        for place, row in enumerate(rows)
    ]


@require_POST
@people_only
@shows_refusals
def move(request: PersonRequest, album_id: int, note_id: int) -> HttpResponse:
    """`before`: the note that it shall stand before; 0 or nothing: last."""
    before = whole_number(request.POST.get("before", "")) or None
    services.move_in_album(actor=request.user, album_id=album_id, note_id=note_id, before=before)
    if request.headers.get("Accept") == "application/json":
        return HttpResponse(status=204)
    return go_back(request, reverse("arrange-album", args=[album_id]))


@require_POST
@people_only
@shows_refusals
def cover(request: PersonRequest, album_id: int, note_id: int) -> HttpResponse:
    services.choose_cover(actor=request.user, album_id=album_id, note_id=note_id)
    return go_back(request, reverse("arrange-album", args=[album_id]))


# ---------------------------------------------------------------- members and followers
@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def album_members(request: PersonRequest, album_id: int) -> HttpResponse:
    """Who takes part; the owner invites and removes."""
    album = _part_of(request, album_id)
    is_owner = album.owner_id == request.user.pk
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            members.invite(actor=request.user, album_id=album_id, **form.cleaned_data)
        except NotFound:
            form.add_error("username", _("There is nobody of this name."))
        except (Invalid, Conflict) as refusal:
            form.add_error("username", str(refusal))
        else:
            messages.success(request, _("They are asked. They appear here once they agree."))
            return see_other(request, "album-members", album_id)
    context = {
        "album": album,
        "is_owner": is_owner,
        "people": people_in(album, request.user, everybody=is_owner),
        "form": form,
    }
    return render(request, "albums/members.html", context, status=400 if form.errors else 200)


@require_POST
@people_only
@shows_refusals
def remove_member(request: PersonRequest, album_id: int, username: str) -> HttpResponse:
    members.remove_member(actor=request.user, album_id=album_id, username=username)
    return see_other(request, "album-members", album_id)


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def invitation(request: PersonRequest, album_id: int) -> HttpResponse:
    """An invitation, and its answer."""
    row = members.invitation_for(request.user, album_id)
    if request.method != "POST":
        return render(request, "albums/invitation.html", {"invitation": row})
    accept = request.POST.get("answer") == "accept"
    members.answer_invitation(person=request.user, album_id=album_id, accept=accept)
    if not accept:
        messages.success(request, _("Declined. Nobody asks you again for this album."))
        return see_other(request, "notifications")
    messages.success(request, _("You take part: put notes in wherever you collect them."))
    return see_other(request, row.album)


@require_POST
@people_only
@shows_refusals
def leave(request: PersonRequest, album_id: int) -> HttpResponse:
    members.leave_album(person=request.user, album_id=album_id)
    messages.success(request, _("You take part no longer."))
    return see_other(request, request.user)


@require_POST
@people_only
@shows_refusals
def follow(request: PersonRequest, album_id: int) -> HttpResponse:
    members.follow_album(person=request.user, album_id=album_id)
    return go_back(request, reverse("album", args=[album_id]))


@require_POST
@people_only
@shows_refusals
def unfollow(request: PersonRequest, album_id: int) -> HttpResponse:
    members.unfollow_album(person=request.user, album_id=album_id)
    return go_back(request, reverse("album", args=[album_id]))


# ---------------------------------------------------------------- who asks
def _part_of(request: PersonRequest, album_id: int) -> Album:
    """The album, for somebody with a part in it."""
    album = services.album_for(request.user, album_id)
    if not services.role_in(album, request.user):
        raise NotAllowed
    return album


def _owned(request: PersonRequest, album_id: int) -> Album:
    album = services.album_for(request.user, album_id)
    if services.role_in(album, request.user) != AlbumMember.Role.OWNER:
        raise NotAllowed
    return album


def _note_meant(request: PersonRequest) -> Note | None:
    """The note that the address or form names, if one does. Raises NotFound."""
    asked = request.POST if request.method == "POST" else request.GET
    note_id = whole_number(asked.get("note", ""))
    return None if note_id is None else published_note_for(request.user, note_id)
