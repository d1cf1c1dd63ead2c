"""A Celery broker that needs no server: messages are files, and every step is one rename.

kombu's own filesystem transport writes messages in place, so a reader can take a half-written file.
Ours leaves the files to `community.spool`, which says how it keeps them whole; this module is the
side that kombu sees.

Settings (importing this module registers the scheme, so import it before the first connection):

    broker_url = "atomicfiles://localhost"
    broker_transport_options = {
        "folder": "<data>/broker",      # everything below it belongs to the broker
        "polling_interval": 0.1,        # seconds between looks at an empty queue
    }
"""

import math
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, virtual

from .spool import (
    Claimer,
    Payload,
    Spool,
    claimer_of_this_process,
    disk_errors_as_operational,
)

# How soon a worker notices that it was told to stop.
LOOK_EVERY_SECONDS = 0.2


class FileQoS(virtual.QoS):
    """Acknowledging a message removes its file; rejecting removes it or gives it back."""

    def ack(self, delivery_tag: str) -> None:
        self.channel.claimer.forget(delivery_tag)
        super().ack(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        if not requeue:
            self.channel.claimer.forget(delivery_tag)
        super().reject(delivery_tag, requeue=requeue)


class FileChannel(virtual.Channel):
    """kombu's side of the spool: the methods that a virtual channel must provide."""

    QoS = FileQoS
    supports_fanout = True

    def __init__(self, connection: Any, **kwargs: Any) -> None:
        super().__init__(connection, **kwargs)
        options = connection.client.transport_options
        self.spool = Spool(Path(options.get("folder", "broker")))
        self._seen: dict[str, deque[str]] = {}

    @property
    def claimer(self) -> Claimer:
        return claimer_of_this_process(self.spool)

    def _put(self, queue: str, message: Payload, **kwargs: Any) -> None:
        self.spool.write(queue, message)

    def _put_fanout(self, exchange: str, message: Payload, routing_key: str, **_: Any) -> None:
        for _key, _pattern, queue in self.get_table(exchange):
            self.spool.write(queue, message)

    def _get(self, queue: str, timeout: float | None = None) -> Payload:
        claimer = self.claimer
        with disk_errors_as_operational():
            for name in self._next_names(queue):
                taken = claimer.claim(queue, name)
                if taken:
                    return taken[1]
        raise Empty

    def _next_names(self, queue: str) -> Iterator[str]:
        """One listing serves many messages; listing for each would cost the square of a backlog."""
        names = self._seen.setdefault(queue, deque())
        if not names:
            names.extend(self.spool.waiting(queue))
        while names:
            yield names.popleft()

    def basic_get(self, queue: str, no_ack: bool = False, **kwargs: Any) -> Any:
        message = super().basic_get(queue, no_ack=no_ack, **kwargs)
        if message is not None and no_ack:
            self.claimer.forget(message.delivery_tag)
        return message

    def basic_consume(
        self,
        queue: str,
        no_ack: bool,
        callback: Callable[[Any], Any],
        consumer_tag: str,
        **kwargs: Any,
    ) -> None:
        def forget_then_call(message: Any) -> Any:
            self.claimer.forget(message.delivery_tag)
            return callback(message)

        heard = forget_then_call if no_ack else callback
        super().basic_consume(queue, no_ack, heard, consumer_tag, **kwargs)

    def _restore(self, message: Any) -> None:
        self.claimer.give_back(message.delivery_tag)

    def get_table(self, exchange: str) -> list[tuple[str, str, str]]:
        return self.spool.bindings(exchange)

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        self.spool.bind(exchange, (routing_key or "", pattern or "", queue or ""))

    def _delete(
        self, queue: str, exchange: str, routing_key: str, pattern: str, *_: Any, **__: Any
    ) -> None:
        self._purge(queue)
        self.spool.unbind(exchange, (routing_key or "", pattern or "", queue or ""))

    def _new_queue(self, queue: str, **kwargs: Any) -> None:
        self.spool.open_queue(queue)

    def _has_queue(self, queue: str, **kwargs: Any) -> bool:
        return self.spool.queue_path(queue).is_dir()

    def _purge(self, queue: str) -> int:
        self._seen.pop(queue, None)
        return self.spool.purge(queue)

    def _size(self, queue: str) -> int:
        return len(self.spool.waiting(queue))


class AtomicFilesystemTransport(virtual.Transport):
    """Used by broker_url "atomicfiles://localhost"; see the top of this file."""

    Channel = FileChannel
    polling_interval = 0.1
    driver_type = driver_name = "atomicfiles"
    implements = virtual.Transport.implements.extend(
        asynchronous=False, exchange_type=frozenset(["direct", "topic", "fanout"])
    )

    def drain_events(self, connection: Any, timeout: float | None = None, **kwargs: Any) -> Any:
        """Wait for the next message. Raises TimeoutError.

        Celery asks for two seconds at a time and looks between them whether it was told to stop;
        looking more often lets a worker end that much sooner.
        """
        give_up = math.inf if timeout is None else time.monotonic() + timeout
        while True:
            left = give_up - time.monotonic()
            try:
                return super().drain_events(
                    connection, timeout=min(LOOK_EVERY_SECONDS, left), **kwargs
                )
            except TimeoutError:
                if left <= LOOK_EVERY_SECONDS or _worker_was_told_to_stop():
                    raise

    def driver_version(self) -> str:
        return "1"


def _worker_was_told_to_stop() -> bool:
    # Only a worker has this module loaded, and only a worker is asked.
    state = sys.modules.get("celery.worker.state")
    return state is not None and (state.should_stop is not None or bool(state.should_terminate))


TRANSPORT_ALIASES["atomicfiles"] = f"{__name__}:{AtomicFilesystemTransport.__name__}"
