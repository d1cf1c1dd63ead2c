"""Close one's account, for programs: the password goes with the request."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.departures import services

from .base import MembersView, actor_of
from .reading import StrictText, body_of
from .schema import describe

Shape = serializers.Serializer[Any]


class DepartureBody(Shape):
    password = StrictText(max_length=1_000, trim_whitespace=False)


class DepartureShape(Shape):
    due_at = serializers.DateTimeField(
        help_text="Until then its owner can log in and open the account again."
    )

    class Meta:
        ref_name = "Departure"


class DepartureView(MembersView):
    @describe(
        "leave", "Close your account now and have it deleted later", body=DepartureBody,
        answer=DepartureShape, status=202, refuses=[403, 409],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        person = actor_of(request)
        services.check_password(person=person, **body_of(request, DepartureBody))
        departure = services.ask_to_leave(person=person, now=timezone.now())
        return Response({"due_at": departure.due_at}, status=202)
