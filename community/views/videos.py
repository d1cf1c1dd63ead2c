"""The video of a note that is being written: sent, watched while it is prepared, removed."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.asking import PersonRequest, people_only, see_other
from accounts.errors import DomainError, Invalid
from accounts.limits import TooOften, count_upload
from accounts.models import User
from community.errors import shows_refusals
from community.media.video_refusals import refusal_of
from community.models import Note, NoteVideo
from community.pictures_shown import picture_of
from community.services import videos
from community.videos_shown import length_in_words

from .composing import Refused
from .note import picture_strip


@require_http_methods(["GET", "HEAD", "POST"])
def note_video(request: PersonRequest, note_id: int) -> HttpResponse:
    """GET: what readers see of it. POST: the video, sent by itself."""
    return (add_video if request.method == "POST" else picture_strip)(request, note_id)


@people_only
def add_video(request: PersonRequest, note_id: int) -> HttpResponse:
    """One file. Answers with the video's row of the compose page, or why it was refused."""
    file = request.FILES.get("video")
    try:
        if file is None:
            raise Invalid(_("No file arrived. Choose the video again."), field="video")
        video = _take(request.user, note_id, file)
    except DomainError as refusal:
        return JsonResponse({"error": str(refusal), "code": refusal.kind}, status=refusal.status)
    row = render_to_string("community/_video_row.html", {"video": row_of(video)}, request=request)
    return JsonResponse({"id": video.pk, "row": row}, status=201)


@require_safe
@people_only
def video_state(request: PersonRequest, note_id: int) -> HttpResponse:
    """How far it is: asked by the compose page while the video is being prepared."""
    video = _own(request.user, note_id)
    if video is None:
        return JsonResponse({"state": "gone"}, status=404)
    shown = row_of(video)
    return JsonResponse(
        {
            "state": video.state,
            "progress": video.progress,
            "why": str(shown["why"]),
            "src": picture_of(video.poster).src,
            "length": shown["length"],
        }
    )


@require_POST
@people_only
@shows_refusals
def remove_video(request: PersonRequest, note_id: int) -> HttpResponse:
    videos.remove_video(author=request.user, note_id=note_id)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"removed": note_id})
    return see_other(request, "edit-note", note_id)


# ---------------------------------------------------------------- parts of the compose page
def take_video(author: User, note: Note, file: UploadedFile | None) -> list[Refused]:
    """The video that came with the form; told by name where it was refused."""
    if file is None:
        return []
    try:
        _take(author, note.pk, file)
    except (Invalid, TooOften) as refusal:
        return [Refused(file.name or _("A file"), str(refusal))]
    return []


def video_row(note: Note | None) -> dict[str, object] | None:
    """The note's video for the compose page."""
    video = _own(note.author, note.pk) if note is not None else None
    return row_of(video) if video is not None else None


def row_of(video: NoteVideo) -> dict[str, object]:
    refused = video.state == NoteVideo.State.REFUSED
    return {
        "row": video,
        "shown": picture_of(video.poster),
        "why": refusal_of(video.refusal) if refused else "",
        "again": refused and video.refusal == videos.FAILED,
        "length": length_in_words(video.duration),
    }


def _take(author: User, note_id: int, file: UploadedFile) -> NoteVideo:
    count_upload(author.pk)
    return videos.add_video(
        author=author, note_id=note_id, upload=cast(BinaryIO, file), name=file.name or ""
    )


def _own(author: User, note_id: int) -> NoteVideo | None:
    own = NoteVideo.objects.filter(note=note_id, note__author=author, note__deleted_at=None)
    return own.select_related("poster").first()
