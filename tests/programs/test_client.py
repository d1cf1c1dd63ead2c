"""The example client of docs/client against a running server, as its reader would run it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.programs.services import register_program
from accounts.tokens import create_token
from community.models import Note
from community.webhooks import signing
from community.webhooks.services import add_endpoint

CLIENT = Path(__file__).parents[2] / "docs" / "client" / "rockpool.py"


@pytest.fixture
def command(tmp_path):
    """The client in a home of its own: its process, still running."""
    kept = tmp_path / "kept.json"

    def start(*words):
        return subprocess.Popen(
            [sys.executable, str(CLIENT), *words],
            env=os.environ | {"ROCKPOOL_CLIENT": str(kept), "PYTHONWARNINGS": "ignore"},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    return start


def said(process):
    told, troubled = process.communicate(timeout=60)
    assert process.returncode == 0, troubled
    return told


def allow_in_browser(person, address):
    """What the person's browser does: read the page, press Allow, follow the way back."""
    browser = Client()
    browser.force_login(person, backend="accounts.backends.PersonBackend")
    path = address.removeprefix(address.split("/oauth/")[0])
    page = browser.get(path, headers={"host": urlsplit(address).netloc}).content.decode()
    form = page.split('action="/oauth/authorize/"')[1]
    fields = re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', form)
    body = {name: unescape(value) for name, value in fields} | {"allow": "true"}
    answer = browser.post("/oauth/authorize/", body, headers={"host": urlsplit(address).netloc})
    assert answer.status_code == 302, answer.content
    with urllib.request.urlopen(answer.headers["Location"], timeout=30) as back:  # noqa: S310
        assert back.status == 200


@pytest.mark.django_db(transaction=True)
def test_the_example_logs_in_by_browser_posts_with_a_picture_and_reads(
    live_server, command, make_person, tmp_path
):
    from community.models import Channel

    Channel.objects.get_or_create(slug="pottery", name_en="Pottery", name_zh="陶艺")
    alice = make_person("alice")
    program = register_program(
        owner=alice, name="Example", addresses="http://127.0.0.1/done", keeps_secret=False,
        now=timezone.now(),
    ).program  # fmt: skip
    login = command("login", "--site", live_server.url, "--client-id", program.client_id, "--show")
    login.stdout.readline()
    allow_in_browser(alice, login.stdout.readline().strip())
    assert "(@alice)" in said(login)
    Image.effect_noise((320, 240), 60).convert("RGB").save(tmp_path / "bowl.jpg")
    body = "I mixed ash and feldspar, dipped twice and waited a whole night for the kiln to cool."
    posted = said(command(
        "post", "A bowl", "--body", body, "--channel", "pottery",
        "--picture", str(tmp_path / "bowl.jpg"),
    ))  # fmt: skip
    note = Note.objects.get(title="A bowl")
    assert posted.strip() == f"{live_server.url}/notes/{note.pk}/"
    assert (note.author, note.is_published, note.images.count()) == (alice, True, 1)
    said(command("feed"))


@pytest.mark.django_db(transaction=True)
def test_the_example_takes_a_token_and_says_which_scope_is_missing(
    live_server, command, make_person
):
    token = create_token(
        person=make_person("alice"), name="x", scopes=["read"], now=timezone.now()
    ).secret
    assert "(@alice)" in said(command("login", "--site", live_server.url, "--token", token))
    refused = command("post", "A bowl", "--channel", "pottery")
    _told, troubled = refused.communicate(timeout=60)
    assert refused.returncode == 1
    assert "403" in troubled
    assert "`write`" in troubled


def test_the_example_believes_only_what_is_signed(command, alice, db):
    endpoint = add_endpoint(
        person=alice, url="https://example.org/x", kinds=["pool.settled"], now=timezone.now()
    )
    listening = command("listen", "--secret", signing.secret_of(endpoint), "--port", "0", "--once")
    port = re.search(r"\d+", listening.stdout.readline())[0]
    body = json.dumps({"type": "pool.settled", "timestamp": "now", "data": {"note": 7}}).encode()
    now = int(timezone.now().timestamp())
    good = signing.headers_for(endpoint, event="e1", at=now, body=body)
    old = signing.headers_for(endpoint, event="e2", at=now - 4_000, body=body)
    for headers in (old, good | {"webhook-id": "other"}, {}):
        assert ring(port, body, headers) == 400
    assert ring(port, body, good) == 204
    assert 'pool.settled  {"note": 7}' in said(listening)


def ring(port, body, headers):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
