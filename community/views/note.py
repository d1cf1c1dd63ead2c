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
from community.albums.models import Pin
from community.brands.linking import linked_products
from community.covers import as_seen
from community.errors import shows_refusals
from community.models import Collect, Like, Note, Tag
from community.pictures_shown import picture_of
from community.rich_text import known_mentions, linked
from community.services import writing
from community.services.access import note_for
from community.services.videos import OF_ITS_VIDEO
from community.text.hashtags import find_hashtags, tag_key
from community.videos_shown import shown_video

from .commenting import commenting
from .history import edits_page
from .threads import threads_page


@require_safe
@shows_refusals
def note_page(request: HttpRequest, note_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    note = note_with_all(viewer, note_id)
    tags = Tag.objects.filter(tagged__content_object=note).shown().order_by("tagged__pk")
    in_body = {tag_key(name) for name in find_hashtags(note.body)}
    context = {
        "note": note,
        **pictures_of(note, viewer),
        "body": linked(note.body, known=known_mentions(viewer, [note.body])),
        "products": linked_products(note),
        "tags": tags,
        # Those in the text are links there already.
        "other_tags": [tag for tag in tags if tag.key not in in_body],
        "comments": threads_page(note, viewer),
        **commenting(viewer, note),
        "is_mine": viewer is not None and viewer.pk == note.author_id,
        "is_pinned": viewer is not None
        and viewer.pk == note.author_id
        and Pin.objects.filter(note=note).exists(),
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
        .select_related("author__profile", "stats", "channel__parent", "place", "video")
        .prefetch_related("images")
        .filter(pk=note_id)
        .first()
    )
    if note is None:
        raise NotFound
    return note


def pictures_of(note: Note, viewer: User | None) -> dict[str, Any]:
    """Every picture of the note, the cover of this viewer's cards first, whether one of them is
    still being prepared, and the video."""
    mine = viewer is not None and viewer.pk == note.author_id
    images = as_seen(
        # That a video was refused is between its author and us.
        [image for image in note.images.all() if mine or image.refusal != OF_ITS_VIDEO],
        role=lambda image: image.second_cover,
        note_id=note.pk,
        author_id=note.author_id,
        viewer_id=viewer.pk if viewer else None,
    )
    shown = [(image, picture_of(image)) for image in images]
    return {
        "pictures": [{"row": image, "shown": picture} for image, picture in shown],
        "processing": any(picture.processing for _image, picture in shown),
        "video": shown_video(note),
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
    """What each edit of a note changed, for everybody who may see the note."""
    viewer = viewer_of(request)
    note = note_with_all(viewer, note_id)
    edits, older = edits_page(note, viewer, before=request.GET.get("before", ""))
    known = known_mentions(viewer, [edit.former.body for edit in edits])
    context = {
        "note": note,
        "edits": [{"edit": edit, "body": linked(edit.former.body, known=known)} for edit in edits],
        "older": older,
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
