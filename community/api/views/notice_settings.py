"""How a person is told: their choices, muted threads, and programs that take push messages."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import MembersView, actor_of
from accounts.api.reading import body_of
from accounts.api.schema import describe
from accounts.errors import NotFound
from community.api import notice_shapes as shapes
from community.notifications import preferences, subscribing, vapid
from community.notifications.models import Preferences, PushSubscription
from community.notifications.topics import TOPICS, Way, ways_for


class NoticeSettingsView(MembersView):
    @describe("get_notification_settings", "How you are told", answer=shapes.NoticeSettings)
    def get(self, request: Request) -> Response:
        return Response(_settings_json(preferences.preferences_of(actor_of(request))))

    @describe(
        "change_notification_settings",
        "Choose how you are told",
        body=shapes.NoticeSettingsBody,
        answer=shapes.NoticeSettings,
    )
    def patch(self, request: Request) -> Response:
        body = body_of(request, shapes.NoticeSettingsBody)
        if "quiet_hours" in body:
            hours = body.pop("quiet_hours")
            body["quiet"] = (hours["start"], hours["end"]) if hours else ()
        return Response(_settings_json(preferences.choose(person=actor_of(request), **body)))


class MutedThreadView(MembersView):
    @describe(
        "mute_comments", "Hear nothing of a note's comments any more", status=204, refuses=[404]
    )
    def put(self, request: Request, note_id: int) -> Response:
        preferences.mute_thread(person=actor_of(request), note_id=note_id, now=timezone.now())
        return Response(status=204)

    @describe("unmute_comments", "Hear of a note's comments again", status=204, refuses=[404])
    def delete(self, request: Request, note_id: int) -> Response:
        if not preferences.unmute_thread(person=actor_of(request), note_id=note_id):
            raise NotFound
        return Response(status=204)


class PushBrowsersView(MembersView):
    @describe("list_push", "Browsers that get push messages", answer=shapes.PushBrowsers)
    def get(self, request: Request) -> Response:
        rows = subscribing.browsers_of(actor_of(request))
        return Response(
            {"key": vapid.public_key(), "browsers": [_browser_json(row) for row in rows]}
        )

    @describe(
        "subscribe_push",
        "Send push messages to a browser",
        body=shapes.PushBody,
        answer=shapes.PushBrowser,
        status=201,
    )
    def post(self, request: Request) -> Response:
        body = body_of(request, shapes.PushBody)
        made = subscribing.subscribe(
            person=actor_of(request),
            endpoint=body["endpoint"],
            now=timezone.now(),
            **body["keys"],
        )
        return Response(_browser_json(made), status=201)


class PushBrowserView(MembersView):
    @describe("unsubscribe_push", "Send it no more", status=204, refuses=[404])
    def delete(self, request: Request, subscription_id: int) -> Response:
        subscribing.unsubscribe(person=actor_of(request), pk=subscription_id)
        return Response(status=204)


def _settings_json(chosen: Preferences) -> dict[str, Any]:
    start, end = chosen.quiet_from, chosen.quiet_until
    return {
        "ways": {
            topic: [way for way in Way.values if way in ways_for(topic, chosen.ways)]
            for topic in TOPICS
        },
        "from_whom": chosen.from_whom,
        "quiet_hours": shapes.QuietHours({"start": start, "end": end}).data
        if start and end
        else None,
        "digest": chosen.digest,
    }


def _browser_json(row: PushSubscription) -> dict[str, Any]:
    return {
        "id": row.pk,
        "device": row.device,
        "created_at": row.created_at,
        "failing_since": row.failing_since,
    }
