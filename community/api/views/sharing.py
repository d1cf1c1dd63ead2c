"""Forwarding a note, and how far it went by links."""

from __future__ import annotations

from dataclasses import asdict

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import MembersView, actor_of
from accounts.api.reading import body_of
from accounts.api.schema import describe
from community.api import serializers as shapes
from community.services import sharing
from community.services.access import own_note, require_shown


class ForwardView(MembersView):
    @describe(
        "forward_note",
        "Send a note to followers of yours",
        body=shapes.ForwardBody,
        answer=shapes.Forwarded,
        refuses=[404],
    )
    def post(self, request: Request, note_id: int) -> Response:
        me = actor_of(request)
        require_shown(me, note_id)  # before the body is looked at
        count = sharing.forward_note(
            person=me,
            note_id=note_id,
            now=timezone.now(),
            **body_of(request, shapes.ForwardBody),
        )
        return Response({"forwarded": count})


class SpreadView(MembersView):
    @describe(
        "get_note_spread",
        "How far your note went by links",
        answer=shapes.SpreadReport,
        refuses=[403, 404],
    )
    def get(self, request: Request, note_id: int) -> Response:
        spread = sharing.spread_of(own_note(actor_of(request), note_id))
        return Response(asdict(spread) | {"longest": spread.longest})
