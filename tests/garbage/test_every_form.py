"""Every form of the site meets garbage, by its owner, staff and a visitor: never our mistake.

The addresses come from the URL configuration and the fields from the pages themselves, so a new
form is in the sweep from its first day. What each request did is undone before the next.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote_from_bytes

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from tests.leaks.belongings import belongings

from .addresses import NAMES, filled

pytestmark = [pytest.mark.drill, pytest.mark.letter("E3")]
GARBAGE = {
    "NUL and turned around": "a\x00b\u202egpj.exe\u2066x",
    "lone surrogate": "a\udc80b",
    "huge number": "9" * 40,
    "negative": "-1",
    "not a number": "1e999",
    "megabyte": "潮" * 100_000,
    "brackets": '[{"a": [%s]}]<script>alert(1)</script>{{7*7}}',
}
TYPED = "Words long thought of"
# So many text areas stand on pages that refuse what this sweep sends.
LEAST_KEPT = 15
# So long that only fields that people write into are tried with it.
LONG = 10_000
# Where one field alone decides what the others mean, its real values are tried with garbage, too.
CHOICE = re.compile(r'<(?:button|input|option)[^>]*?name="([\w-]+)"[^>]*?value="([\w-]{1,30})"')
FIELD = re.compile(r'<(?:input|select|textarea|button)[^>]*?\bname="([\w:.-]+)"')
AREA = re.compile(r'<textarea[^>]*?\bname="([\w:.-]+)"')
USUAL = {
    "title", "body", "tags", "words", "why", "reason", "act", "name", "next", "to", "code", "note",
    "comment", "target", "kind", "amount", "price", "draft_by", "starts_at", "ends_at", "zone",
    "username", "password", "email", "conversation", "message", "up_to", "order", "latitude",
}  # fmt: skip
# Log-out ends the session of the sweep; the other two say whether workers run.
LEFT_OUT = {"account_logout", "healthz", "livez", "readyz"}


def encoded(text: str) -> str:
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")


def form_of(fields: dict[str, str]) -> str:
    return "&".join(f"{encoded(name)}={encoded(value)}" for name, value in fields.items())


def post(client, address: str, body: str):
    return client.post(address, body, content_type="application/x-www-form-urlencoded")


def visitor() -> Client:
    client = Client()
    client.raise_request_exception = False
    return client


def logged_in(person) -> Client:
    client = visitor()
    client.force_login(person, backend="accounts.backends.PersonBackend")
    return client


@pytest.fixture
def things(alice, bob, charlie, make_person, make_note):
    return belongings(alice, charlie, make_person, make_note)


@pytest.fixture
def keeper(make_person):
    person = make_person("keeper")
    person.is_staff = person.is_superuser = True
    person.save()
    return person


def known(things):
    """Values that lead to things that are there, by the name in an address."""
    return {
        "note_id": things.public.pk, "comment_id": things.comment.pk, "image_id": things.image.pk,
        "token": things.image.token, "file": "480.jpeg", "username": "bob",
        "token_key": things.token_key, "folder": "notes", "pk": things.endpoint.pk,
        "delivery_id": things.delivery.pk, "boost_id": things.boost.pk,
        "album_id": things.album.pk, "brand_slug": things.brand.slug, "slug": "pottery",
        "item_id": things.product.pk, "picture_id": things.picture.pk,
        "invitation_id": things.invitation.pk,
        "own_invitation_id": things.own_invitation.pk, "archive_id": things.archive.pk,
        "collaboration_id": things.deal.pk, "campaign_id": things.campaign.pk,
        "sign_in_id": things.sign_in.pk, "teen_id": things.teen.pk, "act_name": "withdraw",
        "report_id": things.report.pk, "decision_id": things.ruling.pk, "seal": "nobodys-seal",
        "program_id": things.program.pk, "conversation_id": things.message.conversation_id,
        "message_id": things.message.pk, "notice_id": things.notice.pk,
        "subscription_id": things.browser.pk, "mail_token": "unsigned", "key": "pottery",
        "place_id": 1, "product_id": things.product.pk, "section": "notes", "first": 0,
        "kind": "words", "object_id": 1, "app_label": "community", "content_type_id": 1,
    }  # fmt: skip


def fields_of(client, address):
    """(names of fields, those of text areas, real values by name) that a page's forms have."""
    page = client.get(address)
    if page.status_code >= 500:
        raise AssertionError(f"asking for {address} breaks")
    html = "" if page.streaming else unescape(page.content.decode(errors="replace"))
    names = {*FIELD.findall(html), *USUAL} - {"csrfmiddlewaretoken"}
    return names, {*AREA.findall(html)}, dict(CHOICE.findall(html))


def bodies(names, areas, choices, garbage):
    """Everything garbage; and what decides real, the rest garbage."""
    tried = areas | {"body"} if len(garbage) > LONG else names
    yield dict.fromkeys(sorted(tried), garbage)
    if choices:
        yield dict.fromkeys(sorted(tried - choices.keys()), garbage) | choices


def sweep(client, names, things, garbage):
    """Where the site answered with a mistake of its own."""
    failed = []
    for name in sorted(names):
        for address in filled(name, known(things)):
            with transaction.atomic():
                cache.clear()
                for fields in bodies(*fields_of(client, address), garbage):
                    answer = post(client, address, form_of(fields))
                    if answer.status_code >= 500:
                        failed.append((name, address, answer.status_code))
                transaction.set_rollback(True)
    return failed


PAGES = {name for name in NAMES if ":" not in name} - LEFT_OUT
DESK = {name for name in NAMES if name.startswith("admin:")} - {"admin:logout"}


@pytest.mark.parametrize("kind", GARBAGE)
def test_no_page_breaks_for_its_owner(things, alice, kind):
    assert sweep(logged_in(alice), PAGES, things, GARBAGE[kind]) == []


@pytest.mark.parametrize("kind", ["NUL and turned around", "huge number"])
def test_no_page_breaks_for_a_visitor(things, kind):
    assert sweep(visitor(), PAGES, things, GARBAGE[kind]) == []


@pytest.mark.parametrize("kind", ["NUL and turned around", "huge number", "lone surrogate"])
def test_no_page_of_the_desk_breaks(things, keeper, kind):
    assert sweep(logged_in(keeper), DESK, things, GARBAGE[kind]) == []


def test_no_page_breaks_for_what_is_no_form_at_all(things, alice):
    client, failed = logged_in(alice), []
    for name in sorted(PAGES):
        for address in filled(name, known(things))[:1]:
            with transaction.atomic():
                for body, kind in (
                    (b'{"a": [1]}', "application/json"),
                    (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
                    (b"\xff\xfe", "text/plain"),
                ):
                    answer = client.post(address, body, content_type=kind)
                    failed += [(name, kind)] if answer.status_code >= 500 else []
                transaction.set_rollback(True)
    assert failed == []


def refused_words(client, address):
    """By text area of a page that refuses them: whether what was typed is still there."""
    _names, areas, choices = fields_of(client, address)
    typed = dict.fromkeys(USUAL - areas, "???") | choices
    body = form_of(typed | {area: f"{TYPED} {area}" for area in areas})
    answer = post(client, address, body)
    if answer.status_code != 400:
        return {}
    page = answer.content.decode()
    return {area: f"{TYPED} {area}" in page for area in sorted(areas)}


def test_what_was_typed_is_kept_where_a_page_refuses_it(things, alice):
    """Whoever wrote a page of text must not write it again."""
    client, kept = logged_in(alice), {}
    for name in sorted(PAGES):
        for address in filled(name, known(things))[:1]:
            with transaction.atomic():
                cache.clear()
                found = refused_words(client, address)
                kept |= {(name, area): is_there for area, is_there in found.items()}
                transaction.set_rollback(True)
    assert [where for where, is_there in kept.items() if not is_there] == []
    assert len(kept) >= LEAST_KEPT, kept


def test_a_page_that_breaks_would_be_found(things, alice, monkeypatch):
    """The control."""

    def broken(*_args, **_kwargs):
        raise ValueError("planted")

    monkeypatch.setattr("community.views.reports.report_note", broken, raising=False)
    monkeypatch.setattr("accounts.services.follow_user", broken)
    monkeypatch.setattr("accounts.views.services.follow_user", broken, raising=False)
    found = sweep(logged_in(alice), {"follow-person"}, things, "x")
    assert [name for name, _address, _status in found][:1] == ["follow-person"]
