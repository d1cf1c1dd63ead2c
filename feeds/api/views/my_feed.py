"""What the engine knows of a person, and what they decide about it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import MembersView, actor_of
from accounts.api.reading import body_of
from accounts.api.schema import describe
from accounts.models import User
from feeds import choices
from feeds.api import serializers as shapes
from feeds.known_taste import known_taste
from feeds.viewer import mix_of


class MyFeedView(MembersView):
    @describe("my_feed", "What the engine knows of you, and your wishes", answer=shapes.MyFeed)
    def get(self, request: Request) -> Response:
        return Response(_my_feed(actor_of(request)))


class InterestView(MembersView):
    @describe(
        "change_interest",
        "Pin, unpin, remove or restore an interest",
        body=shapes.InterestBody,
        status=204,
        refuses=[404],
    )
    def post(self, request: Request) -> Response:
        sent = body_of(request, shapes.InterestBody)
        choices.change_interest(person=actor_of(request), now=timezone.now(), **sent)
        return Response(status=204)


class DialsView(MembersView):
    @describe(
        "set_dials",
        "Set your dials; what is left out goes back to the middle",
        body=shapes.DialsShape,
        answer=shapes.DialsShape,
    )
    def put(self, request: Request) -> Response:
        sent = body_of(request, shapes.DialsShape)
        choices.set_dials(person=actor_of(request), by_time=sent.pop("by_time", False), **sent)
        return Response(asdict(mix_of(actor_of(request).pk)))


def _my_feed(person: User) -> dict[str, Any]:
    known = known_taste(person, now=timezone.now())
    return {
        "personalised": person.profile.personalised,
        "dials": asdict(mix_of(person.pk)),
        "interests": [asdict(one) for kind in known.interests.values() for one in kind],
        "removed": [asdict(one) for one in known.removed],
        "less_of": [
            {
                "kind": kind,
                "target": effect.wish.target,
                "name": name,
                "asked_at": effect.wish.created_at,
                "before": effect.before,
                "of_before": effect.of_before,
                "since": effect.since,
                "of_since": effect.of_since,
            }
            for effect, kind, name in known.wishes
        ],
    }
