"""Task processes keep what they are connected by, and let go of what broke."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from celery.fixups.django import DjangoWorkerFixup
from celery.signals import task_postrun, task_prerun
from django.db import connection

from community.celery import app

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each time that the connection is closed."""
    connection.ensure_connection()
    times: list[str] = []
    monkeypatch.setattr(connection, "close", lambda: times.append("closed"))
    return times


def go_through(*, eager: bool = False) -> None:
    task: Any = SimpleNamespace(request=SimpleNamespace(is_eager=eager), name="outbox.work_off")
    for signal in (task_prerun, task_postrun):
        answers = signal.send(sender=None, task_id="one", task=task)
        assert not [answer for _receiver, answer in answers if isinstance(answer, Exception)]


def test_celery_itself_closes_nothing(closed: list[str]) -> None:
    fixup = DjangoWorkerFixup(app)
    for _task in range(50):
        fixup.close_database()
    assert closed == []


@pytest.mark.parametrize(
    ("eager", "usable", "expected"),
    [(False, True, []), (False, False, ["closed"]), (True, False, [])],
)
def test_before_a_task_one_that_broke_is_closed(
    closed: list[str],
    monkeypatch: pytest.MonkeyPatch,
    eager: bool,
    usable: bool,
    expected: list[str],
) -> None:
    monkeypatch.setattr(connection, "errors_occurred", True)
    monkeypatch.setattr(connection, "is_usable", lambda: usable)
    monkeypatch.setattr(connection, "get_autocommit", lambda: True)
    go_through(eager=eager)
    assert closed == expected
