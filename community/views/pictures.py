"""Pictures of the compose page, one by one: sent as they are picked, cropped, removed.

Each answer holds the picture's row of the page, or says why it was refused.
"""

from __future__ import annotations

from typing import BinaryIO, cast

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.asking import PersonRequest, people_only, see_other
from accounts.errors import DomainError, Invalid
from accounts.limits import count_upload
from community.errors import shows_refusals
from community.media.refusals import REFUSALS
from community.models import NoteImage
from community.pictures_shown import picture_of
from community.services import pictures
from community.services.versions import words_version

from . import composing
from .note import picture_strip


def shown_row(image: NoteImage) -> dict[str, object]:
    return {"row": image, "shown": picture_of(image), "why": _why_refused(image)}


def _why_refused(image: NoteImage) -> object:
    return REFUSALS.get(image.refusal, "") if image.state == NoteImage.State.REFUSED else ""  # type: ignore[call-overload]


@require_http_methods(["GET", "HEAD", "POST"])
def note_pictures(request: PersonRequest, note_id: int) -> HttpResponse:
    """GET: the strip of pictures as readers see it. POST: one more picture."""
    return (add_picture if request.method == "POST" else picture_strip)(request, note_id)


@people_only
def add_picture(request: PersonRequest, note_id: int) -> HttpResponse:
    """One file. Answers with the picture's row of the compose page, or why it was refused."""
    file = request.FILES.get("picture")
    try:
        if file is None:
            raise Invalid(_("No file arrived. Choose the picture again."), field="picture")
        count_upload(request.user.pk)
        image = pictures.add_picture(
            author=request.user, note_id=note_id, upload=cast(BinaryIO, file), name=file.name or ""
        )
    except DomainError as refusal:
        return composing.said_no(refusal)
    part = {"picture": shown_row(image), "total": 1}
    row = render_to_string("community/_picture_row.html", part, request=request)
    return JsonResponse({"id": image.pk, "row": row}, status=201)


@require_POST
@people_only
def replace_picture(request: PersonRequest, image_id: int) -> HttpResponse:
    """The same picture cropped, in its place. Answers as `add_picture` does, with the version of
    the words, which tells which picture a description is of."""
    file = request.FILES.get("picture")
    old = NoteImage.objects.filter(pk=image_id).first()
    try:
        if file is None:
            raise Invalid(_("No file arrived. Choose the picture again."), field="picture")
        count_upload(request.user.pk)
        image = pictures.replace_picture(
            author=request.user,
            note_id=old.note_id if old else 0,
            image_id=image_id,
            upload=cast(BinaryIO, file),
            name=file.name or "",
        )
    except DomainError as refusal:
        return composing.said_no(refusal)
    note = composing.own_draft_or_note(request.user, image.note_id)
    row = render_to_string("community/_picture_row.html", {"picture": shown_row(image)}, request)
    return JsonResponse({"id": image.pk, "row": row, "version": words_version(note)}, status=201)


@require_safe
@people_only
def picture_state(request: PersonRequest, image_id: int) -> HttpResponse:
    """How far a picture is: asked by the compose page while it is being prepared."""
    image = NoteImage.objects.filter(pk=image_id, note__author=request.user).first()
    if image is None:
        return JsonResponse({"state": "gone"}, status=404)
    shown, why = picture_of(image), str(_why_refused(image))
    return JsonResponse(
        {"state": image.state, "src": shown.src, "largest": shown.largest, "why": why}
    )


@require_POST
@people_only
@shows_refusals
def remove_picture(request: PersonRequest, image_id: int) -> HttpResponse:
    image = NoteImage.objects.filter(pk=image_id).first()
    note_id = image.note_id if image else 0
    pictures.remove_picture(author=request.user, note_id=note_id, image_id=image_id)
    if request.headers.get("Accept") == "application/json":
        note = composing.own_draft_or_note(request.user, note_id)
        return JsonResponse({"removed": image_id, "version": words_version(note)})
    return see_other(request, "edit-note", note_id)
