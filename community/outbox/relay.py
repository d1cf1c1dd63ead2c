"""The relay: a thread in each Celery worker that looks for due jobs and rings the bell for them.

It lives in the worker because a bell without a worker is of no use; requests never call the
broker. A bell is rung once per queue until its oldest due job changes or a second has passed, and
only for work that this worker's own queues carry: nobody rings where nobody would come.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Collection
from typing import Any

from celery import bootsteps
from django.db import connection
from django.utils import timezone

from community.task_queues import QUEUES, limits_of, queue_of_jobs, served_by

logger = logging.getLogger(__name__)

LOOK_EVERY = 0.2  # seconds between looks at the job table
RING_AGAIN = 1.0  # seconds after which unanswered work is rung for again
HEARTBEAT_EVERY = 5.0


class Relay(bootsteps.StartStopStep):
    """Started and stopped with the worker."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, **kwargs: Any) -> None:
        super().__init__(worker, **kwargs)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, worker: Any) -> None:
        self._thread = threading.Thread(
            target=self._run, args=(worker.app,), name="relay", daemon=True
        )
        self._thread.start()

    def stop(self, worker: Any) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join(timeout=5)

    terminate = stop

    def _run(self, app: Any) -> None:
        rounds = Rounds(app, consumed=app.amqp.queues.consume_from)
        while not self._stop.wait(LOOK_EVERY):
            try:
                rounds.once(time.monotonic())
            except Exception:  # the database or the broker is away: the rows wait, look again
                logger.exception("The relay could not look for jobs or ring; it tries again")
                connection.close()
                self._stop.wait(RING_AGAIN)
        connection.close()


class Rounds:
    """One look after another: which queue was rung for when, and when the heart last beat."""

    def __init__(self, app: Any, *, consumed: Collection[str] = ()) -> None:
        """`consumed`: the names of Celery's queues that the worker takes its tasks from."""
        self.app = app
        self.serves = served_by(consumed)
        self.names = ["worker", *(f"worker:{name}" for name in QUEUES if name in consumed)]
        self.rung: dict[str, tuple[object, float]] = {}
        self.beaten = float("-inf")

    def once(self, clock: float) -> int:
        """Ring for each queue that has due work and was not rung for it just now; count bells."""
        from .jobs import queues_with_work

        if clock - self.beaten >= HEARTBEAT_EVERY:
            self._beat()
            self.beaten = clock
        bells = 0
        for queue, oldest in queues_with_work(timezone.now()).items():
            if not self.serves(queue):
                continue
            last_job, last_time = self.rung.get(queue, (None, float("-inf")))
            if oldest != last_job or clock - last_time >= RING_AGAIN:
                limits = limits_of(queue_of_jobs(queue))
                self.app.send_task("outbox.work_off", args=[queue], expires=30, **limits)
                self.rung[queue] = (oldest, clock)
                bells += 1
        return bells

    def _beat(self) -> None:
        from .models import Heartbeat

        for name in self.names:
            Heartbeat.objects.update_or_create(name=name, defaults={"beaten_at": timezone.now()})
