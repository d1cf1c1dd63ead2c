"""A port of a worker's own for what its processes counted: ROCKPOOL_METRICS_PORT.

A worker in a container of its own counts in that container's memory, where no web process reads it.
Only what was counted is told: what stands in the database the web tells already.

Strangers may connect, so a caller has seconds and not minutes, one request, and no more than a few
are listened to at once. What it costs at worst is a scrape, never a task.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from typing import Any

from celery import bootsteps
from django.conf import settings
from prometheus_client import CONTENT_TYPE_LATEST

from . import counters
from .guard import may_look

logger = logging.getLogger(__name__)

# Callers that are listened to at once; as many more wait until the system refuses them.
PLACES = 4
# For all that a caller has to say, and again for taking the answer.
SECONDS = 3.0
LARGEST_HEAD_BYTES = 8_192
# Where somebody else has the port: another worker of this machine, or a former one that ends.
TRY_AGAIN_SECONDS = 5.0


class OwnFigures(bootsteps.StartStopStep):
    """Started after the task processes, so that those of the start do not inherit the port."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, **kwargs: Any) -> None:
        super().__init__(worker, **kwargs)
        self.enabled = bool(settings.METRICS_PORT)
        self._door: Door | None = None

    def start(self, worker: Any) -> None:
        self._door = Door(settings.METRICS_PORT)
        threading.Thread(target=self._door.open, name="figures", daemon=True).start()

    def stop(self, worker: Any) -> None:
        if self._door is not None:
            self._door.close()

    terminate = stop


class Door:
    """The port, and the threads that stand at it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._closed = threading.Event()
        self._listener: socket.socket | None = None
        # Those that replace a task process later; else the port would stay taken after us.
        os.register_at_fork(after_in_child=self._let_go)

    def open(self) -> None:
        """Take the port as soon as it can be had, and answer until it is closed."""
        listener = self._take_the_port()
        if listener is None:
            return
        self._listener = listener
        if self._closed.is_set():  # meanwhile, when there was nothing to close
            self.close()
        for _ in range(PLACES):
            threading.Thread(target=self._stand, args=(listener,), daemon=True).start()

    def _take_the_port(self) -> socket.socket | None:
        said = False
        while not self._closed.is_set():
            try:
                return _listen(self.port)
            except OSError as error:
                if not said:
                    logger.warning("Figures cannot be told at port %s (%s)", self.port, error)
                said = True
                self._closed.wait(TRY_AGAIN_SECONDS)
        return None

    def close(self) -> None:
        self._closed.set()
        if self._listener is not None:
            try:
                self._listener.shutdown(socket.SHUT_RDWR)  # whoever waits for a caller is woken
            except OSError:
                pass  # by whoever closed it before
            self._listener.close()

    def _let_go(self) -> None:
        if self._listener is not None:
            self._listener.close()

    def _stand(self, listener: socket.socket) -> None:
        while not self._closed.is_set():
            try:
                caller, address = listener.accept()
            except OSError:
                self._closed.wait(0.1)  # no file left to open, or a caller who is gone already
                continue
            try:
                with caller:
                    answer(caller, str(address[0]))
            except OSError:
                pass  # too slow, or gone
            except Exception:
                logger.exception("Figures could not be told")


def answer(caller: socket.socket, address: str) -> None:
    """One request, one answer. Raises OSError where the caller does not keep up."""
    head = _read_head(caller, until=time.monotonic() + SECONDS)
    if head is None:
        return
    asked, _, rest = head.partition("\r\n")
    authorization = _header(rest, "authorization")
    if _is_ours(asked) and may_look(authorization, lambda: address):
        status, body = "200 OK", counters.counted()
    else:
        status, body = "404 Not Found", b""
    lines = (
        f"HTTP/1.1 {status}",
        f"Content-Type: {CONTENT_TYPE_LATEST if body else 'text/plain'}",
        f"Content-Length: {len(body)}",
        "Cache-Control: private, no-store",
        "Connection: close",
    )
    caller.settimeout(SECONDS)  # of all of it, however often it is taken up again
    caller.sendall("\r\n".join((*lines, "", "")).encode() + body)


def _listen(port: int) -> socket.socket:
    """On every address, of both kinds where the machine has both."""
    if socket.has_dualstack_ipv6():
        try:
            return socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True)
        except OSError:
            pass  # switched off; the other kind tells what is wrong, if that is not it
    return socket.create_server(("", port))


def _read_head(caller: socket.socket, *, until: float) -> str | None:
    """Everything before the empty line; None where it is too long or ends before."""
    head = b""
    while b"\r\n\r\n" not in head:
        if len(head) > LARGEST_HEAD_BYTES:
            return None
        caller.settimeout(max(0.001, until - time.monotonic()))
        some = caller.recv(LARGEST_HEAD_BYTES)
        if not some:
            return None
        head += some
    return head.partition(b"\r\n\r\n")[0].decode("latin-1")


def _header(lines: str, name: str) -> str:
    for line in lines.split("\r\n"):
        said, _, value = line.partition(":")
        if said.lower() == name:
            return value.strip()
    return ""


def _is_ours(asked: str) -> bool:
    method, _, rest = asked.partition(" ")
    return method == "GET" and rest.split(" ")[0].partition("?")[0] == "/metrics"
