"""What a person is told, and that they read it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import MembersView, actor_of
from accounts.api.pagination import page_of
from accounts.api.people_rows import author_json
from accounts.api.reading import PageQuery, body_of, query_of
from accounts.api.schema import describe, pages_of
from accounts.api.views import site_address
from accounts.models import User
from community.api import notice_shapes
from community.api import serializers as shapes
from community.notifications import reading, wording
from community.notifications.grouping import JOINED, Group, groups_of
from community.notifications.leading import lead_by_links, leads_to
from community.notifications.models import Notification

ORDER = ("-created_at", "-pk")


class NotificationsView(MembersView):
    @describe(
        "list_notifications",
        "What you are told, newest first",
        query=PageQuery,
        answer=pages_of(shapes.Notice),
    )
    def get(self, request: Request) -> Response:
        notices = Notification.objects.shown_to(actor_of(request)).select_related(*JOINED)
        rows, following = page_of(request, notices, order=ORDER, **query_of(request, PageQuery))
        base = site_address(request)
        return Response({"results": [_notice_json(row, base) for row in rows], "next": following})


class NoticeGroupsView(MembersView):
    @describe(
        "list_notification_groups",
        "The same, what many people did to one thing on one day taken together",
        query=PageQuery,
        answer=pages_of(notice_shapes.NoticeGroup),
    )
    def get(self, request: Request) -> Response:
        mine = Notification.objects.shown_to(actor_of(request))
        heads = mine.heads().select_related(*JOINED)
        rows, following = page_of(request, heads, order=ORDER, **query_of(request, PageQuery))
        groups, base = groups_of(rows, mine), site_address(request)
        lead_by_links(groups)
        results = [_group_json(group, base) for group in groups]
        return Response({"results": results, "next": following})


class ReadView(MembersView):
    @describe(
        "read_notifications",
        "Mark notifications as read",
        body=notice_shapes.ReadNoticesBody,
        answer=shapes.UnreadCount,
        refuses=[404],
    )
    def post(self, request: Request) -> Response:
        person, now = actor_of(request), timezone.now()
        body = body_of(request, notice_shapes.ReadNoticesBody)
        group, up_to = body.get("group"), body.get("up_to")
        if group is None:
            reading.mark_read(person=person, up_to=up_to, now=now)
        else:
            reading.mark_group_read(person=person, notice_id=group, up_to=up_to, now=now)
        return Response({"unread": reading.unread_count(person)})


def _notice_json(row: Notification, base: str) -> dict[str, Any]:
    return {
        "id": row.pk,
        "kind": row.kind,
        "text": row.get_kind_display(),
        "actor": _actor_json(row.actor, base) if row.actor else None,
        **_about(row),
        "words": row.words,
        "path": row.path,
        "created_at": row.created_at,
        "read": row.read_at is not None,
    }


def _group_json(group: Group, base: str) -> dict[str, Any]:
    return {
        "id": group.first,
        "kind": group.head.kind,
        "text": wording.sentence(group),
        "actors": [_actor_json(actor, base) for actor in group.actors],
        "people": group.people,
        "notices": group.notices,
        "unread": group.unread,
        **_about(group.head),
        "words": wording.quote(group),
        "path": leads_to(group),
        "created_at": group.head.created_at,
    }


def _about(row: Notification) -> dict[str, Any]:
    return {
        "note": {"id": row.note.pk, "title": row.note.title} if row.note else None,
        "comment": row.comment_id,
        "album": {"id": row.album.pk, "title": row.album.title} if row.album else None,
    }


def _actor_json(actor: User, base: str) -> dict[str, Any]:
    profile = actor.profile
    return author_json(
        username=actor.username, display_name=profile.display_name, avatar=profile.avatar, base=base
    )
