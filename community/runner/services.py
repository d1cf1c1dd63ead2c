"""The three processes that make a running Rockpool, each in a session of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from community.environment import Environment
from community.task_queues import NAMES, QUEUES

from .announcing import ask_health
from .console import say
from .options import Options

# Threads that may wait for slow senders; how many of them work at once, body_first decides.
WEB_THREADS = 256
# For so long who still sends or waits is answered when a web process is to end; one that nobody
# asks anything ends at once. A picture of 25 MB over a poor line takes about that long.
WEB_DRAIN_SECONDS = 20
# A reloaded web process gets this long to load before its predecessor stops listening. Nobody tells
# when it is ready, and one that is late refuses everybody: three seconds were too few where others
# kept both cores busy (drill F4).
WEB_RELOAD_SECONDS = 15
BEAT_WAITS_SECONDS = 3
# Of a worker that serves more than one queue; each alone has its own number (task_queues.py).
TASK_PROCESSES = 2
LAST_WORDS = 12
# Each process computes with one thread: there are as many processes as cores, and threads of
# several that fight for them cost more than they win. An operator's own setting stands.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Service:
    """A process to keep running: its name, its command and how long it may take to stop."""

    name: str
    command: list[str]
    stop_seconds: float
    start_after_seconds: float = 0.0
    # Whether it does its work; without one, staying alive for a while is taken for it.
    works: Callable[[], bool] | None = None


def services_of(options: Options) -> list[Service]:
    """Worker, web and beat, in the order in which they start. Raises ImproperlyConfigured.

    Beat waits, so that the two that people need have the machine for themselves until they are up.
    """
    # Celery warns root on every start; ours takes JSON only, which is what the warning is about.
    python = [sys.executable, "-W", "ignore:You're running the worker"]
    celery = [*python, "-m", "celery", "--app", "community.celery:app", "--quiet"]
    return [
        Service("worker", [*celery, "worker", *_worker_arguments(options)], stop_seconds=10),
        Service(
            "web",
            [*python, "-m", "granian", *_web_arguments(options)],
            stop_seconds=WEB_DRAIN_SECONDS + 1,
            works=lambda: ask_health(options, timeout=0.5)[0] != 0,
        ),
        Service("beat", [*celery, "beat", *_beat_arguments(options.data)], 2, BEAT_WAITS_SECONDS),
    ]


def _web_arguments(options: Options) -> list[str]:
    # Two cores serve two web processes; more of them than cores only cost memory.
    cores = min(4, os.cpu_count() or 1)
    processes = Environment().int("ROCKPOOL_WEB_PROCESSES", default=cores, least=1)
    return [
        *("--interface", "wsgi", "--host", options.host, "--port", str(options.port)),
        *("--workers", str(processes), "--blocking-threads", str(WEB_THREADS)),
        *("--http", "1", "--no-ws", "--log-level", "error"),
        *("--respawn-failed-workers", "--respawn-interval", str(WEB_RELOAD_SECONDS)),
        *("--workers-kill-timeout", str(WEB_DRAIN_SECONDS)),
        "community.wsgi:application",
    ]


def _worker_arguments(options: Options) -> list[str]:
    served = [QUEUES[name] for name in options.queues or NAMES]
    processes = options.processes or (served[0].processes if len(served) == 1 else TASK_PROCESSES)
    # A task process that has grown beyond this is replaced after its task.
    kilobytes = 1000 * max(queue.memory_mb for queue in served)
    return [
        *("--pool", "prefork", "--concurrency", str(processes), "-O", "fair"),
        *("--prefetch-multiplier", "1", "--max-memory-per-child", str(kilobytes)),
        *("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"),
        *(("--queues", ",".join(options.queues)) if options.queues else ()),
        # Workers of one machine are told apart by what they do.
        *(("--hostname", f"{'-'.join(options.queues)}@%h") if options.queues else ()),
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
        env=ONE_THREAD | environment,
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
