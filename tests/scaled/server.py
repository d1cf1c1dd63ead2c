"""A server of our own as a process: started, stopped, killed, frozen and started again."""

from __future__ import annotations

import contextlib
import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

STARTED_WITHIN_SECONDS = 60
STOPPED_WITHIN_SECONDS = 30
PEOPLE_WITHOUT_RIGHTS = ("postgres", "rabbitmq", "nobody")


class Missing(Exception):
    """Something is not installed; says how to install it."""


@dataclass
class Server:
    """What listens on `port` of this machine, keeps its things in `folder` and speaks to a log."""

    command: Sequence[str | Path]
    folder: Path
    port: int
    # Where clients find it; holds its password.
    address: str = ""
    # By which it ends in order.
    farewell: signal.Signals = signal.SIGTERM
    environment: Mapping[str, str] | None = None
    person: Mapping[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def start(self) -> None:
        """Returns when it listens."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                cwd=self.folder, env=self.environment, **self.person,
            )  # fmt: skip
        until = time.monotonic() + STARTED_WITHIN_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            time.sleep(0.1)
        said = self.log.read_text(errors="replace")[-2000:]
        raise RuntimeError(f"The server did not start:\n{said}")

    def stop(self) -> None:
        """Ask it to end, and end it where it does not."""
        if self.process is None:
            return
        self.thaw()
        self.process.send_signal(self.farewell)
        try:
            self.process.wait(STOPPED_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process = None

    def kill(self) -> None:
        """kill -9 it with everything it has forked."""
        self._signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait(STOPPED_WITHIN_SECONDS)

    def freeze(self) -> None:
        """It keeps its connections and answers nobody."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        """The parent first, so that it does not fork or mourn meanwhile."""
        if self.process is None or self.process.poll() is not None:
            return
        parent = psutil.Process(self.process.pid)
        family = [parent, *parent.children(recursive=True)]
        for member in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.send_signal(number)


@contextlib.contextmanager
def running(server: Server) -> Iterator[Server]:
    try:
        server.start()
        yield server
    finally:
        server.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def as_somebody_else(folder: Path) -> dict[str, Any]:
    """How to start a process in this folder: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in PEOPLE_WITHOUT_RIGHTS:
        with contextlib.suppress(KeyError):
            person = pwd.getpwnam(name)
            os.chown(folder, person.pw_uid, person.pw_gid)
            return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
    raise Missing("PostgreSQL refuses to run as root, and there is no other user: run it as one.")
