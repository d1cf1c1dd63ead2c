"""What browsers ask for to install the site, without a browser."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from community.pwa.views import SHELL


def test_the_worker_rules_over_the_whole_site() -> None:
    answer = Client().get("/sw.js")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "max-age=0" in answer.headers["Cache-Control"]
    assert b"showNotification" in answer.content
    knows = json.loads(answer.content.split(b"\n", 1)[0].removeprefix(b"const KNOWS = ")[:-1])
    assert knows["offline"] == "/offline/"
    assert len(knows["shell"]) == len(SHELL)


@pytest.mark.parametrize("name", SHELL)
def test_the_shell_is_there(name: str) -> None:
    assert finders.find(name)


def test_the_manifest_names_the_community_and_takes_pictures(settings) -> None:
    settings.SITE_NAME = "Tidal Circle"
    answer = Client().get("/manifest.webmanifest", headers={"Accept-Language": "zh-hans"})
    assert answer.headers["Content-Type"] == "application/manifest+json"
    told = answer.json()
    assert told["name"] == "Tidal Circle"
    assert told["lang"] == "zh-hans"
    assert told["display"] == "standalone"
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in told["icons"]}
    assert told["share_target"]["action"] == "/compose/share/"
    assert "image/heic" in told["share_target"]["params"]["files"][0]["accept"]


def test_the_page_without_a_network_knows_nobody(db: None, alice) -> None:
    client = Client()
    client.force_login(alice)
    assert b"alice" not in client.get("/offline/").content


@pytest.mark.parametrize(
    ("sent", "title", "body"),
    [
        ({"title": "Pier", "text": "At noon", "url": "https://x.example/a?b=c&d"}, "Pier", "At noon\nhttps://x.example/a?b=c&d"),
        ({"text": "\u202eevil\x00"}, "", "evil"),
        ({"title": "t" * 9_000, "text": "b" * 9_000}, "t" * 100, "b" * 5_000),
        ({}, "", ""),
    ],
)  # fmt: skip
def test_words_shared_without_the_worker_come_along(db: None, alice, sent, title, body) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    answer = client.post("/compose/share/", sent)
    assert answer.status_code == 303
    assert urlsplit(answer.headers["Location"]).path == "/compose/"
    form = client.get(answer.headers["Location"]).context["form"]
    assert (form["title"].value() or "", form["body"].value() or "") == (title, body)


def test_what_is_shared_changes_nothing(db: None, alice) -> None:
    from community.models import Note

    client = Client()
    client.force_login(alice)
    assert client.get("/compose/share/").status_code == 405
    assert parse_qs(urlsplit(client.post("/compose/share/", {"title": "x"})["Location"]).query)
    assert not Note.objects.exists()
