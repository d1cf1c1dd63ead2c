"""The relay: a thread in each Celery worker that looks for due jobs and rings the bell for them.

It lives in the worker because a bell without a worker is of no use; requests never call the
broker. Bells are rung only for work that this worker's own queues carry: nobody rings where nobody
would come; and not for what those who are at work in a queue will take next.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, NamedTuple

from celery import bootsteps
from django.db import Error as DatabaseAway
from django.db import connection
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerAway

from community.task_queues import PATIENCE, QUEUES, limits_of, queue_of_jobs, served_by

if TYPE_CHECKING:
    from .jobs import Waiting

logger = logging.getLogger(__name__)

LOOK_EVERY = 0.2  # seconds between looks at the job table
RING_AGAIN = 1.0  # seconds after which unanswered work is rung for again
# Each further bell waits twice as long, up to this: where everybody is busy with something long,
# the bells that nobody answered are still there.
RING_AGAIN_AT_MOST = 8.0
SAY_AGAIN = 60.0  # seconds after which what is still away is named again
HEARTBEAT_EVERY = 5.0
# A bell that does not sound is rung again with the next look. Celery's own tries, each as long as a
# broker that hangs is waited for, would keep the heart of the worker from beating, and a worker
# without a heart takes the web out of service.
RINGING: dict[str, Any] = {"retry": False} | PATIENCE


class Relay(bootsteps.StartStopStep):
    """Started and stopped with the worker."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, **kwargs: Any) -> None:
        super().__init__(worker, **kwargs)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        # What was last said to be away, and when.
        self._said: tuple[str, float] = ("", float("-inf"))

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
        rounds.take_another_line()
        while not self._stop.wait(LOOK_EVERY):
            try:
                rounds.once(time.monotonic())
            except BrokerAway as error:
                rounds.take_another_line()
                self._wait_for("broker", error)
            except DatabaseAway as error:  # or without its tables: a migration is on its way
                connection.close()
                self._wait_for("database", error)
            except Exception:
                logger.exception("The relay could not look for jobs or ring; it tries again")
                connection.close()
                self._stop.wait(RING_AGAIN)
            else:
                self._said = ("", float("-inf"))
        connection.close()

    def _wait_for(self, what: str, error: Exception) -> None:
        # Its kind only: the words of some errors hold addresses.
        said = f"The {what} is away ({type(error.__cause__ or error).__name__}); the jobs wait."
        if said != self._said[0] or time.monotonic() - self._said[1] >= SAY_AGAIN:
            logger.warning(said)
            self._said = (said, time.monotonic())
        self._stop.wait(RING_AGAIN)


class Rung(NamedTuple):
    """A bell: for the queue's oldest job, when, and after how long it is rung for that again."""

    oldest: object = None
    at: float = float("-inf")
    again_after: float = RING_AGAIN


class Rounds:
    """One look after another: which queue was rung for when, and when the heart last beat."""

    def __init__(self, app: Any, *, consumed: Collection[str] = ()) -> None:
        """`consumed`: the names of Celery's queues that the worker takes its tasks from."""
        self.app = app
        self.serves = served_by(consumed)
        self.names = ["worker", *(f"worker:{name}" for name in QUEUES if name in consumed)]
        self.rung: dict[str, Rung] = {}
        self.beaten = float("-inf")
        # The relay's own connection to the broker; None: one that Celery keeps.
        self.line: Any = None

    def take_another_line(self) -> None:
        """Ring over a new connection, and anew for all: bells may be lost with the broker. The
        former is not closed in order: where a broker hangs, its goodbye would be waited for like
        its answers."""
        self.line = self.app.connection_for_write()
        self.rung.clear()

    def once(self, clock: float) -> int:
        """Ring for each queue that has due work and was not rung for it just now; count bells."""
        from .jobs import queues_with_work

        if clock - self.beaten >= HEARTBEAT_EVERY:
            self._beat()
            self.beaten = clock
        bells = 0
        for queue, waiting in queues_with_work(timezone.now()).items():
            if self.serves(queue) and (bell := self._bell(queue, waiting, clock)):
                told = limits_of(queue_of_jobs(queue)) | RINGING | {"connection": self.line}
                self.app.send_task("outbox.work_off", args=[queue], expires=30, **told)
                self.rung[queue] = bell
                bells += 1
        return bells

    def _bell(self, queue: str, waiting: Waiting, clock: float) -> Rung | None:
        last = self.rung.get(queue, Rung())
        waited = clock - last.at
        if waiting.oldest != last.oldest:
            will_be_taken = waiting.due <= waiting.in_hand and waited < RING_AGAIN
            return None if will_be_taken else Rung(waiting.oldest, clock)
        if waited < last.again_after:
            return None
        return Rung(waiting.oldest, clock, min(2 * last.again_after, RING_AGAIN_AT_MOST))

    def _beat(self) -> None:
        from .models import Heartbeat

        for name in self.names:
            Heartbeat.objects.update_or_create(name=name, defaults={"beaten_at": timezone.now()})
