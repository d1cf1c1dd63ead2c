"""A community in a folder of its own, run by its real processes, and asked from outside."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
# One core for who is measured, the other for who asks.
SERVER_CORE, CLIENT_CORE = 0, (os.cpu_count() or 1) - 1
CONNECTIONS = 16
# The key of a browser that was here before; any is a good one, as long as cookie and header agree.
CSRF = "t" * 32


@dataclass(frozen=True)
class Load:
    """One run of wrk."""

    per_second: float
    cpu_ms: float
    errors: int


@dataclass(frozen=True)
class House:
    data: Path
    # Where its rows and its tasks are, where that is not the folder: settings of the environment.
    told: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith("ROCKPOOL_")
        }
        return (
            kept
            | {
                "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
                "ROCKPOOL_DATA": str(self.data),
                "ROCKPOOL_LOG_LEVEL": "ERROR",
                # What is asked in a minute here is more than anybody may ask in a day.
                "ROCKPOOL_API_RATE": "100000000/1h",
                "PYTHONPATH": str(ROOT),
            }
            | self.told
        )

    def manage(self, *arguments: str) -> str:
        return self._run([sys.executable, "manage.py", *arguments])

    def probe(self, name: str, *arguments: object) -> Any:
        """What a probe of tests/bench/probes.py found: its JSON answer."""
        command = [sys.executable, "-m", "tests.bench.probes", name, *map(str, arguments)]
        return json.loads(self._run(command).splitlines()[-1])

    def _run(self, command: Sequence[str]) -> str:
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise AssertionError(f"{command[1:4]} failed:\n{done.stderr[-3000:]}")
        return done.stdout

    @contextmanager
    def web(
        self, application: str = "community.wsgi:application"
    ) -> Iterator[tuple[str, psutil.Process]]:
        """One web process on its core: (address, process)."""
        port = free_port()
        command = [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
            *("--port", str(port), "--workers", "1", "--blocking-threads", "64", "--http", "1"),
            *("--no-ws", "--log-level", "error", application),
        ]
        with self._started(command) as process:
            process.cpu_affinity([SERVER_CORE])
            wait_for(lambda: answers(port), "the web server")
            for child in process.children(recursive=True):
                child.cpu_affinity([SERVER_CORE])
            yield f"http://127.0.0.1:{port}", process

    @contextmanager
    def worker(self, *, prefetch: int = 1) -> Iterator[psutil.Process]:
        """One Celery worker with one task process, which takes so many tasks at once."""
        command = [
            *(sys.executable, "-m", "celery", "--app", "community.celery:app", "--quiet", "worker"),
            *("--pool", "prefork", "--concurrency", "1"),
            *("--prefetch-multiplier", str(prefetch)),
            *("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "ERROR"),
        ]
        with self._started(command) as process:
            wait_for(lambda: len(process.children(recursive=True)) >= 1, "the worker")
            time.sleep(4)  # until it has opened its queue and loaded its models
            yield process

    @contextmanager
    def _started(self, command: Sequence[str]) -> Iterator[psutil.Process]:
        child = subprocess.Popen(command, cwd=ROOT, env=self.environment, start_new_session=True)
        process = psutil.Process(child.pid)
        try:
            yield process
        finally:
            family = [*process.children(recursive=True), process]
            child.terminate()
            psutil.wait_procs(family, timeout=10)
            for member in family:
                if member.is_running() and member.status() != psutil.STATUS_ZOMBIE:
                    member.kill()
            child.wait()


def wrk(url: str, server: psutil.Process, *, cookie: str, seconds: int) -> Load:
    """Ask one address with 16 connections; CPU of the server's processes for each answer."""
    before = cpu_seconds(server)
    command = [
        *("taskset", "-c", str(CLIENT_CORE), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"),
        *("-H", f"Cookie: sessionid={cookie}; csrftoken={CSRF}", url),
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    answered = int(re.search(r"(\d+) requests in", said)[1])  # type: ignore[index]
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])  # type: ignore[index]
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    cpu = (cpu_seconds(server) - before) * 1000 / max(1, answered)
    return Load(rate, cpu, int(failed[1]) if failed else 0)


def cpu_seconds(process: psutil.Process) -> float:
    family = [process, *process.children(recursive=True)]
    times = [member.cpu_times() for member in family]
    return sum(t.user + t.system for t in times)


def memory_mb(process: psutil.Process) -> float:
    """Memory of a process with its children, shared pages divided among those who share them."""
    family = [process, *process.children(recursive=True)]
    return sum(member.memory_full_info().pss for member in family) / 2**20


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.5).close()
    except OSError:
        return False
    return True


def wait_for(holds: Any, what: str, *, seconds: float = 40) -> None:
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up, f"{what} did not start"
        time.sleep(0.1)


def tools_missing() -> list[str]:
    return [tool for tool in ("wrk", "taskset") if shutil.which(tool) is None]
