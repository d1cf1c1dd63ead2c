"""The relay when the broker is away: its heart beats, the jobs wait, the next line is a new one."""

import pytest
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
    worker = relay.Relay(bell)
    rounds = iter(range(4))

    def wait(_seconds: float) -> bool:
        """Look three times, without pauses."""
        return _seconds == relay.LOOK_EVERY and next(rounds, 3) == 3

    monkeypatch.setattr(worker._stop, "wait", wait)
    monkeypatch.setattr(relay.connection, "close", lambda: None)
    worker._run(bell)
    assert bell.rung == [("line 1", False), ("line 2", False), ("line 3", False)]
    assert [record.getMessage() for record in caplog.records] == [
        "The broker is away (OperationalError); the jobs wait."
    ] * 2
    assert Heartbeat.objects.filter(name="worker").exists()
    assert Job.objects.get().state == Job.State.READY
