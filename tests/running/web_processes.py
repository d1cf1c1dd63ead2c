"""Several web processes on one folder, over HTTP: they share what its files hold."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.running.test_runner import ROOT, ask, free_port
from tests.template import template

PROCESSES = 3
PATIENCE = 120.0


class House:
    """Web processes on one folder, each started anew when it is killed."""

    def __init__(self, data: Path, **extra: str) -> None:
        hidden = {"ROCKPOOL_ENV", "ROCKPOOL_SECRET_KEY"}
        self.environment = {k: v for k, v in os.environ.items() if k not in hidden} | {
            "DJANGO_SETTINGS_MODULE": "community.settings",
            "ROCKPOOL_DATA": str(data),
            "ROCKPOOL_LOG_LEVEL": "ERROR",
            **extra,
        }
        self.ports = [free_port() for _ in range(PROCESSES)]
        self.running: dict[int, subprocess.Popen[bytes]] = {}

    def ask_python(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, port: int) -> None:
        self.running[port] = subprocess.Popen(
            [
                *(sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)),
                *("--workers", "1", "--blocking-threads", "8", "--http", "1", "--no-ws"),
                *("--log-level", "error", "community.wsgi:application"),
            ],
            cwd=ROOT, env=self.environment, start_new_session=True,
        )  # fmt: skip

    def kill(self, port: int) -> None:
        """The process and its workers at once, in the middle of whatever they do."""
        os.killpg(self.running[port].pid, signal.SIGKILL)
        self.running[port].wait()

    def start_all(self) -> None:
        for port in self.ports:
            self.start(port)
        until(lambda: all(ask(port, "/livez")[0] for port in self.ports))


@contextmanager
def open_house(data: Path, **extra: str) -> Iterator[House]:
    """A migrated community in `data`; its processes are started by whoever needs them."""
    data.mkdir(parents=True)
    shutil.copyfile(template(), data / "db.sqlite3")
    house = House(data, **extra)
    house.ask_python("manage.py", "createcachetable", "--database", "cache")
    try:
        yield house
    finally:
        for port in house.running:
            house.kill(port)


def until(happened: Callable[[], bool]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < give_up
        time.sleep(0.1)
