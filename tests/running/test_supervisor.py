"""The loop that restarts, gives up and stops: with small scripts in the place of the services."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from community.runner import supervisor as loop
from community.runner.services import Service
from community.runner.sessions import lives, members
from community.runner.supervisor import KeepsDying, Supervisor
from community.runner.undertaker import Undertaker, listen

WAIT_SECONDS = 30.0

WRITES_ITS_NAME = """
import os, sys, time
with open(sys.argv[1], "a") as lives:
    lives.write(f"{os.getpid()}\\n")
"""
SLEEPS = WRITES_ITS_NAME + "time.sleep(600)\n"
SAYS_WHEN_IT_STOPS = """
import os, signal, sys, time
def stop(*_):
    with open(sys.argv[1], "a") as order:
        order.write(os.path.basename(sys.argv[2]) + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
open(sys.argv[2], "w").close()
time.sleep(600)
"""
LEAVES_A_CHILD = """
import os, signal, sys, time
if os.fork() == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with open(sys.argv[1], "w") as file:
        file.write(str(os.getpid()))
time.sleep(600)
"""


@pytest.fixture
def undertaker() -> Iterator[Undertaker]:
    one = Undertaker()
    yield one
    one.dismiss()


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "LONGEST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(loop, "LEFTOVER_SECONDS", 0.2)


def script(name: str, code: str, *arguments: Path) -> Service:
    return Service(name, [sys.executable, "-c", code, *map(str, arguments)], stop_seconds=5)


def run_until(done: Callable[[], bool], undertaker: Undertaker, *services: Service) -> None:
    """Run a supervisor over these services; ask it to stop as soon as `done`."""
    one = Supervisor(list(services), dict(os.environ), undertaker)
    give_up = time.monotonic() + WAIT_SECONDS

    def look() -> None:
        assert time.monotonic() < give_up, "it never happened"
        one.wishes.stop = done()

    one.run(on_look=look)


def lines_of(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


def test_a_killed_service_is_started_again(tmp_path: Path, undertaker: Undertaker) -> None:
    """More often than would be allowed if it died by itself: a kill -9 comes from outside."""
    started = tmp_path / "started"
    one = Supervisor([script("worker", SLEEPS, started)], dict(os.environ), undertaker)
    give_up = time.monotonic() + WAIT_SECONDS

    def kill_each_life_once() -> None:
        assert time.monotonic() < give_up
        running, pids = one.watches[0].running, lines_of(started)
        one.wishes.stop = len(pids) > loop.QUICK_DEATHS_ALLOWED + 1
        if running and pids and int(pids[-1]) == running.process.pid:
            running.signal(signal.SIGKILL)

    one.run(on_look=kill_each_life_once)
    assert not any(lives(int(pid)) for pid in lines_of(started))


def test_a_service_that_dies_after_it_worked_is_started_again_however_often(
    tmp_path: Path, undertaker: Undertaker
) -> None:
    deaths = tmp_path / "deaths"
    enough = 2 * loop.QUICK_DEATHS_ALLOWED
    worked = replace(script("web", WRITES_ITS_NAME + "sys.exit(1)", deaths), works=lambda: True)
    run_until(lambda: len(lines_of(deaths)) >= enough, undertaker, worked)
    assert len(lines_of(deaths)) >= enough


def test_a_service_that_keeps_dying_stops_everything_with_its_last_words(
    tmp_path: Path, undertaker: Undertaker
) -> None:
    deaths, other = tmp_path / "deaths", tmp_path / "other"
    dies = script("web", WRITES_ITS_NAME + "sys.exit('the pool has run dry')", deaths)
    with pytest.raises(KeepsDying, match=r"(?s)web.*5 times.*the pool has run dry"):
        run_until(lambda: False, undertaker, dies, script("worker", SLEEPS, other))
    assert len(lines_of(deaths)) == loop.QUICK_DEATHS_ALLOWED
    assert not any(lives(int(pid)) for pid in lines_of(other))


def test_beat_stops_first_then_web_then_the_worker(tmp_path: Path, undertaker: Undertaker) -> None:
    order = tmp_path / "order"
    names = ["worker", "web", "beat"]
    services = [script(name, SAYS_WHEN_IT_STOPS, order, tmp_path / name) for name in names]
    run_until(lambda: all((tmp_path / name).exists() for name in names), undertaker, *services)
    assert lines_of(order) == ["beat", "web", "worker"]


def test_a_child_that_ignores_the_signal_does_not_outlive_its_service(
    tmp_path: Path, undertaker: Undertaker
) -> None:
    child = tmp_path / "child"
    service = script("worker", LEAVES_A_CHILD, child)
    run_until(lambda: bool(lines_of(child)), undertaker, service)
    assert not lives(int(child.read_text()))


def test_a_killed_undertaker_is_replaced(tmp_path: Path, undertaker: Undertaker) -> None:
    started = tmp_path / "started"
    one = Supervisor([script("worker", SLEEPS, started)], dict(os.environ), undertaker)
    os.kill(undertaker.pid, signal.SIGKILL)
    give_up = time.monotonic() + WAIT_SECONDS

    def look() -> None:
        assert time.monotonic() < give_up
        one.wishes.stop = one.undertaker.pid != undertaker.pid

    one.run(on_look=look)
    assert not one.undertaker.has_died()
    one.undertaker.dismiss()


def test_the_undertaker_ends_what_is_watched_when_the_pipe_closes() -> None:
    assert listen(iter(["+10\n", "+20\n", "-10\n"])) == {20}


def test_the_undertaker_does_nothing_after_a_farewell() -> None:
    assert listen(iter(["+10\n", "farewell\n"])) == set()


def test_a_session_without_anybody_has_no_members() -> None:
    assert os.getpid() in members(os.getsid(0))
    assert members(2**22 + 1) == []
