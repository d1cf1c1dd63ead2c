"""The relay when the broker or the database is away: the jobs wait, and it is said once."""

import pytest
from django.db import ProgrammingError
from kombu.exceptions import OperationalError

from community.outbox import jobs, relay
from community.outbox.models import Heartbeat, Job

pytestmark = pytest.mark.django_db


class Bell:
    """In the place of the Celery application: away for the first rings."""

    def __init__(self, away_for: int) -> None:
        self.away_for, self.lines, self.rung = away_for, 0, []
        self.amqp = type("Amqp", (), {"queues": type("Queues", (), {"consume_from": ()})})

    def connection_for_write(self) -> str:
        self.lines += 1
        return f"line {self.lines}"

    def send_task(self, name: str, *, connection: str, retry: bool, **told: object) -> None:
        self.rung.append((connection, retry))
        if len(self.rung) <= self.away_for:
            raise OperationalError("refused")


@pytest.fixture
def waiting(monkeypatch):
    monkeypatch.setattr(jobs, "HANDLERS", {})
    jobs.handler("test.wait")(lambda: None)
    jobs.enqueue("test.wait")


def test_each_bell_is_tried_once_and_over_another_line_after_it_failed(
    waiting, monkeypatch, caplog
) -> None:
    bell = Bell(away_for=2)
    look(bell, 3, monkeypatch)
    assert bell.rung == [("line 1", False), ("line 2", False), ("line 3", False)]
    assert [record.getMessage() for record in caplog.records] == [
        "The broker is away (OperationalError); the jobs wait."
    ]
    assert Heartbeat.objects.filter(name="worker").exists()
    assert Job.objects.get().state == Job.State.READY


def test_a_database_without_its_tables_is_waited_for_and_each_absence_is_said_once(
    waiting, monkeypatch, caplog
) -> None:
    looks = iter(["gone", "gone", "there", "gone", "gone", "there"])
    found = jobs.queues_with_work

    def look_for_work(now):
        if next(looks) == "gone":
            raise ProgrammingError("no such table") from LookupError("no such table")
        return found(now)

    monkeypatch.setattr(jobs, "queues_with_work", look_for_work)
    bell = Bell(away_for=0)
    look(bell, 6, monkeypatch)
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "The database is away (LookupError); the jobs wait.")
    ] * 2
    assert not any(record.exc_info for record in caplog.records)
    assert bell.rung


def look(bell: Bell, times: int, monkeypatch) -> None:
    """Let a relay look so many times, without pauses."""
    worker, rounds = relay.Relay(bell), iter(range(times))

    def wait(seconds: float) -> bool:
        return seconds == relay.LOOK_EVERY and next(rounds, None) is None

    monkeypatch.setattr(worker._stop, "wait", wait)
    monkeypatch.setattr(relay.connection, "close", lambda: None)
    worker._run(bell)
