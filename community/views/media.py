"""Pictures and videos through the gate: a file is sent only to who may see what it belongs to.

The name in the address is looked up among the renditions and never becomes a path by itself.
Public files may be kept for an hour by anybody's cache, so that a note that is hidden
vanishes soon; everything else is for this person and this moment.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from accounts.asking import viewer_of
from accounts.file_store import Kept, StoreAway, media_root
from accounts.models import User
from community.models import Note, NoteImage, NoteVideo
from community.services.pictures import renditions_path
from community.services.videos import video_path

from .ranges import file_in_parts

PUBLIC = "public, max-age=3600"
CONFIDENTIAL = "private, no-store"
AVATAR_TYPES = {f"{side}.{suffix}": kind for side in (96, 320) for suffix, kind in
                (("webp", "image/webp"), ("jpg", "image/jpeg"))}  # fmt: skip


@require_safe
def note_file(request: HttpRequest, token: str, file: str) -> HttpResponse:
    viewer = viewer_of(request)
    ready = NoteImage.objects.filter(token=token, state=NoteImage.State.READY)
    rendition, caching = _rendition_for(viewer, ready, file)
    path = renditions_path(token) / rendition["filename"]
    return send_file(request, path, f"image/{rendition['format']}", caching)


@require_safe
def video_file(request: HttpRequest, token: str, file: str) -> HttpResponse:
    viewer = viewer_of(request)
    ready = NoteVideo.objects.filter(token=token, state=NoteVideo.State.READY)
    rendition, caching = _rendition_for(viewer, ready, file)
    path = video_path(token) / rendition["filename"]
    return send_file(request, path, "video/mp4", caching, in_parts=True)


@require_safe
def avatar_file(request: HttpRequest, folder: str, file: str) -> HttpResponse:
    kind = AVATAR_TYPES.get(file)
    avatar = f"avatars/{folder}"
    owner = User.objects.visible_to(viewer_of(request)).filter(profile__avatar=avatar)
    if kind is None or not owner.exists():
        raise Http404
    return send_file(request, media_root() / avatar / file, kind, PUBLIC)


def _rendition_for(
    viewer: User | None, ready: QuerySet[Any], file: str
) -> tuple[dict[str, Any], str]:
    """The rendition of this name and how it may be cached, in one query through the gate."""
    row = (
        ready.filter(note__in=Note.objects.visible_to(viewer))
        .values("renditions", "note__visibility", "note__state", "note__hidden_at")
        .first()
    )
    rendition = next((r for r in row["renditions"] if r["filename"] == file), None) if row else None
    if row is None or rendition is None:
        raise Http404
    is_public = row["note__visibility"] == Note.Visibility.PUBLIC and _is_shown(row)
    return rendition, PUBLIC if is_public else CONFIDENTIAL


def _is_shown(row: dict[str, Any]) -> bool:
    return row["note__state"] == Note.State.PUBLISHED and row["note__hidden_at"] is None


def send_file(
    request: HttpRequest, path: Kept, content_type: str, caching: str, *, in_parts: bool = False
) -> HttpResponse:
    """The file, or 304 when the browser has it: what stands under a token never changes."""
    etag = quote_etag(f"{path.parent.name}-{path.name}")
    answer = get_conditional_response(request, etag=etag) if caching == PUBLIC else None
    if answer is None or answer.status_code != 304:
        try:
            if in_parts:
                answer = file_in_parts(request, path, content_type=content_type, etag=etag)
            else:
                answer = _file(path, content_type)
        except StoreAway:
            said = {"Retry-After": "5", "Cache-Control": "no-store"}
            return HttpResponse(status=503, headers=said)
    if caching == PUBLIC:
        answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = caching
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _file(path: Kept, content_type: str) -> HttpResponse:
    try:
        return FileResponse(path.open("rb"), content_type=content_type)  # type: ignore[return-value]
    except OSError as error:
        raise Http404 from error
