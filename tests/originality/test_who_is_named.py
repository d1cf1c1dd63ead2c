"""The original is named to the copy's author only while they may see it; a draft writes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.services import block_user
from community.models import Note
from community.originality.models import Likeness
from community.originality.reading import look_at_draft, originals_of
from tests.rows import changed, contents

SECRET_TITLE = "Ash glaze from the orchard"


@pytest.fixture
def browser():
    def of(person):
        client = Client()
        client.force_login(person, backend="accounts.backends.PersonBackend")
        return client

    return of


@pytest.fixture
def original(alice, make_note, text, settle):
    note = make_note(alice, title=SECRET_TITLE, body=text, ago=timedelta(hours=5))
    settle()
    return note


def hide(original, alice, charlie):
    Note.objects.filter(pk=original.pk).update(hidden_at=timezone.now())


def for_followers(original, alice, charlie):
    Note.objects.filter(pk=original.pk).update(visibility="followers")


def block(original, alice, charlie):
    block_user(blocker=alice, blocked=charlie)


def suspend(original, alice, charlie):
    type(alice).objects.filter(pk=alice.pk).update(is_active=False)


def pages_of(browser, person, copy, text):
    """Everything that speaks of likeness: pool page, report before publishing, the interface."""
    client = browser(person)
    typed = {"title": "Mine", "body": text, "visibility": "public", "channel": "pottery"}
    return {
        "pool page": client.get(f"/notes/{copy.pk}/pool/").content.decode(),
        "pool": client.get(f"/api/v1/notes/{copy.pk}/pool/").content.decode(),
        "report": client.post("/compose/quality/", typed).content.decode(),
        "page": client.get(f"/notes/{copy.pk}/quality/").content.decode(),
        "interface": client.get(f"/api/v1/notes/{copy.pk}/quality/").content.decode(),
    }


def test_an_original_that_everybody_sees_is_named(
    browser, charlie, original, make_note, text, settle
):
    copy = make_note(charlie, title="Mine", body=text)
    settle()
    for name, html in pages_of(browser, charlie, copy, text).items():
        assert SECRET_TITLE in html, name
        assert "alice" in html, name


@pytest.mark.parametrize("withdraw", [hide, for_followers, block, suspend])
def test_one_that_its_copier_may_not_see_is_told_without_its_name(
    browser, alice, charlie, original, make_note, text, settle, withdraw
):
    copy = make_note(charlie, title="Mine", body=text)
    settle()
    withdraw(original, alice, charlie)
    assert Likeness.objects.filter(note=copy).exists()
    for name, html in pages_of(browser, charlie, copy, text).items():
        assert SECRET_TITLE not in html, name
        assert "alice" not in html, name
        assert f"/notes/{original.pk}/" not in html, name
        assert "an earlier note that you cannot see" in html, name


def test_a_private_note_gives_no_sign_of_itself(browser, alice, charlie, make_note, text, settle):
    make_note(alice, title=SECRET_TITLE, body=text, visibility="private")
    settle()
    answer = browser(charlie).post("/compose/quality/", {"title": "Mine", "body": text})
    assert "No earlier note is like it." in answer.content.decode()


def test_a_draft_is_looked_at_without_a_trace(alice, bob, original, text, make_note):
    draft = make_note(bob, title="Mine", body=text, publish=False)
    before = contents()
    repeats, originals = look_at_draft(
        author=bob, note_id=draft.pk, title="Mine", body=text, images=[], now=timezone.now()
    )
    assert repeats.text > 0.9
    assert not repeats.text_is_own
    assert [found.note for found in originals] == [original]
    assert not changed(before, contents())


def test_editing_a_note_is_not_likened_to_itself(alice, original, text):
    repeats, originals = look_at_draft(
        author=alice, note_id=original.pk, title=SECRET_TITLE, body=text, images=[],
        now=timezone.now(),
    )  # fmt: skip
    assert repeats.text == 0
    assert originals == originals_of(original, viewer=alice) == []


def test_a_draft_with_somebody_elses_picture_is_told(
    alice, bob, make_note, add_ready_picture, settle
):
    first, draft = make_note(alice, ago=timedelta(hours=5)), make_note(bob, publish=False)
    add_ready_picture(first, "f0e1d2c3b4a59687")
    from community.originality.services import keep_current

    keep_current([first.pk], now=timezone.now())
    mine = add_ready_picture(draft, "f0e1d2c3b4a59684")
    repeats, originals = look_at_draft(
        author=bob, note_id=draft.pk, title="", body="", images=[mine], now=timezone.now()
    )
    assert repeats.pictures == 1
    assert [found.note for found in originals] == [first]
