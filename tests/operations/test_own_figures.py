"""A worker's own port: the counters for who has the token, and for others nothing."""

from __future__ import annotations

import os
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from community.operations import counters, own_figures
from community.operations.own_figures import Door, OwnFigures

from .test_metrics import TOKEN, samples


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@pytest.fixture
def door(port: int, settings: Any) -> Iterator[Door]:
    settings.METRICS_TOKEN = "a-long-secret"
    opened = Door(port)
    threading.Thread(target=opened.open, daemon=True).start()
    wait_until(lambda: opened._listener is not None)
    yield opened
    opened.close()


def wait_until(happened: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < give_up
        time.sleep(0.01)


def ask(
    port: int, path: str = "/metrics", *, method: str = "GET", **headers: str
) -> tuple[int, bytes]:
    address = f"http://127.0.0.1:{port}{path}"
    try:
        with urllib.request.urlopen(
            urllib.request.Request(address, method=method, headers=headers), timeout=10
        ) as said:
            return said.status, said.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_what_was_counted_is_told_to_who_has_the_token(door: Door) -> None:
    counters.count_job(kind="tide", queue="own figures", well=True, seconds=0.1)
    status, text = ask(door.port, "/metrics?x=1", **TOKEN)
    assert status == 200
    found = samples(text)
    assert found[("rockpool_jobs_total", "tide", "done")] >= 1
    assert found[("rockpool_job_seconds_count", "own figures")] >= 1
    # What stands in the database the web tells, and only once.
    assert not [name for name, *_ in found if "queue_jobs" in name or "silent" in name]


def test_for_others_there_is_nothing(door: Door, settings: Any) -> None:
    for given in ({}, {"Authorization": "Bearer"}, {"Authorization": "Bearer a-long-secret2"}):
        assert ask(door.port, **given) == (404, b"")
    for path in ("/", "/metrics/", "/healthz", "//metrics"):
        assert ask(door.port, path, **TOKEN) == (404, b"")
    assert ask(door.port, method="POST", **TOKEN)[0] == 404
    settings.METRICS_TOKEN = ""
    assert ask(door.port, Authorization="Bearer ")[0] == 404
    settings.METRICS_NETWORKS = ["127.0.0.0/8"]
    assert ask(door.port)[0] == 200
    # Nobody stands in front of this port: what is said of others' addresses is not believed.
    settings.METRICS_NETWORKS, settings.TRUSTED_PROXIES = ["10.0.0.0/8"], 1
    assert ask(door.port, **{"X-Forwarded-For": "10.0.0.1"})[0] == 404


@pytest.mark.parametrize(
    "said",
    [b"", b"GET /metrics", b"\r\n\r\n", b"\x00\xff \r\n\r\n", b"GET\r\n:\r\n\r\n", b"x" * 100_000],
)
def test_what_is_no_request_harms_nobody(door: Door, said: bytes) -> None:
    with socket.create_connection(("127.0.0.1", door.port), timeout=10) as caller:
        try:
            caller.sendall(said)
            caller.shutdown(socket.SHUT_WR)
            assert b" 200 " not in caller.recv(1_000)
        except OSError:
            pass  # cut off while it was still talking
    assert ask(door.port, **TOKEN)[0] == 200


def test_those_who_say_a_byte_now_and_then_are_sent_away(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_figures, "SECONDS", 0.5)
    slow = [socket.create_connection(("127.0.0.1", door.port)) for _ in range(9)]
    over = threading.Event()

    def drip() -> None:
        while not over.wait(0.1):
            for caller in slow:
                try:
                    caller.send(b"x")
                except OSError:
                    pass

    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        # Nine at four places: three rounds at most.
        started = time.monotonic()
        assert ask(door.port, **TOKEN)[0] == 200
        assert time.monotonic() - started < 5
    finally:
        over.set()
        dripping.join()
        for caller in slow:
            caller.close()


def test_a_port_that_somebody_has_is_taken_when_they_go(
    port: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Two workers of one machine: the one that is there tells for both."""
    monkeypatch.setattr(own_figures, "TRY_AGAIN_SECONDS", 0.05)
    first, second = Door(port), Door(port)
    threading.Thread(target=first.open, daemon=True).start()
    wait_until(lambda: first._listener is not None)
    threading.Thread(target=second.open, daemon=True).start()
    time.sleep(0.3)
    assert second._listener is None
    assert len([r for r in caplog.records if "cannot be told" in r.getMessage()]) == 1
    first.close()
    wait_until(lambda: second._listener is not None)
    assert ask(port)[0] == 404
    second.close()
    with pytest.raises(OSError):
        ask(port)


def test_a_task_process_that_is_forked_later_does_not_keep_the_port(door: Door) -> None:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.read(reading, 1)
        os._exit(0)
    try:
        door.close()
        with socket.create_server(("127.0.0.1", door.port)):
            pass
    finally:
        os.write(writing, b"x")
        os.waitpid(child, 0)
        os.close(reading)
        os.close(writing)


def test_a_worker_has_one_only_where_it_is_told_to(settings: Any, port: int) -> None:
    from community.celery import app

    assert OwnFigures in app.steps["worker"]
    assert not OwnFigures(None).include_if(None)
    settings.METRICS_PORT = port
    step = OwnFigures(None)
    assert step.include_if(None)
    step.start(None)
    wait_until(lambda: bool(step._door and step._door._listener))
    assert ask(port)[0] == 404
    step.stop(None)
    OwnFigures(None).stop(None)
