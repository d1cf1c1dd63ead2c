"""Every form meets every naughty string: never a 500, nothing hostile kept, all well after."""

from __future__ import annotations

from urllib.parse import quote_from_bytes

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError

from accounts.models import Profile
from community.models import Comment, Note
from feeds import serving

NAUGHTY = {
    "NUL": "a\x00b",
    "controls": "".join(map(chr, range(32))) + "\x7f\x85",
    "lone surrogate": "a\udc80b",
    "override": "abc\u202egpj.exe",
    "isolates": "\u2066\u2067\u2068x\u2069",
    "zero width only": "\u200b\u200c\u200d\ufeff",
    "tower": "Z" + "\u0300" * 300,
    "emoji": "👩\u200d👩\u200d👧\u200d👦🏳️\u200d🌈" * 5,
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>'\"`{{7*7}}{%x%}",
    "sql": "'; DROP TABLE community_note; --",
    "format": "%s%n%(count)d{0.__class__}",
    "megabyte": "x" * 1_000_000,
    "chinese megabyte": "潮" * 300_000,
    "many lines": "\n" * 50_000,
    "many tags": "#a1b " * 20_000,
    "many mentions": "@alice" * 50_000,
    "path": "../../../../etc/passwd",
    "not characters": "\ufffe\uffff\U0010ffff",
    "huge number": "9" * 40,
    "negative": "-1",
    "float": "1e999",
    "arabic digits": "٣٤",
}
# Beyond this length only the first fields of each form are tried: those that people write into.
HUGE, FEW = 10_000, 3
# Pages that must still open afterwards.
AFTER = ("/", "/drafts/", "/notifications/", "/settings/", "/people/bob/", "/compose/")
HOSTILE = ("\x00", "\u202e", "\u2066", "\udc80")


def encoded(text: str) -> str:
    """As a careless client sends it: lone surrogates as three bytes."""
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")


def post(client, address, fields):
    """A form with exactly these characters in it."""
    body = "&".join(f"{name}={encoded(value)}" for name, value in fields.items())
    return client.post(address, body, content_type="application/x-www-form-urlencoded")


def forms(note, comment):
    """Every form of these pages: its address, and a good value for each field."""
    words = {"title": "t", "body": "b", "tags": "x", "channel": "pottery", "visibility": "public",
             "place_name": "p", "place_city": "c", "latitude": "1", "longitude": "1",
             "act": "publish", "arranged": "1", "order": "1", "remove": "",
             "earlier": ""}  # fmt: skip
    settings = {"display_name": "n", "bio": "b", "city": "c", "language": "en",
                "time_zone": "UTC", "theme": "light", "personalised": "on"}  # fmt: skip
    return {
        "/compose/": words,
        f"/notes/{note.pk}/edit/": words,
        f"/notes/{note.pk}/save/": words,
        f"/notes/{note.pk}/comments/": {"body": "b", "reply_to": str(comment.pk)},
        "/report/": {"note": str(note.pk), "comment": "", "reason": "spam", "words": "w"},
        "/settings/": settings,
        "/settings/interests/": {"interests": "pottery"},
        "/language/": {"language": "en", "next": "/"},
        f"/notes/{note.pk}/like/": {"next": "/"},
    }


@pytest.mark.parametrize("kind", NAUGHTY)
def test_no_form_breaks(kind, bob, make_note, as_person):
    naughty = NAUGHTY[kind]
    note = make_note(bob)
    comment = Comment.objects.create(note=note, author=bob, body="c", created_at=note.created_at)
    client = as_person(bob)
    client.raise_request_exception = False
    for address, fields in forms(note, comment).items():
        for field in list(fields)[: FEW if len(naughty) > HUGE else None]:
            answer = post(client, address, fields | {field: naughty})
            assert answer.status_code < 500, (address, field)
    for address in (
        *AFTER,
        f"/notes/{note.pk}/",
        f"/notes/{note.pk}/history/",
        f"/notes/{note.pk}/edit/",
    ):
        page = client.get(address)
        assert page.status_code == 200, address
        assert b"<script>alert" not in page.content, address
        assert b"<img src=x" not in page.content, address
    assert_nothing_hostile_was_kept()


def assert_nothing_hostile_was_kept():
    kept = [
        *Note.objects.values_list("title", "body", "place__name", "place__city"),
        *Comment.objects.values_list("body"),
        *Profile.objects.values_list("display_name", "bio", "city"),
    ]
    text = "".join(word or "" for row in kept for word in row)
    assert not [character for character in HOSTILE if character in text]


@pytest.mark.parametrize(
    "kind", [kind for kind in NAUGHTY if "megabyte" not in kind and "many" not in kind]
)
def test_no_query_breaks(kind, bob, make_note, as_person):
    note = make_note(bob)
    client = as_person(bob)
    client.raise_request_exception = False
    naughty = encoded(NAUGHTY[kind])
    for address in (
        "/suggest/tags/?q={}",
        "/suggest/tags/?title={0}&body={0}",
        "/suggest/places/?q={}",
        f"/notes/{note.pk}/comments/?before={{}}",
        "/report/?note={}",
        "/report/?comment={}",
        "/compose/?next={}",
        "/people/{}/follow/",
        "/s/{}/",
        "/media/notes/{}/480.jpg",
        "/media/avatars/{0}/{0}",
        "/comments/{}/",
        "/notes/{}/",
    ):
        answer = client.get(address.format(naughty))
        assert answer.status_code < 500, address


def test_a_title_of_a_megabyte_is_told_and_given_back(alice, as_person):
    answer = as_person(alice).post(
        "/compose/", {"title": "x" * 1_000_000, "visibility": "public", "channel": "pottery"}
    )
    assert answer.status_code == 400
    assert b"this has 1000000" in answer.content
    assert b"x" * 1_000_000 in answer.content


def test_a_control_character_in_a_title_vanishes_and_the_rest_stays(alice, as_person):
    as_person(alice).post(
        "/compose/", {"title": "Sea\x00 \u202egreen", "visibility": "public", "channel": "pottery"}
    )
    assert Note.objects.get().title == "Sea green"


def test_more_fields_or_files_than_a_form_has_is_refused(alice, as_person):
    client = as_person(alice)
    fields = {f"field{n}": "x" for n in range(400)}
    assert client.post("/compose/", fields).status_code == 400
    files = [SimpleUploadedFile(f"{n}.jpg", b"x") for n in range(25)]
    assert client.post("/compose/", {"pictures": files, "visibility": "public"}).status_code == 400
    assert client.post("/compose/", {"body": "x" * 3_000_000}).status_code in (400, 413)


def test_a_file_name_is_shown_as_text_only(alice, as_person):
    file = SimpleUploadedFile("<img src=x onerror=alert(1)>.jpg", b"no picture")
    answer = as_person(alice).post(
        "/compose/", {"title": "t", "visibility": "public", "pictures": [file]}
    )
    assert answer.status_code == 400
    assert b"<img src=x" not in answer.content


def test_a_form_without_its_csrf_token_is_refused_in_words(alice, make_note):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(alice, backend="accounts.backends.PersonBackend")
    answer = client.post(f"/notes/{make_note(alice).pk}/like/")
    assert answer.status_code == 403
    assert b"nothing was changed" in answer.content


@pytest.mark.parametrize("asks", [{}, {"HTTP_HX_REQUEST": "true"}, {"HTTP_ACCEPT": "*/*"}])
def test_what_the_database_cannot_keep_is_the_senders_mistake(alice, as_person, monkeypatch, asks):
    """As PostgreSQL says it of U+0000, wherever a page did not look itself."""
    client = as_person(alice)
    said = "PostgreSQL text fields cannot contain NUL (0x00) bytes"

    def find(**_):
        raise DataError(said)

    monkeypatch.setattr(serving, "serve_discover", find)
    answer = client.get("/", **asks)
    assert answer.status_code == 400
    assert "U+0000" in answer.content.decode()
    said = "unsupported Unicode escape sequence\nDETAIL:  \\u0000 cannot be converted to text."
    assert client.get("/", **asks).status_code == 400
    said = "value too long for type character varying(3)"
    with pytest.raises(DataError):
        client.get("/")
