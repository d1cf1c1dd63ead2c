"""The page of a note, its former texts, and the links that lead to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import CharField, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.asking import PersonRequest, people_only, see_other, viewer_of
from accounts.errors import NotFound
from accounts.models import Follow, User
from community.covers import as_seen
from community.errors import shows_refusals
from community.forms import CommentForm
from community.models import Collect, Like, Note, NoteRevision, Tag
from community.moderation.models import Decision
from community.pictures_shown import picture_of
from community.rich_text import known_mentions, linked
from community.services import writing
from community.services.access import note_for

from .threads import threads_page


@require_safe
@shows_refusals
def note_page(request: HttpRequest, note_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    note = note_with_all(viewer, note_id)
    context = {
        "note": note,
        **pictures_of(note, viewer),
        "body": linked(note.body, known=known_mentions(viewer, [note.body])),
        "tags": Tag.objects.filter(tagged__content_object=note).shown().order_by("tagged__pk"),
        "comments": threads_page(note, viewer),
        "comment_form": CommentForm(),
        "is_mine": viewer is not None and viewer.pk == note.author_id,
        "decision": _why_hidden(note),
    }
    answer = render(request, "community/note.html", context | _own_ties(viewer, note))
    answer.headers["Cache-Control"] = (
        "private, no-store" if _is_confidential(note) else "private, no-cache"
    )
    return answer


def note_with_all(viewer: User | None, note_id: int) -> Note:
    """The note with what its page shows, through the gate. Raises NotFound."""
    note = (
        Note.objects.visible_to(viewer)
        .select_related("author__profile", "stats", "channel__parent", "place")
        .prefetch_related("images")
        .filter(pk=note_id)
        .first()
    )
    if note is None:
        raise NotFound
    return note


def pictures_of(note: Note, viewer: User | None) -> dict[str, Any]:
    """Every picture of the note, the cover of this viewer's cards first, and whether one of them is
    still being prepared."""
    images = as_seen(
        note.images.all(),
        role=lambda image: image.second_cover,
        note_id=note.pk,
        author_id=note.author_id,
        viewer_id=viewer.pk if viewer else None,
    )
    shown = [(image, picture_of(image)) for image in images]
    return {
        "pictures": [{"row": image, "shown": picture} for image, picture in shown],
        "processing": any(picture.processing for _image, picture in shown),
    }


def _own_ties(viewer: User | None, note: Note) -> dict[str, bool]:
    """What the viewer did to this note and its author, in one query."""
    if viewer is None:
        return {"liked": False, "collected": False, "follows": False}
    liked, collected, follows = (
        Like.objects.filter(person=viewer, note=note),
        Collect.objects.filter(person=viewer, note=note),
        Follow.objects.filter(follower=viewer, followed=note.author_id),
    )
    found = set(
        liked.values_list(_word("liked"), flat=True).union(
            collected.values_list(_word("collected"), flat=True),
            follows.values_list(_word("follows"), flat=True),
        )
    )
    return {tie: tie in found for tie in ("liked", "collected", "follows")}


def _word(word: str) -> Value:
    return Value(word, output_field=CharField())


def _why_hidden(note: Note) -> Decision | None:
    if note.hidden_at is None:
        return None
    return note.decisions.filter(act=Decision.Act.HIDE).first()


def _is_confidential(note: Note) -> bool:
    return not note.is_shown or note.visibility != Note.Visibility.PUBLIC


@require_safe
@shows_refusals
def picture_strip(request: HttpRequest, note_id: int) -> HttpResponse:
    """The strip of pictures alone: asked again while one of them is being prepared."""
    viewer = viewer_of(request)
    note = note_with_all(viewer, note_id)
    context = {"note": note, **pictures_of(note, viewer)}
    answer = render(request, "community/_pictures.html", context)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@require_safe
@shows_refusals
def note_history(request: HttpRequest, note_id: int) -> HttpResponse:
    """What a note said before each edit, for everybody who may see the note."""
    viewer = viewer_of(request)
    note = note_with_all(viewer, note_id)
    revisions = list(NoteRevision.objects.readable_for(viewer, note)[:100])
    known = known_mentions(viewer, [revision.body for revision in revisions])
    context = {
        "note": note,
        "revisions": [{"row": row, "body": linked(row.body, known=known)} for row in revisions],
    }
    return render(request, "community/history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@people_only
@shows_refusals
def delete_note(request: PersonRequest, note_id: int) -> HttpResponse:
    """Ask once, then delete."""
    if request.method == "POST":
        writing.delete_note(author=request.user, note_id=note_id)
        messages.success(request, _("The note is deleted."))
        return see_other(request, request.user)
    note = note_for(request.user, note_id)
    if note.author_id != request.user.pk:
        raise NotFound
    return render(request, "community/delete_note.html", {"note": note})
