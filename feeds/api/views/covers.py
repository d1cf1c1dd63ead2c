"""Cover tests: a second cover for a note that waits for its first view, and a decision by hand.
How a test stands is told with the pool (`get_pool`)."""

from __future__ import annotations

from dataclasses import asdict

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import MembersView, actor_of
from accounts.api.reading import body_of
from accounts.api.schema import describe
from community.services.access import own_note
from feeds.api import serializers as shapes
from feeds.covers import services
from feeds.covers.reading import cover_test_of


def _standing(request: Request, note_id: int, status: int = 200) -> Response:
    view = cover_test_of(own_note(actor_of(request), note_id), now=timezone.now())
    return Response(asdict(view) if view else None, status=status)


class CoverTestView(MembersView):
    @describe(
        "start_cover_test",
        "Test a second cover of your note in its first pool",
        body=shapes.CoverTestBody,
        answer=shapes.CoverTestState,
        status=201,
        refuses=[403, 404, 409],
    )
    def post(self, request: Request, note_id: int) -> Response:
        own_note(actor_of(request), note_id)  # before the body is looked at
        picture = body_of(request, shapes.CoverTestBody)["picture"]
        services.choose_late(
            author=actor_of(request), note_id=note_id, image_id=picture, now=timezone.now()
        )
        return _standing(request, note_id, status=201)


class StopCoverTestView(MembersView):
    @describe(
        "stop_cover_test",
        "Stop the test and keep one of the covers",
        body=shapes.CoverChoiceBody,
        answer=shapes.CoverTestState,
        refuses=[403, 404, 409],
    )
    def post(self, request: Request, note_id: int) -> Response:
        own_note(actor_of(request), note_id)  # before the body is looked at
        keep = body_of(request, shapes.CoverChoiceBody)["keep"]
        services.stop(author=actor_of(request), note_id=note_id, keep=keep, now=timezone.now())
        return _standing(request, note_id)
