"""A whole Rockpool for a browser: web, worker and beat as processes, on a folder of their own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx
import psutil

from tests.template import template

ROOT = Path(__file__).resolve().parents[2]
WELL_WITHIN_SECONDS = 180
STOPPED_WITHIN_SECONDS = 30.0
# Everybody here comes from one address.
FOR_A_CROWD = {"ROCKPOOL_SIGNUP_LIMIT": "500/30m/ip"}


class OpenCommunity:
    """`python -m community.runner`, started; talk to it at `address`.

    `told` goes into its environment: where a database is among it, nothing is copied. `arguments`
    are the runner's own.
    """

    def __init__(
        self,
        folder: Path,
        *,
        demo: bool = False,
        told: Mapping[str, str] | None = None,
        arguments: Sequence[str] = (),
    ) -> None:
        self.data = folder / "data"
        self.log = folder / "runner.log"
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.family: set[psutil.Process] = set()
        self.environment = own_environment() | FOR_A_CROWD | dict(told or {})
        self.data.mkdir(parents=True)
        if "ROCKPOOL_DATABASE_URL" not in self.environment:
            shutil.copyfile(template(), self.data / "db.sqlite3")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "community.runner", "--stop-with-parent"),
                    *("--port", str(self.port), "--data", str(self.data)),
                    "--demo" if demo else "--no-demo",
                    *arguments,
                ],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_well(self) -> None:
        """Until /healthz says that web, database and worker are there."""
        give_up = time.monotonic() + WELL_WITHIN_SECONDS
        while not self.is_well():
            assert self.process.poll() is None, f"Rockpool ended by itself:\n{self.said()}"
            assert time.monotonic() < give_up, f"Rockpool did not get well:\n{self.said()}"
            time.sleep(0.1)

    def is_well(self) -> bool:
        self._meet_family()
        try:
            return httpx.get(f"{self.address}/healthz", timeout=10).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def manage(self, *arguments: str, **environment: str) -> str:
        """Run a command of manage.py on this community's folder; what it printed."""
        told = self.environment | {"ROCKPOOL_DATA": str(self.data)} | environment
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def open_staff_account(self, name: str, password: str) -> None:
        who = {"DJANGO_SUPERUSER_USERNAME": name, "DJANGO_SUPERUSER_PASSWORD": password}
        email = {"DJANGO_SUPERUSER_EMAIL": f"{name}@example.org"}
        self.manage("createsuperuser", "--no-input", **who, **email)

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def stop(self) -> int:
        """As Ctrl-C does; its exit code."""
        self._meet_family()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOPPED_WITHIN_SECONDS)

    def left_behind(self) -> list[str]:
        """Commands of processes that still live; they are ended here, so that nothing stays."""
        found = []
        for member in self.family:
            try:
                # psutil compares the start time too: a number given to another is not mistaken.
                if member.is_running() and member.status() != psutil.STATUS_ZOMBIE:
                    found.append(" ".join(member.cmdline()))
                    member.kill()
            except psutil.NoSuchProcess:
                continue
        return found

    def _meet_family(self) -> None:
        try:
            runner = psutil.Process(self.process.pid)
            self.family |= {runner, *runner.children(recursive=True)}
        except psutil.NoSuchProcess:
            pass


def own_environment() -> dict[str, str]:
    """Without what the tests tell Django about themselves: this is no test process."""
    hidden = "DJANGO_SETTINGS_MODULE"
    return {
        name: value
        for name, value in os.environ.items()
        if name != hidden and not name.startswith("ROCKPOOL_")
    }


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
