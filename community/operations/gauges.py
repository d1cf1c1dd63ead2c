"""How things stand now, read from rows when Prometheus asks: two small queries."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from community.outbox.jobs import HANDLERS
from community.outbox.models import Heartbeat, Job

# Since when this process looks.
_BEGAN = time.monotonic()


class Gauges(Collector):
    """Families that were read already; nothing is shared with other processes."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self.families = list(families)

    def collect(self) -> Iterator[Metric]:
        yield from self.families


def as_text(families: Iterable[Metric]) -> bytes:
    """Prometheus' text format of some families."""
    registry = CollectorRegistry()
    registry.register(Gauges(families))
    return generate_latest(registry)


def work_gauges(*, now: datetime) -> list[Metric]:
    """Jobs by queue and state, the oldest that is due, and how long processes have been silent."""
    depth = GaugeMetricFamily("rockpool_queue_jobs", "Jobs by state", labels=["queue", "state"])
    oldest = GaugeMetricFamily(
        "rockpool_queue_oldest_seconds", "How long the oldest due job waits", labels=["queue"]
    )
    found = {
        (queue, state): (count, first)
        for queue, state, count, first in Job.objects.order_by()
        .values_list("queue", "state")
        .annotate(count=Count("pk"), first=Min("run_at"))
    }
    # A queue without jobs is a zero and no gap: an alert must see it come down.
    queues = {chosen.queue for chosen in HANDLERS.values()} | {queue for queue, _ in found}
    for queue in sorted(queues):
        for state in Job.State.values:
            depth.add_metric([queue, state], found.get((queue, state), (0, None))[0])
        first = found.get((queue, Job.State.READY), (0, None))[1]
        waits = 0.0 if first is None else max(0.0, (now - first).total_seconds())
        oldest.add_metric([queue], waits)
    return [depth, oldest, _silence(now)]


def _silence(now: datetime) -> Metric:
    """One that never came up has been silent for as long as we look: without a row there would be
    no series, and no alert."""
    family = GaugeMetricFamily(
        "rockpool_process_silent_seconds", "Since a kind of process last showed itself",
        labels=["process"],
    )  # fmt: skip
    beats = dict(Heartbeat.objects.values_list("name", "beaten_at"))
    should_live = {"worker", "beat", *(f"worker:{name}" for name in settings.TASK_QUEUES)}
    never_seen = timedelta(seconds=time.monotonic() - _BEGAN)
    for name in sorted(beats.keys() | should_live):
        silent = now - beats[name] if name in beats else never_seen
        family.add_metric([name], max(0.0, silent.total_seconds()))
    return family
