"""Pictures through the gate: a file is sent only to who may see what it belongs to.

The name in the address is looked up among the picture's renditions and never becomes a path by
itself. Public pictures may be kept for an hour by anybody's cache, so that a note that is hidden
vanishes soon; everything else is for this person and this moment.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from accounts.asking import viewer_of
from accounts.models import User
from community.models import Note, NoteImage
from community.services.pictures import renditions_path

PUBLIC = "public, max-age=3600"
CONFIDENTIAL = "private, no-store"
AVATAR_TYPES = {f"{side}.{suffix}": kind for side in (96, 320) for suffix, kind in
                (("webp", "image/webp"), ("jpg", "image/jpeg"))}  # fmt: skip


@require_safe
def note_file(request: HttpRequest, token: str, file: str) -> HttpResponse:
    row = _picture_for(viewer_of(request), token)
    rendition = next((r for r in row["renditions"] if r["filename"] == file), None)
    if rendition is None:
        raise Http404
    path = renditions_path(token) / rendition["filename"]
    is_public = row["note__visibility"] == Note.Visibility.PUBLIC and _is_shown(row)
    return _send(
        request, path, f"image/{rendition['format']}", PUBLIC if is_public else CONFIDENTIAL
    )


@require_safe
def avatar_file(request: HttpRequest, folder: str, file: str) -> HttpResponse:
    kind = AVATAR_TYPES.get(file)
    avatar = f"avatars/{folder}"
    owner = User.objects.visible_to(viewer_of(request)).filter(profile__avatar=avatar)
    if kind is None or not owner.exists():
        raise Http404
    return _send(request, Path(settings.MEDIA_ROOT) / avatar / file, kind, PUBLIC)


def _picture_for(viewer: User | None, token: str) -> dict[str, Any]:
    """The picture's renditions and its note's state, in one query through the gate."""
    pictures = NoteImage.objects.filter(
        token=token, state=NoteImage.State.READY, note__in=Note.objects.visible_to(viewer)
    )
    row = pictures.values(
        "renditions", "note__visibility", "note__state", "note__hidden_at"
    ).first()
    if row is None:
        raise Http404
    return dict(row)


def _is_shown(row: dict[str, Any]) -> bool:
    return row["note__state"] == Note.State.PUBLISHED and row["note__hidden_at"] is None


def _send(request: HttpRequest, path: Path, content_type: str, caching: str) -> HttpResponse:
    """The file, or 304 when the browser has it: what stands under a token never changes."""
    etag = quote_etag(f"{path.parent.name}-{path.name}")
    answer = get_conditional_response(request, etag=etag) if caching == PUBLIC else None
    if answer is None or answer.status_code != 304:
        answer = _file(path, content_type)
    if caching == PUBLIC:
        answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = caching
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _file(path: Path, content_type: str) -> HttpResponse:
    try:
        return FileResponse(path.open("rb"), content_type=content_type)  # type: ignore[return-value]
    except OSError as error:
        raise Http404 from error
