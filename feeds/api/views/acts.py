"""What readers and authors tell and ask the engine: events, less of this, where a note stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import MembersView, actor_of
from accounts.api.reading import body_of, query_of
from accounts.api.schema import IDEMPOTENCY_KEY, describe
from accounts.errors import Invalid, NotFound
from accounts.models import User
from accounts.services import person_for
from community.api.once import checked_key
from community.models import Channel, Tag
from community.services.access import note_for, own_note
from community.text.hashtags import tag_key
from community.views.known import places_known_to, tags_known_to
from feeds import impressions, less
from feeds.api import serializers as shapes
from feeds.pool_page import pool_page


class EventsView(MembersView):
    @describe(
        "send_events",
        "What was seen and read, as a batch",
        body=shapes.BatchBody,
        answer=shapes.EventCounts,
        headers=[IDEMPOTENCY_KEY],
        refuses=[409],
    )
    def post(self, request: Request) -> Response:
        batch = body_of(request, shapes.BatchBody)
        named = batch.pop("batch", None)
        answer = impressions.intake(
            viewer=actor_of(request),
            batch=batch,
            key=checked_key(request) or named,
            now=timezone.now(),
        )
        return Response(answer)


class LessView(MembersView):
    @describe(
        "less_of",
        "Less of a tag, a channel, an author, a place or a note",
        body=shapes.LessBody,
        answer=shapes.LessAnswer,
        refuses=[404],
    )
    def post(self, request: Request) -> Response:
        kind, target = _meant(actor_of(request), body_of(request, shapes.LessBody))
        less.less_of(person=actor_of(request), kind=kind, target=target)
        return Response({"less_of": kind})

    @describe("undo_less_of", "Take that back", query=shapes.LessBody, status=204, refuses=[404])
    def delete(self, request: Request) -> Response:
        """Also of what one may not meet any more: the wish is still one's own."""
        person, sent = actor_of(request), query_of(request, shapes.LessBody)
        if not _taken_back(person, sent):
            kind, target = _meant(person, sent)
            less.undo_less_of(person=person, kind=kind, target=target)
        return Response(status=204)


def _meant(person: User, sent: dict[str, Any]) -> tuple[str, int]:
    """Kind and row of the one thing that was named. Raises Invalid, NotFound."""
    if len(sent) != 1:
        raise Invalid(_("Name one of: tag, channel, author, place, note."), code="name_one")
    [(kind, name)] = sent.items()
    return kind, FINDERS[kind](person, name)


def _taken_back(person: User, sent: dict[str, Any]) -> bool:
    """Whether this was one of the person's wishes, which goes."""
    if len(sent) != 1:
        return False
    [(kind, name)] = sent.items()
    named = {
        "tag": lambda: Tag.objects.filter(key=tag_key(name)),
        "channel": lambda: Channel.objects.filter(slug=name),
        "author": lambda: User.objects.filter(username__iexact=name),
    }
    rows = named[kind]().values_list("pk", flat=True) if kind in named else [name]
    return any(less.undo_less_of(person=person, kind=kind, target=pk) for pk in rows)


def _tag_id(person: User, name: str) -> int:
    found = tags_known_to(person).filter(key=tag_key(name)).values_list("pk", flat=True).first()
    return _found(found)


def _channel_id(person: User, slug: str) -> int:
    return _found(Channel.objects.filter(slug=slug).values_list("pk", flat=True).first())


def _place_id(person: User, place_id: int) -> int:
    known = places_known_to(person).filter(pk=place_id)
    return _found(known.values_list("pk", flat=True).first())


def _found(pk: int | None) -> int:
    if pk is None:
        raise NotFound
    return pk


FINDERS: dict[str, Callable[[User, Any], int]] = {
    "tag": _tag_id,
    "channel": _channel_id,
    "author": lambda person, username: person_for(person, username).pk,
    "note": lambda person, note_id: note_for(person, note_id).pk,
    "place": lambda person, place_id: _place_id(person, place_id),
}


class PoolView(MembersView):
    @describe(
        "get_pool",
        "Where your note stands in the traffic pools",
        answer=shapes.PoolState,
        refuses=[403, 404],
    )
    def get(self, request: Request, note_id: int) -> Response:
        note = own_note(actor_of(request), note_id)
        view = pool_page(note, now=timezone.now())
        if view is None:
            raise NotFound(_("This note is in no pool: it is a draft, or not for everybody."))
        return Response(asdict(view))
