"""Counts Celery's tasks in the processes that work them; imported by the Celery application."""

from __future__ import annotations

import time
from typing import Any

from celery.signals import task_postrun, task_prerun

_started: dict[str, float] = {}


@task_prerun.connect
def note_start(task_id: str, **_: Any) -> None:
    _started[task_id] = time.perf_counter()


@task_postrun.connect
def note_end(task_id: str, task: Any, state: str | None = None, **_: Any) -> None:
    from . import counters  # settings are there by now

    started = _started.pop(task_id, None)
    if started is not None:
        seconds = time.perf_counter() - started
        counters.count_task(task=task.name, state=(state or "unknown").lower(), seconds=seconds)
