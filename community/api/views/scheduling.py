"""Drafts that publish themselves at a time."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import MembersView, actor_of
from accounts.api.reading import PageQuery, body_of, query_of
from accounts.api.schema import describe, pages_of
from community.api import serializers as shapes
from community.models import Note
from community.schedules.services import schedule_note, unschedule_note
from community.services.access import own_note

from .notes import one_note, page_of_notes


class ScheduleView(MembersView):
    @describe(
        "schedule_note",
        "Let a draft publish itself at a time",
        body=shapes.ScheduleBody,
        answer=shapes.NoteSerializer,
        refuses=[403, 404, 409],
    )
    def put(self, request: Request, note_id: int) -> Response:
        author = actor_of(request)
        own_note(author, note_id)  # refused before the body is looked at
        publish_at = body_of(request, shapes.ScheduleBody)["publish_at"]
        schedule_note(author=author, note_id=note_id, publish_at=publish_at)
        return Response(one_note(request, note_id))

    @describe("unschedule_note", "Take a draft off the plan", status=204, refuses=[403, 404])
    def delete(self, request: Request, note_id: int) -> Response:
        unschedule_note(author=actor_of(request), note_id=note_id)
        return Response(status=204)


class ScheduledView(MembersView):
    @describe(
        "list_scheduled",
        "Your drafts that will publish themselves, the next one first",
        query=PageQuery,
        answer=pages_of(shapes.NoteSerializer),
    )
    def get(self, request: Request) -> Response:
        me = actor_of(request)
        planned = Note.objects.visible_to(me).filter(
            author=me, state=Note.State.DRAFT, schedule__refused_at=None, schedule__isnull=False
        )
        order = ("schedule__publish_at", "id")
        return page_of_notes(request, planned, query_of(request, PageQuery), order)
