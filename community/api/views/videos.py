"""The video of a note: sent, asked after while it is prepared, removed."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import MembersView, UploadView, actor_of, viewer_of
from accounts.api.reading import form_of
from accounts.api.schema import describe
from accounts.api.views import site_address
from accounts.errors import NotFound
from accounts.models import User
from community.api import serializers as shapes
from community.api.note_rows import VIDEO_COLUMNS, video_json
from community.api.parsers import VideoFormParser
from community.models import Note, NoteVideo
from community.services.access import note_for, own_note
from community.services.videos import add_video, remove_video, retry_video


class VideoView(UploadView):
    parser_classes: Any = (VideoFormParser,)

    def get_permissions(self) -> Any:
        return [] if self.request.method in ("GET", "HEAD") else super().get_permissions()

    @property
    def extra_rate(self) -> str:  # type: ignore[override]
        return "upload" if self.request.method == "POST" else ""

    @describe(
        "get_video",
        "The video of a note, and how far its preparation is",
        answer=shapes.Video,
        refuses=[404],
    )
    def get(self, request: Request, note_id: int) -> Response:
        viewer = viewer_of(request)
        return Response(_video_of(request, note_for(viewer, note_id), viewer))

    @describe(
        "add_video",
        "Give your note its video, in place of pictures",
        body=shapes.VideoBody,
        answer=shapes.Video,
        status=201,
        refuses=[403, 404],
    )
    def post(self, request: Request, note_id: int) -> Response:
        author = actor_of(request)
        note = own_note(author, note_id)  # refused before the file is looked at
        upload, name, fields = form_of(request, shapes.VideoBody)
        add_video(author=author, note_id=note_id, upload=upload, name=name, **fields)
        return Response(_video_of(request, note, author), status=201)

    @describe("remove_video", "Remove the video", status=204, refuses=[403, 404])
    def delete(self, request: Request, note_id: int) -> Response:
        remove_video(author=actor_of(request), note_id=note_id)
        return Response(status=204)


class VideoRetryView(MembersView):
    @describe(
        "retry_video",
        'Prepare the video once more, where its refusal is "failed"',
        answer=shapes.Video,
        refuses=[403, 404],
    )
    def post(self, request: Request, note_id: int) -> Response:
        author = actor_of(request)
        video = retry_video(author=author, note_id=note_id)
        return Response(_video_of(request, video.note, author))


def _video_of(request: Request, note: Note, viewer: User | None) -> dict[str, Any]:
    """Raises NotFound where there is none, or none yet for this viewer."""
    mine = viewer is not None and viewer.pk == note.author_id
    row = NoteVideo.objects.filter(note=note).values(*VIDEO_COLUMNS).first()
    shown = video_json(row, mine=mine, base=site_address(request)) if row is not None else None
    if shown is None:
        raise NotFound
    return shown
