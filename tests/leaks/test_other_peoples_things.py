"""Every address of every page, asked and sent with other people's ids: refused, nothing changed.

The addresses come from the URL configuration, so a new page is in the sweep from its first day; one
whose arguments are not known here fails it.
"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from community.archives.models import Intake
from tests.rows import changed, contents

pytestmark = pytest.mark.letter("D2")

# Other doors with sweeps of their own (tests/api, tests/admin), and allauth's.
NOT_PAGES = ("api/", "admin/", "account/")
# What a reader may do with a note of somebody else that they can see.
READERS_MAY = {
    "note", "note-history", "comments", "comment", "related", "card-menu", "like-note",
    "unlike-note", "collect-note", "uncollect-note", "share-note", "shared", "like-comment",
    "unlike-comment", "report", "less-of", "note-file", "profile", "note-pictures",
    "note-video", "video-file", "albums-of-note", "note-card", "mute-thread",
}  # fmt: skip
# Ties are about people and are tried with one who blocked the person who asks.
ABOUT_PEOPLE = {"profile", "follow-person", "unfollow-person", "block-person", "unblock-person",
                "mute-person", "unmute-person"}  # fmt: skip
# The same for everybody, a block or not, because caches keep it (docs/integrations.md).
FOR_EVERYBODY = {"person-rss", "person-atom"}
BODY = {"title": "Mine now", "body": "Mine now", "tags": "x", "kind": "note", "reason": "spam"}
REFUSED = {400, 403, 404, 405}


def pages(resolver=None, prefix=""):
    """(name, names of arguments) of every page's address."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if route.startswith(NOT_PAGES):
            continue
        if isinstance(entry, URLResolver):
            yield from pages(entry, route)
        elif isinstance(entry, URLPattern) and entry.name:
            yield entry.name, tuple(entry.pattern.converters)


NAMED = {name: arguments for name, arguments in pages() if arguments}


def values(things, note):
    return {
        "note_id": note.pk,
        "comment_id": things.comment.pk,
        "image_id": things.image.pk,
        "token": things.image.token,
        "file": "480.jpeg",
        "username": things.dora.username,
        "token_key": things.token_key,
        "folder": "nobodys",
        "pk": things.endpoint.pk,
        "delivery_id": things.delivery.pk,
        "boost_id": things.boost.pk,
        "album_id": things.album.pk,
        "brand_slug": things.brand.slug,
        "item_id": things.product.pk,
        "picture_id": things.picture.pk,
        "invitation_id": things.invitation.pk,
        "own_invitation_id": things.own_invitation.pk,
        "archive_id": things.archive.pk,
        "intake_id": Intake.objects.get().pk,
        "collaboration_id": things.deal.pk,
        "campaign_id": things.campaign.pk,
        "sign_in_id": things.sign_in.pk,
        "teen_id": things.teen.pk,
        "act_name": "withdraw",
        "report_id": things.report.pk,
        "decision_id": things.ruling.pk,
        "seal": "nobodys-seal",
        "program_id": things.program.pk,
        "section": "drafts",
        "first": 0,
        "conversation_id": things.message.conversation_id,
        "message_id": things.message.pk,
        "notice_id": things.notice.pk,
        "subscription_id": things.browser.pk,
        "mail_token": "unsigned",
        # Not somebody's things, and open to all.
        "slug": "no-such-channel",
        "key": "no-such-tag",
        "place_id": 999_999,
        "product_id": 999_999,
    }


def requests(client, things, note, names):
    """(name, method, answer) of asking and sending, with and without htmx."""
    from django.urls import reverse

    filled = values(things, note)
    for name in sorted(names):
        token = {"token": things.share.token} if name == "shared" else {}
        chosen = filled | token
        missing = set(NAMED[name]) - chosen.keys()
        assert not missing, f"teach this sweep what {missing} of the page {name!r} is"
        address = reverse(name, kwargs={argument: chosen[argument] for argument in NAMED[name]})
        body = BODY | {"target": note.pk, "note": note.pk}
        for headers in ({}, {"HX-Request": "true"}):
            yield name, "GET", client.get(address, headers=headers)
            yield name, "POST", client.post(address, body, headers=headers)


def logged_in(person):
    client = Client()
    client.force_login(person, backend="accounts.backends.PersonBackend")
    return client


def allowed(answers, *, may=()):
    """Answers that are no refusal: neither an error nor the way to the log-in page."""
    return {
        (name, method, answer.status_code)
        for name, method, answer in answers
        if name not in may
        and answer.status_code not in REFUSED
        and not answer.headers.get("Location", "").startswith("/account/login/")
        and not answer.headers.get("Location", "").startswith("/account/reauthenticate/")
        and not answer.headers.get("HX-Redirect", "").startswith("/account/login/")
    }


# Taking back what one never did may be answered kindly: it changes nothing and tells nothing.
TAKES_BACK = {
    "unlike-note", "uncollect-note", "unlike-comment", "unfollow-person", "unblock-person",
    "unmute-person", "revoke-token", "unpin-note", "unfollow-album", "unmute-thread",
}  # fmt: skip


@pytest.mark.parametrize("thing", ["draft", "for_followers"])
def test_a_stranger_gets_nowhere_with_what_they_may_not_see(things, charlie, thing):
    client, before = logged_in(charlie), contents()
    answers = requests(client, things, getattr(things, thing), NAMED.keys())
    assert allowed(answers, may=TAKES_BACK | FOR_EVERYBODY) == set()
    assert changed(before, contents()) == {}


def test_a_visitor_changes_nothing_at_all(things):
    before = contents()
    for note in (things.draft, things.for_followers, things.public):
        answers = list(requests(Client(), things, note, NAMED.keys()))
        posts = [row for row in answers if row[1] == "POST"]
        assert allowed(posts) == set()
    assert changed(before, contents()) == {}


def test_a_follower_may_read_and_react_but_not_act_as_the_author(things, bob):
    note, client = things.for_followers, logged_in(bob)
    before = contents()
    owners = NAMED.keys() - READERS_MAY - ABOUT_PEOPLE
    answers = list(requests(client, things, note, owners))
    assert allowed(answers, may=TAKES_BACK | FOR_EVERYBODY) == set()
    assert {"edit-note", "delete-note", "save-draft", "pool", "delete-comment"} <= owners
    assert changed(before, contents()) == {}
    sent = client.post(f"/notes/{note.pk}/pictures/", {"picture": b"x"})
    assert sent.status_code in REFUSED
    assert changed(before, contents()) == {}


def test_the_owner_is_let_in_where_others_are_not(things, alice):
    """The control: the same addresses are good ones."""
    answers = list(requests(logged_in(alice), things, things.draft, {"edit-note", "note"}))
    assert {(n, m) for n, m, a in answers if a.status_code < 400} >= {
        ("edit-note", "GET"), ("note", "GET")
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["note", "author", "tag", "channel"])
def test_less_of_what_one_may_not_see_is_not_noted(things, charlie, kind):
    client, before = logged_in(charlie), contents()
    target = {"note": things.draft.pk, "author": things.dora.pk}.get(kind, 999_999)
    answer = client.post("/less/", {"kind": kind, "target": target})
    assert answer.status_code == 404
    assert changed(before, contents()) == {}


def test_events_about_what_one_may_not_see_are_not_taken_in(things, charlie):
    client, before = logged_in(charlie), contents()
    rows = [{"note": things.draft.pk, "kind": "open"}, {"note": things.draft.pk, "kind": "dwell"}]
    answer = client.post(
        "/events/", {"events": rows}, content_type="application/json",
        headers={"Sec-Fetch-Site": "same-origin"},
    )  # fmt: skip
    assert answer.json() == {"seen": 0, "delivered": 0, "events": 0}
    assert changed(before, contents()) == {}


def test_reports_about_what_one_may_not_see_are_not_taken(things, charlie):
    client, before = logged_in(charlie), contents()
    for body in ({"note": things.draft.pk}, {"comment": things.comment.pk}):
        sent = client.post("/report/", body | {"reason": "spam"})
        assert sent.status_code == 404
    assert changed(before, contents()) == {}
