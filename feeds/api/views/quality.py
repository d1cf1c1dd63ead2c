"""The quality report of one's own note or draft, as it is or as it would be."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import MembersView, actor_of
from accounts.api.reading import body_of
from accounts.api.schema import describe
from community.api.views.notes import channel_called
from community.models import Note
from community.services.access import own_note
from community.services.tagging import tag_names
from community.services.writing import NoteContent, checked_content
from feeds.api import serializers as shapes
from feeds.quality.report import DraftQuality, report_on_draft, report_on_note


class QualityView(MembersView):
    @describe(
        "get_quality",
        "How good your note or draft looks, why, and what would help",
        answer=shapes.QualityReport,
        refuses=[403, 404],
    )
    def get(self, request: Request, note_id: int) -> Response:
        note = own_note(actor_of(request), note_id)
        return Response(asdict(report_on_note(note, now=timezone.now())))

    @describe(
        "check_quality",
        "The same with other words, before they are saved",
        body=shapes.QualityBody,
        answer=shapes.QualityReport,
        refuses=[403, 404],
    )
    def post(self, request: Request, note_id: int) -> Response:
        note = own_note(actor_of(request), note_id)
        return Response(asdict(_changed(note, body_of(request, shapes.QualityBody))))


def _changed(note: Note, sent: dict[str, Any]) -> DraftQuality:
    """The note's pictures with the words that were sent; what was left out is as it is now.

    Raises Invalid for what could not be saved either.
    """
    channel = channel_called(sent["channel"]) if "channel" in sent else note.channel
    title, body, _tags = checked_content(
        NoteContent(title=sent.get("title", note.title), body=sent.get("body", note.body))
    )
    chosen = sent["tags"] if "tags" in sent else note.tags.names()
    return report_on_draft(
        author=note.author,
        note_id=note.pk,
        title=title,
        body=body,
        tags=tag_names(chosen=chosen, title=title, body=body),
        has_place=sent.get("has_place", note.place_id is not None),
        channel=channel,
        images=list(note.images.all()),
        now=timezone.now(),
    )
