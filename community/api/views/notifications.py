"""What a person is told, and that they read it."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import MembersView, actor_of
from accounts.api.pagination import page_of
from accounts.api.people_rows import author_json
from accounts.api.reading import PageQuery, body_of, query_of
from accounts.api.schema import describe, pages_of
from accounts.api.views import site_address
from accounts.models import User
from community.api import serializers as shapes
from community.notifications.models import Notification
from community.notifications.services import mark_read, unread_count


class NotificationsView(MembersView):
    @describe(
        "list_notifications",
        "What you are told, newest first",
        query=PageQuery,
        answer=pages_of(shapes.Notice),
    )
    def get(self, request: Request) -> Response:
        notices = Notification.objects.visible_to(actor_of(request))
        notices = notices.select_related("actor__profile", "note")
        rows, following = page_of(
            request, notices, order=("-created_at", "-pk"), **query_of(request, PageQuery)
        )
        base = site_address(request)
        return Response({"results": [_notice_json(row, base) for row in rows], "next": following})


class ReadView(MembersView):
    @describe(
        "read_notifications",
        "Mark notifications as read",
        body=shapes.ReadBody,
        answer=shapes.UnreadCount,
    )
    def post(self, request: Request) -> Response:
        person = actor_of(request)
        up_to = body_of(request, shapes.ReadBody).get("up_to")
        ids = None
        if up_to is not None:
            older = Notification.objects.filter(person=person, read_at=None, pk__lte=up_to)
            ids = list(older.values_list("pk", flat=True))
        mark_read(person=person, ids=ids)
        return Response({"unread": unread_count(person)})


def _notice_json(row: Notification, base: str) -> dict[str, Any]:
    return {
        "id": row.pk,
        "kind": row.kind,
        "text": row.get_kind_display(),
        "actor": _actor_json(row.actor, base) if row.actor else None,
        "note": {"id": row.note.pk, "title": row.note.title} if row.note else None,
        "comment": row.comment_id,
        "words": row.words,
        "created_at": row.created_at,
        "read": row.read_at is not None,
    }


def _actor_json(actor: User, base: str) -> dict[str, Any]:
    profile = actor.profile
    return author_json(
        username=actor.username, display_name=profile.display_name, avatar=profile.avatar, base=base
    )
