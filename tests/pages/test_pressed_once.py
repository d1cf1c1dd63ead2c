"""A form pressed twice: where the second press leads, and what is another press."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from community import pressed_once
from community.albums.models import Album
from community.models import Comment, IdempotentAnswer, Note

MARK = "x" * 64


@pytest.fixture
def client(client, alice):
    client.force_login(alice, backend="accounts.backends.PersonBackend")
    return client


def say(client, note, body, mark=MARK, **headers):
    typed = {"body": body, pressed_once.MARK: mark}
    return client.post(f"/notes/{note.pk}/comments/", typed, headers=headers)


def test_the_second_press_leads_where_the_first_did(client, make_note, bob):
    note = make_note(bob, "Bowl")
    first, second = say(client, note, "Lovely"), say(client, note, "Lovely")
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.url == second.url
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "mark"), [("Lovely indeed", MARK), ("Lovely", "y" * 64)], ids=["words", "drawing"]
)
def test_other_words_or_another_drawing_are_another_press(client, make_note, bob, body, mark):
    note = make_note(bob, "Bowl")
    say(client, note, "Lovely")
    say(client, note, body, mark)
    assert Comment.objects.count() == 2


def test_the_same_words_under_another_note_are_another_press(client, make_note, bob):
    for title in ("Bowl", "Cup"):
        say(client, make_note(bob, title), "Lovely")
    assert Comment.objects.count() == 2


def test_a_part_of_a_page_is_drawn_anew(client, make_note, bob):
    """htmx got no answer: what was written is there, so the page shows it."""
    note = make_note(bob, "Bowl")
    say(client, note, "Lovely", HX_Request="true")
    again = say(client, note, "Lovely", HX_Request="true")
    assert again.headers["HX-Refresh"] == "true"
    assert Comment.objects.count() == 1


def test_what_was_refused_may_be_pressed_again(client, make_note, bob, monkeypatch):
    note = make_note(bob, "Bowl")
    assert say(client, note, "").status_code == 400
    assert not IdempotentAnswer.objects.exists()
    assert say(client, note, "").status_code == 400


def test_a_mistake_of_ours_frees_the_press(client, make_note, bob, monkeypatch):
    note = make_note(bob, "Bowl")
    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr("community.services.comments.add_comment", lambda **_: 1 / 0)
        assert say(client, note, "Lovely").status_code == 500
    assert say(client, note, "Lovely").status_code == 303
    assert Comment.objects.count() == 1


def test_words_kept_in_spite_of_a_refusal_are_not_kept_twice(client):
    """Planned for yesterday: the draft is there, and a second press shows that draft."""
    typed = {
        "title": "Bowl", "body": "Blue", "visibility": "public", "act": "schedule",
        "publish_at": "2001-01-01T10:00", pressed_once.MARK: MARK,
    }  # fmt: skip
    first = client.post("/compose/", typed)
    assert first.status_code == 400
    again = client.post("/compose/", typed)
    note = Note.objects.get()
    assert (again.status_code, again.url) == (303, f"/notes/{note.pk}/edit/")


def test_an_edit_that_is_refused_shows_what_was_typed_each_time(client, alice, make_note):
    """Nothing of it was kept: to be led to the note as it stands would lose the words."""
    note = make_note(alice, "Bowl")
    typed = {"title": "x" * 500, "body": "Long thought of", pressed_once.MARK: MARK}
    for _press in range(2):
        answer = client.post(f"/notes/{note.pk}/edit/", typed)
        assert answer.status_code == 400
        assert "Long thought of" in answer.content.decode()


def test_a_press_that_takes_longer_than_one_waits_is_told(client, alice, monkeypatch):
    """The first press is at work in another process: its row is there, without an end."""
    monkeypatch.setattr(pressed_once, "LONGEST_WAIT", 0.0)
    monkeypatch.setattr(pressed_once, "_claim", lambda *_: None)
    monkeypatch.setattr(pressed_once, "key_of", lambda _: "=held")
    IdempotentAnswer.objects.create(person=alice, key="=held", created_at=timezone.now())
    answer = client.post("/albums/new/", {"title": "Cups", pressed_once.MARK: MARK})
    assert answer.status_code == 409
    assert "done already" in answer.content.decode()


def test_a_press_whose_process_was_killed_is_free_after_a_minute(client, alice, monkeypatch):
    monkeypatch.setattr(pressed_once, "key_of", lambda _: "=held")
    before = timezone.now() - pressed_once.GIVEN_UP_AFTER - timedelta(seconds=1)
    IdempotentAnswer.objects.create(person=alice, key="=held", created_at=before)
    typed = {"title": "Cups", "visibility": "public", "order": "newest", pressed_once.MARK: MARK}
    assert client.post("/albums/new/", typed).status_code == 303
    assert Album.objects.count() == 1
