"""oEmbed and the card that other sites frame."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from community.models import Note, NoteImage
from community.moderation.services import hide_note

HERE = "http://testserver"


@pytest.fixture
def note(alice, make_note):
    note = make_note(alice, 'A "bowl" <b>')
    NoteImage.objects.filter(note=note).update(renditions=[
        {"width": 480, "height": 360, "format": "jpeg", "filename": "480.jpeg", "bytes": 9},
    ])  # fmt: skip
    return note


def ask(client, url, **more):
    return client.get("/oembed/", {"url": url, **more})


def test_the_page_leads_to_its_card(client, note):
    head = client.get(f"/notes/{note.pk}/").content.decode()
    [address] = re.findall(r'json\+oembed" href="([^"]+)"', head)
    answer = client.get(address.replace("&amp;", "&"))
    told = answer.json()
    assert (told["version"], told["type"], told["author_name"]) == ("1.0", "rich", "alice")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "<b>" not in told["html"]
    [card] = re.findall(r'src="([^"]+)"', told["html"])
    page = client.get(card)
    assert page.status_code == 200
    assert b"A &quot;bowl&quot; &lt;b&gt;" in page.content


def test_only_the_card_may_be_framed_and_it_can_do_nothing(client, note, bob):
    client.force_login(bob, backend="accounts.backends.PersonBackend")
    client.cookies["device"] = "forged"
    card = client.get(f"/embed/notes/{note.pk}/")
    policy = card.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in card.headers
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert not card.cookies
    html = card.content.decode()
    assert "<script" not in html
    assert "<form" not in html
    assert "bob" not in html
    assert card.headers["X-Robots-Tag"] == "noindex"
    assert card.content == Client().get(f"/embed/notes/{note.pk}/").content
    for address in (f"/notes/{note.pk}/", "/", "/oembed/", "/people/alice/notes.rss"):
        answer = client.get(address)
        assert answer.headers["X-Frame-Options"] == "DENY", address
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_the_card_says_what_is_paid_for(client, note):
    Note.objects.filter(pk=note.pk).update(disclosure="paid", ai_made=True)
    html = client.get(f"/embed/notes/{note.pk}/").content.decode()
    assert "Paid partnership" in html
    assert "Made with AI" in html
    assert ask(client, f"{HERE}/notes/{note.pk}/").json()["title"].startswith("Paid partnership")


@pytest.mark.parametrize("url", [
    "https://evil.example/notes/{note}/", "http://testserver.evil.example/notes/{note}/",
    "http://testserver@evil.example/notes/{note}/", "http://evil.example@testserver/notes/{note}/",
    "//testserver/notes/{note}/", "/notes/{note}/", "javascript:alert(1)", "file:///etc/passwd",
    "http://testserver:80:80/notes/{note}/", "http://[testserver/notes/{note}/", "http://[::1",
    "http://testserver/notes/{note}", "http://testserver/notes/999999/", "http://testserver/admin/",
    "http://testserver/notes/{note}/edit/", "http://testserver/notes/{note}/../../settings/",
    "http://testserver/notes/99999999999999999999/", "http://testserver/people/alice/",
    "http://testserver/oembed/?url=http://testserver/notes/{note}/", "http://testserver\\notes\\{note}\\",
    "http://testserver/notes/{note}/\x00", "ftp://testserver/notes/{note}/", "http://169.254.169.254/",
])  # fmt: skip
def test_addresses_of_anything_else_are_refused(client, note, url):
    assert ask(client, url.format(note=note.pk)).status_code == 404


@pytest.mark.parametrize(("query", "status"), [
    ({}, 400), ({"url": ""}, 400), ({"url": "x" * 2_001}, 400),
    ({"maxwidth": "0"}, 400), ({"maxwidth": "-5"}, 400), ({"maxheight": "wide"}, 400),
    ({"maxwidth": "99999999999999999999"}, 400), ({"maxwidth": "٣٠٠"}, 400),
    ({"format": "xml"}, 501), ({"format": "../../etc"}, 501),
])  # fmt: skip
def test_odd_questions_are_refused(client, note, query, status):
    url = {} if "url" in query or not query else {"url": f"{HERE}/notes/{note.pk}/"}
    assert client.get("/oembed/", url | query).status_code == status


def test_the_card_is_no_larger_than_asked(client, note):
    told = ask(client, f"{HERE}/notes/{note.pk}/", maxwidth=300, maxheight=200).json()
    assert (told["width"], told["height"]) == (300, 200)
    assert 'width="300" height="200"' in told["html"]
    assert "thumbnail_url" not in told
    assert ask(client, f"{HERE}/notes/{note.pk}/", maxwidth=5000).json()["width"] == 550


@pytest.mark.parametrize("fields", [
    {"visibility": "followers"}, {"visibility": "private"}, {"state": "draft"},
])  # fmt: skip
def test_what_is_not_for_everybody_has_no_card_for_anybody(client, note, alice, fields):
    Note.objects.filter(pk=note.pk).update(**fields)
    client.force_login(alice, backend="accounts.backends.PersonBackend")
    assert client.get(f"/embed/notes/{note.pk}/").status_code == 404
    assert ask(client, f"{HERE}/notes/{note.pk}/").status_code == 404


def test_a_hidden_note_leaves_its_card_at_once(client, note, django_user_model):
    before = client.get(f"/embed/notes/{note.pk}/")
    staff = django_user_model.objects.create_superuser("root")
    hide_note(moderator=staff, note_id=note.pk, reason="No")
    asked_again = client.get(
        f"/embed/notes/{note.pk}/", headers={"If-None-Match": before.headers["ETag"]}
    )
    assert asked_again.status_code == 404
