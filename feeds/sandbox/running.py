"""Runs in processes of their own, each with a folder and a database file that go away with it.

The process that was asked never touches its own community: a child is started with another
ROCKPOOL_DATA, and refuses a database that has people in it (Sandbox.open).
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import orjson
from django.conf import settings

from .world import Scale

FAST = "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA temp_store=MEMORY"
DATABASE = "db.sqlite3"
# Runs that go on at this moment; only SIGTERM asks.
_running: set[subprocess.Popen[bytes]] = set()


@dataclass(frozen=True, slots=True)
class Order:
    """One run: an arm's policy at a seed."""

    arm: str
    seed: int
    hours: float
    scale: Scale
    policy: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    arm: str
    seed: int
    figures: dict[str, float | None]
    hours_to_100: list[float | None]
    seconds: float


class RunFailed(RuntimeError):
    """A run ended with an error; its last words are the message."""


def run_all(orders: Sequence[Order], *, at_once: int = 1) -> list[Result]:
    """Run them all, `at_once` at a time; results in the order of the orders."""
    with _ended_by_sigterm(), tempfile.TemporaryDirectory(prefix="rockpool-sandbox-") as folder:
        empty = Path(folder) / "empty"
        _child(empty, ["manage.py", "migrate", "-v0"], b"")
        template = (empty / DATABASE).read_bytes()

        def run(place: int) -> Result:
            home = Path(folder) / str(place)
            home.mkdir()
            (home / DATABASE).write_bytes(template)
            return run_in(home, orders[place])

        with ThreadPoolExecutor(at_once) as pool:
            return list(pool.map(run, range(len(orders))))


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """SIGTERM ends the runs as well, and their folder goes away as after Ctrl-C."""

    def end(*_: object) -> NoReturn:
        for child in list(_running):
            child.terminate()
        raise SystemExit(128 + signal.SIGTERM)

    if threading.current_thread() is not threading.main_thread():  # signals come to that one only
        yield
        return
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def run_in(home: Path, order: Order) -> Result:
    """Run one in a folder with an empty migrated database. Raises RunFailed."""
    said = _child(home, ["-m", "feeds.sandbox.running"], orjson.dumps(asdict(order)))
    return Result(**orjson.loads(said))


def _child(home: Path, arguments: list[str], told: bytes) -> bytes:
    home.mkdir(exist_ok=True)
    outside = {k: v for k, v in os.environ.items() if not k.startswith("ROCKPOOL_")}
    with subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=settings.BASE_DIR,
        env=outside
        | {
            "ROCKPOOL_DATA": str(home),
            "DJANGO_SETTINGS_MODULE": "community.settings",
            "OMP_NUM_THREADS": "1",
            # Sets are walked in the same order in every run.
            "PYTHONHASHSEED": "0",
        },
    ) as child:
        _running.add(child)
        try:
            said, complained = child.communicate(told)
        finally:
            _running.discard(child)
    if child.returncode:
        raise RunFailed(complained.decode(errors="replace")[-2_000:])
    return said


def main() -> None:
    """In the child: one order from the input, one result to the output."""
    import django

    databases: Any = settings.DATABASES
    databases["default"]["OPTIONS"]["init_command"] = FAST
    # Nobody shares what this process remembers, and its database has no table for it.
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.SECRET_KEY = "sandbox"  # noqa: S105 (what is hashed with it must not differ by run)
    django.setup()
    logging.disable(logging.INFO)
    from feeds.policy import Policy

    from .community import Sandbox
    from .figures import measure

    # Hardly anything here is a cycle, and looking for them takes a tenth of the time.
    gc.set_threshold(100_000, 50, 50)
    order = orjson.loads(sys.stdin.buffer.read())
    began = time.perf_counter()
    sandbox = Sandbox(
        Scale(**order["scale"]), seed=order["seed"], policy=Policy.from_dict(order["policy"])
    )
    with sandbox.clock.in_force():
        sandbox.open()
        sandbox.advance(hours=order["hours"])
        figures, hours = measure(sandbox)
    seconds = time.perf_counter() - began
    result = Result(order["arm"], order["seed"], figures, hours, seconds)
    sys.stdout.buffer.write(orjson.dumps(asdict(result)))


if __name__ == "__main__":
    main()
