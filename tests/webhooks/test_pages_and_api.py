"""Kept by their owner alone, with or without a browser."""

from __future__ import annotations

import pytest
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from accounts.models import TokenName
from community.outbox import jobs
from community.webhooks import services
from community.webhooks.models import Delivery, Endpoint
from community.webhooks.signing import secret_of

KIND = "pool.promoted"


@pytest.fixture
def hook(alice):
    return services.add_endpoint(
        person=alice, url="https://example.org/in", kinds=[KIND], now=timezone.now()
    )


def test_by_page_add_test_pause_and_remove(client, alice, receiver):
    client.force_login(alice)
    answer = client.post("/settings/webhooks/", {"url": f"{receiver.address}/x", "kinds": [KIND]})
    assert answer.status_code == 303
    hook = Endpoint.objects.get()
    assert answer["location"] == f"/settings/webhooks/{hook.pk}/"
    page = client.get(answer["location"])
    assert secret_of(hook) in page.content.decode()
    client.post(f"/settings/webhooks/{hook.pk}/ping/")
    jobs.work_off("webhooks")
    assert len(receiver.got) == 1
    assert "HTTP 204" in client.get(answer["location"]).content.decode()
    client.post(f"/settings/webhooks/{hook.pk}/switch/", {"active": "0"})
    hook.refresh_from_db()
    assert not hook.is_active
    client.post(f"/settings/webhooks/{hook.pk}/secret/")
    client.post(f"/settings/webhooks/{hook.pk}/change/", {"kinds": ["pool.settled"]})
    hook.refresh_from_db()
    assert hook.kinds == ["pool.settled"]
    client.post(f"/settings/webhooks/{hook.pk}/remove/")
    assert not Endpoint.objects.exists()


def test_a_refusal_keeps_what_was_typed(client, alice):
    client.force_login(alice)
    typed = {"url": "https://user:secret@example.org/", "kinds": [KIND]}
    answer = client.post("/settings/webhooks/", typed)
    assert answer.status_code == 400
    assert typed["url"] in answer.content.decode()
    assert b"checked" in answer.content
    assert client.post("/settings/webhooks/", {"url": "https://example.org/"}).status_code == 400


def test_visitors_are_asked_to_log_in_and_strangers_find_nothing(client, bob, hook):
    assert client.get("/settings/webhooks/").status_code == 302
    client.force_login(bob)
    for path in ("", "change/", "switch/", "secret/", "ping/", "remove/", "deliveries/1/"):
        address = f"/settings/webhooks/{hook.pk}/{path}"
        answer = client.post(address) if path else client.get(address)
        assert answer.status_code == 404, path
    assert Endpoint.objects.filter(pk=hook.pk).exists()


def test_by_api(alice, bob):
    api = APIClient()
    api.force_authenticate(alice)
    body = {"url": "https://example.org/in", "kinds": [KIND]}
    made = api.post("/api/v1/webhooks/", body, format="json")
    assert made.status_code == 201
    assert made.data["secret"].startswith("whsec_")
    address = f"/api/v1/webhooks/{made.data['id']}/"
    assert api.post("/api/v1/webhooks/", body, format="json").status_code == 409
    changed = api.patch(address, {"active": False, "kinds": ["pool.settled"]}, format="json")
    assert (changed.data["active"], changed.data["kinds"]) == (False, ["pool.settled"])
    assert api.post(f"{address}ping/").status_code == 202
    [row] = api.get(f"{address}deliveries/").data["results"]
    assert row["kind"] == "ping.sent"
    Delivery.objects.update(state="failed")
    assert api.post(f"{address}deliveries/{row['id']}/resend/").status_code == 202
    assert Delivery.objects.get().state == "waiting"
    stranger = APIClient()
    stranger.force_authenticate(bob)
    for refused in (
        stranger.get(address),
        stranger.delete(address),
        stranger.post(f"{address}ping/"),
    ):
        assert refused.status_code == 404
    assert stranger.get("/api/v1/webhooks/").data["results"] == []
    assert api.delete(address).status_code == 204


@pytest.mark.parametrize(("scopes", "told"), [("read", False), ("read write", True)])
def test_the_secret_is_not_told_to_who_only_reads(alice, hook, scopes, told):
    row, secret = AuthToken.objects.create(alice)
    TokenName.objects.create(token=row, scopes=scopes)
    api = APIClient(HTTP_AUTHORIZATION=f"Token {secret}")
    [listed] = api.get("/api/v1/webhooks/").data["results"]
    one = api.get(f"/api/v1/webhooks/{hook.pk}/").data
    assert listed == one
    assert one["secret"] == (secret_of(hook) if told else "")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"url": "https://example.org/"},
        {"url": "https://example.org/", "kinds": []},
        {"url": "https://example.org/", "kinds": ["no.such"]},
        {"url": "https://example.org/", "kinds": "pool.promoted"},
        {"url": 7, "kinds": [KIND]},
        {"url": "http://example.org/", "kinds": [KIND]},
        {"url": "https://example.org/", "kinds": [KIND], "active": True},
    ],
)
def test_what_the_api_cannot_take_is_400(alice, body):
    api = APIClient()
    api.force_authenticate(alice)
    answer = api.post("/api/v1/webhooks/", body, format="json")
    assert answer.status_code == 400
    assert not Endpoint.objects.exists()


def test_nobody_has_more_than_ten(alice):
    now = timezone.now()
    api = APIClient()
    api.force_authenticate(alice)
    for n in range(services.MOST_ENDPOINTS):
        services.add_endpoint(person=alice, url=f"https://e{n}.org/", kinds=[KIND], now=now)
    body = {"url": "https://one-more.org/", "kinds": [KIND]}
    assert api.post("/api/v1/webhooks/", body, format="json").status_code == 400
    assert Endpoint.objects.count() == services.MOST_ENDPOINTS
