"""Queries made once: the same rows as the queryset gives, whatever they are asked with."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, router, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.prepared import Ids, Prepared, PreparedUpdate, these
from community.models import Note

pytestmark = pytest.mark.django_db


def test_rows_are_those_of_the_queryset_with_python_values(
    alice: User, bob: User, make_note: Any
) -> None:
    columns = ("pk", "author_id", "published_at", "body")
    notes = [make_note(author=alice), make_note(author=alice), make_note(author=bob)]
    of_author = Prepared(
        lambda author: Note.objects.filter(author=author).order_by("pk").values_list(*columns), int
    )
    for author in (alice, bob, alice):
        expected = Note.objects.filter(author=author).order_by("pk").values_list(*columns)
        assert of_author(author.pk) == list(expected)
    assert of_author.first(bob.pk)[0] == notes[2].pk
    assert of_author(bob.pk + 1_000_000) == []
    assert of_author.first(bob.pk + 1_000_000) is None


def test_times_ids_and_words_may_be_asked_with(alice: User, make_note: Any) -> None:
    now = timezone.now()
    notes = [make_note(author=alice, title=title) for title in ("早", "late", 'it\'s "quoted" %s')]
    Note.objects.filter(pk=notes[0].pk).update(published_at=now - timedelta(days=3))
    asked = Prepared(
        lambda ids, since, title: Note.objects.filter(pk__in=ids, published_at__gt=since)
        .exclude(title=title)
        .order_by("pk")
        .values_list("pk", flat=True),
        Ids, datetime, str,
    )  # fmt: skip
    every = [note.pk for note in notes]
    assert asked(every, now - timedelta(days=9), "late") == [every[0], every[2]]
    assert asked(every, now - timedelta(days=1), 'it\'s "quoted" %s') == [every[1]]
    assert asked([], now - timedelta(days=9), "") == []
    assert asked(set(every[2:]) | {0, -5, 2**62}, now - timedelta(days=9), "") == every[2:]


def test_any_number_of_ids_is_one_parameter(alice: User, make_note: Any) -> None:
    note = make_note(author=alice)
    many = range(note.pk, note.pk + 50_000)
    with CaptureQueriesContext(connection) as asked:
        assert list(Note.objects.filter(pk__in=these(many)).values_list("pk", flat=True)) == [
            note.pk
        ]
    assert len(asked) == 1


def test_composing_happens_once(alice: User) -> None:
    made = []

    def make(author: Any) -> Any:
        made.append(author)
        return Note.objects.filter(author=author).values_list("pk", flat=True)

    query = Prepared(make, int)
    for _ in range(3):
        query(alice.pk)
    assert len(made) == 1


def test_what_cannot_be_prepared_is_refused() -> None:
    with pytest.raises(TypeError, match="values_list"):
        Prepared(lambda: Note.objects.all())()
    with pytest.raises(TypeError, match="not in the query"):
        Prepared(lambda author: Note.objects.values_list("pk"), int)(1)


def test_where_to_read_is_asked_anew_each_time(
    alice: User, make_note: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A replica that one request reads may be behind what the next one has written."""
    make_note(author=alice)
    of_author = Prepared(
        lambda author: Note.objects.filter(author=author).values_list("pk", flat=True), int
    )
    expected, asked = of_author(alice.pk), []
    monkeypatch.setattr(router, "db_for_read", lambda model: asked.append(model) or "default")
    assert of_author(alice.pk) == expected
    assert asked == [Note]


def test_rows_are_changed_as_an_update_would_change_them(alice: User, make_note: Any) -> None:
    notes = [make_note(author=alice, title="a") for _ in range(3)]
    now = timezone.now()
    mark = PreparedUpdate(
        lambda ids, words, at: (
            Note.objects.filter(pk__in=ids, edited_at=None),
            {
                "title": Concat(F("title"), Value("-"), words),
                "revision": F("revision") + 1,
                "edited_at": at,
            },
        ),
        Ids, str, datetime,
    )  # fmt: skip
    before = notes[0].revision
    assert mark([notes[0].pk, notes[1].pk, 2**60], "100 %s", now) == 2
    assert mark([notes[0].pk], "again", now) == 0
    assert mark([], "nobody", now) == 0
    rows = Note.objects.order_by("pk").values_list("title", "revision", "edited_at")
    assert list(rows) == [("a-100 %s", before + 1, now)] * 2 + [("a", before, None)]


def test_what_cannot_be_prepared_is_said_at_once(alice: User) -> None:
    joined = PreparedUpdate(
        lambda name: (Note.objects.filter(author__username=name), {"title": ""}), str
    )
    with pytest.raises(TypeError, match="one table"):
        joined("alice")
    with pytest.raises(TypeError, match="not in the query"):
        PreparedUpdate(lambda _pk: (Note.objects.all(), {"title": ""}), int)(1)


def test_rows_can_be_held_and_are_of_the_database_that_is_written(
    alice: User, make_note: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    note, asked = make_note(author=alice), []
    monkeypatch.setattr(router, "db_for_write", lambda model, **_: asked.append(model) or "default")
    held = Prepared(
        lambda pk: Note.objects.filter(pk=pk).select_for_update(no_key=True).values_list("pk"), int
    )
    with transaction.atomic(), CaptureQueriesContext(connection) as said:
        assert held(note.pk) == [(note.pk,)]
    assert Note in asked
    if connection.features.has_select_for_update:
        assert "FOR NO KEY UPDATE" in said.captured_queries[-1]["sql"]
