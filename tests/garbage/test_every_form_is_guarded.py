"""Every page and form of the site: no write without its token, no way out to another site, and the
headers that keep a page what it is."""

from __future__ import annotations

import re
from urllib.parse import urlencode, urlsplit

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from .addresses import filled
from .test_every_form import DESK, PAGES, keeper, known, logged_in, things, visitor
from .test_every_form_twice import more, posted, rows, words

__all__ = ["keeper", "things", "words"]  # fixtures
pytestmark = [pytest.mark.drill, pytest.mark.letter("E9")]

# They carry a proof of their own: the gateway's signature, the key in a mail. What a phone shares
# changes nothing and goes on to the form.
NO_TOKEN = {"payment-callback", "unsubscribe", "share-into"}
# A card for other sites' pages, and what a browser shows without a network: they know no reader.
OF_NOBODY = {"note-card", "offline"}
ELSEWHERE = (
    "https://evil.example/", "//evil.example/", "///evil.example", "\\\\evil.example",
    "/\\evil.example", "https:evil.example", "javascript:alert(1)", "\thttps://evil.example/",
    "http://testserver@evil.example/", "http://testserver.evil.example/",
)  # fmt: skip
PAGE = "text/html; charset=utf-8"


def html(answer) -> bool:
    return answer.get("Content-Type", "") == PAGE


@pytest.mark.parametrize("space", ["pages", "desk"])
def test_nothing_is_written_without_the_token_of_a_page(things, alice, keeper, words, space):
    """The session's cookie alone does nothing: it is what another site's form would bring."""
    names, person = (PAGES - NO_TOKEN, alice) if space == "pages" else (DESK, keeper)
    reader = logged_in(person)
    stranger = Client(enforce_csrf_checks=True)
    stranger.cookies = reader.cookies
    written, tried = [], 0
    for name in sorted(names):
        for address in filled(name, known(things))[:1]:
            for form in posted(reader.get(address)) or [None]:
                fields = form.filled(words) if form else []
                to = (form and form.action.split("#")[0]) or address
                with transaction.atomic():
                    before = rows()
                    body = urlencode([each for each in fields if each[0] != "csrfmiddlewaretoken"])
                    answer = stranger.post(to, body, "application/x-www-form-urlencoded")
                    tried += answer.status_code == 403
                    if more(before, rows()) or answer.status_code < 400:
                        written.append((name, to, answer.status_code))
                    transaction.set_rollback(True)
    assert written == []
    assert tried > 100


HERE = "/tags/pottery/?sent=here"


def locations(client, address, where):
    """Where a page sends one who names an address to go on to: asked, and written to."""
    asked = urlencode({"next": where, "to": where, "url": where})
    with transaction.atomic():
        cache.clear()
        answers = [
            client.get(f"{address}?{asked}"),
            client.post(address, {"next": where}, headers={"referer": where.strip()}),
        ]
        transaction.set_rollback(True)
    return [
        answer.headers[header]
        for answer in answers
        for header in ("Location", "HX-Redirect", "HX-Location")
        if header in answer.headers
    ]


@pytest.mark.parametrize("who", ["owner", "visitor"])
def test_no_page_sends_anybody_to_another_site(things, alice, who):
    client = logged_in(alice) if who == "owner" else visitor()
    strayed, led = [], 0
    for name in sorted(PAGES):
        for address in filled(name, known(things))[:1]:
            # What goes where it is told is told all the odd ways; the rest one will do for.
            follows = any("sent" in place for place in locations(client, address, HERE))
            led += follows
            for where in ELSEWHERE if follows else ELSEWHERE[:1]:
                strayed += [
                    (name, where, place)
                    for place in locations(client, address, where)
                    if leads_away(place)
                ]
    assert strayed == []
    assert led > 5


def leads_away(location: str) -> bool:
    """As a browser reads it: backslashes are slashes, blanks before it are nothing, and so is
    every slash beyond the second."""
    read = urlsplit(re.sub("^/{2,}", "//", location.strip().replace("\\", "/")))
    return bool(read.scheme and read.scheme not in ("http", "https")) or (
        read.netloc not in ("", "testserver")
    )


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/notes/1/", False), ("http://testserver/x", False), ("", False), ("?page=2", False),
        *((where, True) for where in ELSEWHERE if where not in ("https:evil.example",)),
    ],
)  # fmt: skip
def test_what_leads_away_is_known_as_such(location, expected):
    """The control."""
    assert leads_away(location) is expected


@pytest.mark.parametrize("who", ["owner", "visitor", "keeper"])
def test_every_page_has_the_headers_that_keep_it(things, alice, keeper, who):
    client = {"owner": alice, "keeper": keeper}.get(who)
    client = logged_in(client) if client else visitor()
    bad, seen = [], 0
    for name in sorted(DESK if who == "keeper" else PAGES):
        for address in filled(name, known(things))[:1]:
            answer = client.get(address)
            if not html(answer) or name in OF_NOBODY:
                continue
            seen += 1
            bad += [(name, answer.status_code, why) for why in amiss(answer, who)]
    assert bad == []
    assert seen > 60


def amiss(answer, who):
    """What is wrong with the headers of a page."""
    headers = answer.headers
    policy = headers.get("Content-Security-Policy", "")
    parts = {part.split()[0]: part for part in policy.split(";") if part.strip()}
    scripts = parts.get("script-src", parts.get("default-src", "any: *"))
    if "unsafe" in scripts or "*" in scripts:
        yield f"scripts: {scripts}"
    if "frame-ancestors 'none'" not in policy and headers.get("X-Frame-Options") != "DENY":
        yield "may be framed"
    if headers.get("X-Content-Type-Options") != "nosniff":
        yield "may be sniffed"
    if "Referrer-Policy" not in headers or "Cross-Origin-Opener-Policy" not in headers:
        yield "tells other sites too much"
    kept = headers.get("Cache-Control", "")
    if who != "visitor" and "private" not in kept and "no-store" not in kept:
        yield f"may be kept by others: {kept!r}"
    if "public" in kept and answer.cookies:
        yield "a public page sets a cookie"
