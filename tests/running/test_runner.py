"""`python -m community.runner` for real: a free port, a folder of its own, signals and kills."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
UP_WITHIN_SECONDS = 180.0
STOPPED_WITHIN_SECONDS = 20.0

pytestmark = pytest.mark.drill


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def ask(port: int, path: str = "/healthz") -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


class Rockpool:
    """A runner that was started, and every process that ever belonged to it."""

    def __init__(self, data: Path, port: int, *, within: Sequence[str] = (), **extra: str) -> None:
        self.port, self.data = port, data
        hidden = {"ROCKPOOL_ENV", "ROCKPOOL_DATA", "ROCKPOOL_SECRET_KEY", "DJANGO_SETTINGS_MODULE"}
        environment = {k: v for k, v in os.environ.items() if k not in hidden} | extra
        arguments = ["--port", str(port), "--data", str(data), "--no-demo"]
        self.process = subprocess.Popen(
            [*within, sys.executable, "-m", "community.runner", *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said: list[str] = []
        self.listener = threading.Thread(target=self._listen)
        self.listener.start()
        self.family: set[psutil.Process] = {psutil.Process(self.process.pid)}

    def _listen(self) -> None:
        assert self.process.stdout is not None
        self.said.extend(self.process.stdout)

    def wait_until(self, happened: Callable[[], object], seconds: float) -> None:
        give_up = time.monotonic() + seconds
        while not happened():
            self.meet_family()
            assert time.monotonic() < give_up, "".join(self.said)
            time.sleep(0.05)

    def wait_until_well(self) -> None:
        def is_well() -> bool:
            assert self.process.poll() is None, "".join(self.said)
            return ask(self.port)[0] == 200

        self.wait_until(is_well, UP_WITHIN_SECONDS)
        self.wait_until(lambda: len(self.named("celery")) >= 4, UP_WITHIN_SECONDS)

    def meet_family(self) -> None:
        try:
            self.family |= set(psutil.Process(self.process.pid).children(recursive=True))
        except psutil.NoSuchProcess:
            pass

    def named(self, word: str) -> list[psutil.Process]:
        """Living members of the family whose command has this word, eldest first."""
        self.meet_family()
        found = []
        for member in self.family:
            try:
                if is_alive(member) and word in member.cmdline():
                    found.append(member)
            except psutil.NoSuchProcess:
                continue
        return sorted(found, key=lambda member: member.create_time())

    def living(self) -> list[psutil.Process]:
        return [member for member in self.family if is_alive(member)]

    def end(self) -> None:
        """For the end of a test that failed: leave nothing behind."""
        self.meet_family()
        self.process.kill()
        for member in self.living():
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
        self.process.wait()
        self.listener.join()


def is_alive(member: psutil.Process) -> bool:
    """psutil compares the start time too, so a number given to somebody else is not mistaken."""
    try:
        return member.is_running() and member.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Rockpool]]:
    started: list[Rockpool] = []

    def one(name: str = "data 潮", **extra: str) -> Rockpool:
        started.append(Rockpool(tmp_path / name, free_port(), **extra))
        return started[-1]

    yield one
    for rockpool in started:
        rockpool.end()


def test_it_comes_up_stops_on_ctrl_c_and_leaves_nobody_behind(
    start: Callable[..., Rockpool],
) -> None:
    rockpool = start()
    rockpool.wait_until_well()
    assert len(rockpool.named("granian")) >= 2
    rockpool.process.send_signal(signal.SIGINT)
    assert rockpool.process.wait(STOPPED_WITHIN_SECONDS) == 0
    rockpool.listener.join()
    said = "".join(rockpool.said)
    assert f"http://localhost:{rockpool.port}/" in said
    assert "Traceback" not in said
    assert rockpool.living() == []
    assert {"db.sqlite3", "cache.sqlite3", "secret_key"} <= set(os.listdir(rockpool.data))


def test_a_killed_runner_leaves_nobody_behind_and_can_start_again_at_once(
    start: Callable[..., Rockpool],
) -> None:
    first = start()
    first.wait_until_well()
    first.meet_family()
    first.process.kill()
    again = start()
    again.wait_until_well()
    assert first.living() == []
    assert len(first.family) >= 8


def test_a_killed_web_server_is_back_before_long(start: Callable[..., Rockpool]) -> None:
    rockpool = start()
    rockpool.wait_until_well()
    main, *workers = rockpool.named("granian")
    main.kill()
    rockpool.wait_until(lambda: not any(map(is_alive, workers)), STOPPED_WITHIN_SECONDS)
    rockpool.wait_until_well()


@pytest.mark.letter("F4")
def test_a_reload_refuses_nobody(start: Callable[..., Rockpool]) -> None:
    rockpool = start()
    rockpool.wait_until_well()
    before = {member.pid for member in rockpool.named("granian")[1:]}
    answers = []
    rockpool.process.send_signal(signal.SIGHUP)

    def all_new() -> bool:
        answers.append(ask(rockpool.port)[0])
        return not before & {member.pid for member in rockpool.named("granian")}

    rockpool.wait_until(all_new, UP_WITHIN_SECONDS)
    assert set(answers) == {200}
    assert len(answers) > 10


def test_a_second_one_on_the_same_folder_is_refused(start: Callable[..., Rockpool]) -> None:
    first = start()
    first.wait_until_well()
    second = start()
    assert second.process.wait(UP_WITHIN_SECONDS) == 1
    second.listener.join()
    assert "Another Rockpool" in "".join(second.said)
    assert ask(first.port)[0] == 200


@pytest.mark.letter("F10")
def test_production_without_its_settings_is_one_paragraph(start: Callable[..., Rockpool]) -> None:
    rockpool = start(ROCKPOOL_ENV="production")
    assert rockpool.process.wait(UP_WITHIN_SECONDS) not in (0, None)
    rockpool.listener.join()
    said = "".join(rockpool.said)
    assert "ROCKPOOL_SECRET_KEY" in said
    assert "Traceback" not in said
    assert not (rockpool.data / "secret_key").exists()
