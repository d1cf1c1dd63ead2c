"""Addresses that are told what happens, for programs."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.authentication import opens
from accounts.api.base import MembersView, actor_of
from accounts.api.pagination import page_of
from accounts.api.reading import PageQuery, StrictText, TrueOrFalse, body_of, query_of
from accounts.api.schema import describe, pages_of
from accounts.scopes import Scope
from community.webhooks import announcing, services
from community.webhooks.models import LONGEST_URL, Delivery, Endpoint
from community.webhooks.signing import secret_of

Shape = serializers.Serializer[Any]


def _kinds(**how: Any) -> Any:
    text = "Events it is told, e.g. pool.promoted."
    return serializers.ListField(
        child=StrictText(max_length=42), min_length=1, max_length=50, help_text=text, **how
    )


class WebhookBody(Shape):
    url = StrictText(max_length=LONGEST_URL, help_text="An https:// address.")
    kinds = _kinds()


class WebhookChange(Shape):
    kinds = _kinds(required=False)
    active = TrueOrFalse(required=False)


class Webhook(Shape):
    id = serializers.IntegerField()
    url = serializers.CharField()
    kinds = serializers.ListField(child=serializers.CharField())
    active = serializers.BooleanField()
    failing_since = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    secret = serializers.CharField(
        help_text="Standard Webhooks secret that signs its messages; empty to a token without the"
        " scope `write`."
    )


class WebhookList(Shape):
    results = Webhook(many=True)


class WebhookDelivery(Shape):
    id = serializers.IntegerField()
    event = serializers.UUIDField(help_text="The same for every try: `webhook-id`.")
    kind = serializers.CharField()
    state = serializers.ChoiceField(Delivery.State.choices)
    tries = serializers.IntegerField()
    status = serializers.IntegerField(allow_null=True, help_text="HTTP status of the last answer.")
    trouble = serializers.CharField()
    created_at = serializers.DateTimeField()
    tried_at = serializers.DateTimeField(allow_null=True)
    body = serializers.CharField(help_text="The message as it was signed.")


class WebhooksView(MembersView):
    @describe("list_webhooks", "Your addresses that are told", answer=WebhookList)
    def get(self, request: Request) -> Response:
        endpoints = services.endpoints_of(actor_of(request))
        return Response({"results": [_endpoint_json(request, row) for row in endpoints]})

    @describe(
        "add_webhook", "Have an address told", body=WebhookBody, answer=Webhook, status=201,
        refuses=[409],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        endpoint = services.add_endpoint(
            person=actor_of(request), now=timezone.now(), **body_of(request, WebhookBody)
        )
        return Response(_endpoint_json(request, endpoint), status=201)


class WebhookView(MembersView):
    @describe("get_webhook", "One of your addresses", answer=Webhook, refuses=[404])
    def get(self, request: Request, pk: int) -> Response:
        return Response(_endpoint_json(request, services.own_endpoint(actor_of(request), pk)))

    @describe(
        "change_webhook", "Choose other events, pause, begin again", body=WebhookChange,
        answer=Webhook, refuses=[404],
    )  # fmt: skip
    def patch(self, request: Request, pk: int) -> Response:
        me = actor_of(request)
        services.own_endpoint(me, pk)  # before the body is looked at
        change = body_of(request, WebhookChange)
        endpoint = services.change_endpoint(person=me, pk=pk, **change)
        return Response(_endpoint_json(request, endpoint))

    @describe("remove_webhook", "Tell an address nothing more", status=204, refuses=[404])
    def delete(self, request: Request, pk: int) -> Response:
        services.remove_endpoint(person=actor_of(request), pk=pk)
        return Response(status=204)


class WebhookPingView(MembersView):
    @describe("ping_webhook", "Send a test", status=202, refuses=[404])
    def post(self, request: Request, pk: int) -> Response:
        announcing.ping(services.own_endpoint(actor_of(request), pk), now=timezone.now())
        return Response(status=202)


class WebhookDeliveriesView(MembersView):
    @describe(
        "list_webhook_deliveries", "What was sent to an address, newest first", query=PageQuery,
        answer=pages_of(WebhookDelivery), refuses=[404],
    )  # fmt: skip
    def get(self, request: Request, pk: int) -> Response:
        endpoint = services.own_endpoint(actor_of(request), pk)
        rows, following = page_of(
            request, endpoint.deliveries.all(), order=("-pk",), **query_of(request, PageQuery)
        )
        return Response({"results": [_delivery_json(row) for row in rows], "next": following})


class WebhookResendView(MembersView):
    @describe("resend_webhook", "Try what was given up once more", status=202, refuses=[404])
    def post(self, request: Request, pk: int, delivery_id: int) -> Response:
        endpoint = services.own_endpoint(actor_of(request), pk)
        announcing.resend(endpoint, delivery_id=delivery_id, now=timezone.now())
        return Response(status=202)


def _endpoint_json(request: Request, row: Endpoint) -> dict[str, Any]:
    """Who only reads is not given the secret: with it they could write messages of ours."""
    return {
        "id": row.pk,
        "url": row.url,
        "kinds": row.kinds,
        "active": row.is_active,
        "failing_since": row.failing_since,
        "created_at": row.created_at,
        "secret": secret_of(row) if opens(request, Scope.WRITE) else "",
    }


def _delivery_json(row: Delivery) -> dict[str, Any]:
    names = (
        "event", "kind", "state", "tries", "status", "trouble", "created_at", "tried_at", "body",
    )  # fmt: skip
    return {"id": row.pk} | {name: getattr(row, name) for name in names}
