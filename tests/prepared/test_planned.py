"""On PostgreSQL: plans that a connection keeps, and statements with their constants in them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from accounts.prepared import Prepared
from community.models import Note

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps no plans"),
]
# More than a connection is asked before it keeps a plan.
OFTEN = 8


def mine() -> Prepared:
    return Prepared(
        lambda author, title: Note.objects.filter(
            author=author, title__startswith=title, body__contains="50%_ of it", hidden_at=None
        ).values_list("pk", flat=True),
        int,
        str,
    )


def kept() -> list[tuple[str, list[str]]]:
    """Statement and types of what this connection keeps a plan of, of notes' bodies."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT statement, parameter_types::text[] FROM pg_prepared_statements"
            " WHERE statement LIKE %s",
            ["%of it%"],
        )
        return list(cursor.fetchall())


@pytest.fixture
def notes(alice: Any, make_note: Any) -> list[int]:
    note = make_note(alice, "Glaze", body="It takes 50%_ of it")
    make_note(alice, "Glaze", body="It takes 500 of it")
    return [note.pk]


def test_what_is_asked_often_has_one_plan_however_large_the_numbers(
    alice: Any, notes: list[int]
) -> None:
    found = mine()
    for number in range(OFTEN):
        assert found(alice.pk, "Gl") == notes
        assert found(10 ** (8 + number), "Gl") == []
    [(statement, types)] = kept()
    assert "50" in statement  # a constant is no parameter
    assert types[0] == "bigint"


def test_behind_a_pooler_nothing_is_kept(
    alice: Any, notes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(connection.settings_dict["OPTIONS"], "prepare_threshold")
    found = mine()
    for _ in range(OFTEN):
        assert found(alice.pk, "Gl") == notes
    assert kept() == []
