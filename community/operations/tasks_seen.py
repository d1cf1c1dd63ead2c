"""Counts Celery's tasks in the processes that work them, and names them in what these log.

Imported by the Celery application, before the settings are there.
"""

from __future__ import annotations

import logging.config
import os
import time
from contextlib import ExitStack
from typing import Any

from celery.signals import setup_logging, task_postrun, task_prerun

# Task id -> when it began, and what ends with it.
_started: dict[str, tuple[float, ExitStack]] = {}


def log_as_the_web_does(**_: Any) -> None:
    """Celery's own lines, too, as JSON. Celery sets nothing up where this is connected."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


if os.environ.get("ROCKPOOL_LOG_FORMAT") == "json":
    setup_logging.connect(log_as_the_web_does)


@task_prerun.connect
def note_start(task_id: str, **_: Any) -> None:
    from . import logs

    stack = ExitStack()
    stack.enter_context(logs.about(task=task_id))
    _started[task_id] = time.perf_counter(), stack


@task_postrun.connect
def note_end(task_id: str, task: Any, state: str | None = None, **_: Any) -> None:
    from . import counters  # settings are there by now

    if task_id in _started:
        started, stack = _started.pop(task_id)
        stack.close()
        seconds = time.perf_counter() - started
        counters.count_task(task=task.name, state=(state or "unknown").lower(), seconds=seconds)
