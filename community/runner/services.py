"""The three processes that make a running Rockpool, each in a session of its own.

A session is how the leftovers of a killed process are found: whatever it forked stays in it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from .console import say
from .options import Options

# Two cores serve two web processes; more of them than cores only cost memory.
WEB_PROCESSES = int(os.environ.get("ROCKPOOL_WEB_PROCESSES") or min(4, os.cpu_count() or 1))
# Threads that may wait for slow senders; how many of them work at once, body_first decides.
WEB_THREADS = 256
WEB_DRAIN_SECONDS = 4
# A reloaded web process gets this long to load before its predecessor stops listening.
WEB_RELOAD_SECONDS = 3
TASK_PROCESSES = 2
# A task process that has grown beyond this is replaced after its task (kilobytes).
TASK_MEMORY_KB = 250_000
LAST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Service:
    """A process to keep running: its name, its command and how long it may take to stop."""

    name: str
    command: list[str]
    stop_seconds: float


def services_of(options: Options) -> list[Service]:
    """Web, worker and beat, in the order in which they start."""
    python = sys.executable
    celery = [python, "-m", "celery", "--app", "community.celery:app", "--quiet"]
    return [
        Service("web", [python, "-m", "granian", *_web_arguments(options)], WEB_DRAIN_SECONDS + 1),
        Service("worker", [*celery, "worker", *_worker_arguments()], stop_seconds=8),
        Service("beat", [*celery, "beat", *_beat_arguments(options.data)], stop_seconds=2),
    ]


def _web_arguments(options: Options) -> list[str]:
    return [
        *("--interface", "wsgi", "--host", options.host, "--port", str(options.port)),
        *("--workers", str(WEB_PROCESSES), "--blocking-threads", str(WEB_THREADS)),
        *("--http", "1", "--no-ws", "--log-level", "error"),
        *("--respawn-failed-workers", "--respawn-interval", str(WEB_RELOAD_SECONDS)),
        *("--workers-kill-timeout", str(WEB_DRAIN_SECONDS)),
        "community.wsgi:application",
    ]


def _worker_arguments() -> list[str]:
    return [
        *("--pool", "prefork", "--concurrency", str(TASK_PROCESSES), "-O", "fair"),
        *("--prefetch-multiplier", "1", "--max-memory-per-child", str(TASK_MEMORY_KB)),
        *("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"),
    ]


def _beat_arguments(data: Path) -> list[str]:
    return [
        *("--scheduler", "django_celery_beat.schedulers:DatabaseScheduler"),
        *("--pidfile", "", "--schedule", str(data / "celerybeat"), "--loglevel", "WARNING"),
    ]


@dataclass
class Running:
    """A service that was started: the process, since when, and the last it said."""

    service: Service
    process: subprocess.Popen[str]
    since: float
    last_words: deque[str] = field(default_factory=lambda: deque(maxlen=LAST_WORDS))

    @property
    def session(self) -> int:
        return self.process.pid  # a session is named after its first process

    def signal(self, number: signal.Signals) -> None:
        if self.process.poll() is None:
            self.process.send_signal(number)

    def wait(self, seconds: float) -> bool:
        """Whether it ended within that time."""
        try:
            self.process.wait(max(0.0, seconds))
        except subprocess.TimeoutExpired:
            return False
        return True


def start(service: Service, environment: dict[str, str]) -> Running:
    process = subprocess.Popen(
        service.command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    running = Running(service, process, since=time.monotonic())
    threading.Thread(target=_relay_output, args=(running,), daemon=True).start()
    return running


def _relay_output(running: Running) -> None:
    assert running.process.stdout is not None  # noqa: S101 - it was opened as a pipe above
    for line in running.process.stdout:
        text = line.rstrip()
        if text:
            running.last_words.append(text)
            say(text, who=running.service.name)


def members(session: int) -> list[int]:
    """Ids of the processes that live in a session, whoever their parent is by now."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdecimal() and _session_of(int(name)) == session:
            found.append(int(name))
    return found


def _session_of(pid: int) -> int:
    """The session of a living process; 0 for one that is gone or only waits to be reaped."""
    try:
        state, _parent, _group, session = _stat_of(pid)[:4]
    except (OSError, ValueError):
        return 0
    return 0 if state in "ZX" else int(session)


def _stat_of(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat after the name, which may hold anything."""
    return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()


def signal_session(session: int, number: signal.Signals) -> int:
    """Send a signal to everyone in a session; how many that were."""
    pids = members(session)
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
    return len(pids)


def end_session(session: int, *, patience: float) -> None:
    """Ask everyone left in a session to stop, and end them when they do not within `patience` s."""
    give_up = time.monotonic() + patience
    signal_session(session, signal.SIGTERM)
    while members(session):
        if time.monotonic() > give_up:
            signal_session(session, signal.SIGKILL)
        time.sleep(0.05)
