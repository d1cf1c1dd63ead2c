"""The pool page while it is open: what moved, 304 where nothing did, and nobody else's business."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feeds import pool_delivery, pool_keeper
from feeds.models import PoolEntry
from feeds.qualification import Sight
from feeds.tokens import ServedCard
from feeds.trust.weights import WHOLE

# Who asks and may, where it stands, its steps, the gate, the report, originals, covers, pressure.
MOST = 20


@pytest.fixture
def note(bob, make_note, work_off):
    note = make_note(bob)
    work_off()
    PoolEntry.objects.update(promised=100, delivered=0)
    return note


@pytest.fixture
def ask(client, bob, note):
    """What the open page of the author asks for; `etag` is what it shows."""
    client.force_login(bob)

    def ask(etag="", **headers):
        told = {"HX-Request": "true", "If-None-Match": etag} | headers
        return client.get(f"/notes/{note.pk}/pool/", headers=told)

    return ask


def seen_by(person, note):
    now = timezone.now()
    sight = Sight(ServedCard(note.pk, 0, "pool0"), note.author_id, WHOLE, now)
    assert pool_delivery.confirm([sight], viewer_id=person.pk, now=now) == 1


def test_nothing_is_sent_twice_and_what_moved_is(ask, note, charlie, client):
    page = client.get(f"/notes/{note.pk}/pool/")
    shown = page.context["etag"]
    assert f'data-etag="{shown.replace(chr(34), "&quot;")}"' in page.content.decode()
    same = ask(shown)
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", shown)
    seen_by(charlie, note)
    moved = ask(shown)
    assert moved.status_code == 200
    assert moved["ETag"] != shown
    assert "1 of 100 promised views delivered" in moved.content.decode()
    assert ask(moved["ETag"]).status_code == 304


def test_only_what_moves_is_sent(ask, client, note):
    part, page = ask().content.decode(), client.get(f"/notes/{note.pk}/pool/").content.decode()
    assert part in page
    for heading in ("The ladder", "In pool P0", "What was decided"):
        assert heading in part
    assert 'id="quality"' in page
    for kept in ("<html", "<form", 'id="quality"', "csrfmiddlewaretoken"):
        assert kept not in part


def test_each_person_and_language_has_an_answer_of_its_own(ask, client, note):
    shown = ask()["ETag"]
    for answer in (ask(), ask(shown)):
        assert set(answer["Cache-Control"].split(", ")) == {"private", "no-cache"}
        assert {"HX-Request", "Cookie", "Accept-Language"} <= set(answer["Vary"].split(", "))
    page = client.get(f"/notes/{note.pk}/pool/")
    assert page["Cache-Control"] == "private, no-store"
    assert "HX-Request" in page["Vary"]
    note.author.profile.language = "zh-hans"
    note.author.profile.save()
    assert ask(shown).status_code == 200


def test_minutes_that_pass_are_news_to_the_page(ask, note, monkeypatch):
    PoolEntry.objects.update(delivered=100, due_at=timezone.now() + timedelta(minutes=10))
    shown = ask()["ETag"]
    later = timezone.now() + timedelta(minutes=2)
    monkeypatch.setattr("feeds.views.pool.timezone.now", lambda: later)
    assert ask(shown).status_code == 200


def test_a_note_at_rest_says_so(ask, note):
    assert b"data-rests" not in ask().content
    PoolEntry.objects.update(delivered=100, due_at=timezone.now())
    pool_keeper.advance(now=timezone.now())
    assert PoolEntry.objects.get().state == "settled"
    assert b"data-rests" in ask().content


def test_nobody_else_learns_anything(ask, note, alice, client):
    shown = ask()["ETag"]
    client.force_login(alice)
    assert ask(shown).status_code == 403
    client.logout()
    refused = ask(shown)
    assert (refused.content, "HX-Redirect" in refused.headers) == (b"", True)
    client.force_login(note.author)
    note.delete()
    assert ask(shown).status_code == 404


def test_asking_costs_few_statements(ask):
    ask()  # what processes remember is remembered
    with CaptureQueriesContext(connection) as captured:
        shown = ask()["ETag"]
    asked = [query["sql"] for query in captured.captured_queries]
    assert len(asked) <= MOST, "\n".join(asked)
    with CaptureQueriesContext(connection) as again:
        assert ask(shown).status_code == 304
    assert len(again.captured_queries) == len(asked)
