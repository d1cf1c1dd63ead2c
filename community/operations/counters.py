"""What every process counts as it works: requests, jobs, tasks. Read over all of them at once.

Labels are bounded: routes by name and never by address, kinds of jobs and tasks by registration.
Counting must never cost a request: where it cannot be done it is left out.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector

from .slots import Slots, folder_for

logger = logging.getLogger(__name__)

# A page takes milliseconds, a look at a large archive or a training minutes.
REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
WORK_SECONDS = (0.01, 0.05, 0.25, 1, 5, 20, 60, 300)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

# Metrics of one process alone (the tests) are kept here.
REGISTRY = CollectorRegistry()


def _share_files() -> str:
    """Count in files that all processes share; "" where this process counts for itself."""
    if settings.TESTING:
        return ""
    try:
        folder = str(folder_for(Path(settings.DATA_DIR), settings.METRICS_DIR))
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        values.ValueClass = values.MultiProcessValue(Slots(Path(folder)))
    except OSError:
        logger.warning("There is no folder to count in: each process counts for itself.")
        os.environ.pop("PROMETHEUS_MULTIPROC_DIR", None)
        return ""
    return folder


# Before the metrics are made: they take their place when they are.
FOLDER = _share_files()

REQUESTS = Counter(
    "rockpool_http_requests", "Requests answered", ["route", "method", "status"], registry=REGISTRY
)
LATENCY = Histogram(
    "rockpool_http_request_seconds", "Seconds of Django's work for a request", ["route"],
    buckets=REQUEST_SECONDS, registry=REGISTRY,
)  # fmt: skip
JOBS = Counter("rockpool_jobs", "Jobs tried", ["kind", "outcome"], registry=REGISTRY)
JOB_TIME = Histogram(
    "rockpool_job_seconds", "Seconds of a job", ["queue"], buckets=WORK_SECONDS, registry=REGISTRY
)
TASKS = Counter("rockpool_tasks", "Celery tasks ended", ["task", "state"], registry=REGISTRY)
TASK_TIME = Histogram(
    "rockpool_task_seconds", "Seconds of a Celery task", ["task"],
    buckets=WORK_SECONDS, registry=REGISTRY,
)  # fmt: skip


def count_request(*, route: str, method: str, status: int, seconds: float) -> None:
    known = method if method in METHODS else "other"
    _quietly(lambda: _request_metrics(route, known, status)(seconds))


def count_job(*, kind: str, queue: str, well: bool, seconds: float) -> None:
    def add() -> None:
        JOBS.labels(kind, "done" if well else "failed").inc()
        JOB_TIME.labels(queue).observe(seconds)

    _quietly(add)


def count_task(*, task: str, state: str, seconds: float) -> None:
    def add() -> None:
        TASKS.labels(task, state).inc()
        TASK_TIME.labels(task).observe(seconds)

    _quietly(add)


def counted() -> bytes:
    """Everything counted by all processes, in Prometheus' text format."""
    if not FOLDER:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, FOLDER)
    return generate_latest(registry)


@cache
def _request_metrics(route: str, method: str, status: int) -> Callable[[float], None]:
    """Looking labels up costs more than counting; both are bounded, so they are kept."""
    requests, latency = REQUESTS.labels(route, method, str(status)), LATENCY.labels(route)

    def add(seconds: float) -> None:
        requests.inc()
        latency.observe(seconds)

    return add


def _quietly(add: Callable[[], None]) -> None:
    try:
        add()
    except (OSError, ValueError):  # no room in memory, or somebody removed the folder
        _complain()


@cache
def _complain() -> None:
    """Once for each process: every request would say the same."""
    logger.exception("Requests, jobs and tasks cannot be counted any more in %s", FOLDER)
