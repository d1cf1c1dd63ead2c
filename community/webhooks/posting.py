"""One POST to an address that somebody typed: to the number that was checked, within a deadline.

The standard library's client, because it follows no redirect, reads no proxy settings and lets us
choose the number to connect to while the certificate is checked against the name.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from contextlib import suppress
from typing import Any

from .addresses import Address, Unreachable, numbers_of

# From the first byte to the last, whatever the other side does.
DEADLINE = 8.0
# Of an answer only the status counts; so much is read at most.
MOST_READ = 1_024
_TLS = ssl.create_default_context()


class _ToNumber(http.client.HTTPConnection):
    """A connection to one number, and TLS for the name."""

    def __init__(self, address: Address, number: str, *, until: float) -> None:
        super().__init__(address.host, address.port, timeout=max(0.1, until - time.monotonic()))
        self._number, self._secure = number, address.secure

    def connect(self) -> None:
        plain = socket.create_connection((self._number, self.port), self.timeout)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock: Any = (
            _TLS.wrap_socket(plain, server_hostname=self.host) if self._secure else plain
        )


def post(address: Address, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer. Raises Unreachable with a short reason for the log."""
    until = time.monotonic() + DEADLINE
    trouble: Exception | None = None
    for number in numbers_of(address)[:3]:
        if time.monotonic() >= until:
            break
        try:
            return _post_to(address, number, body, headers, until=until)
        except ConnectionRefusedError as error:  # another of its numbers may listen
            trouble = error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unreachable(_short(error)) from error
    raise Unreachable(_short(trouble))


def _post_to(
    address: Address, number: str, body: bytes, headers: dict[str, str], *, until: float
) -> int:
    connection = _ToNumber(address, number, until=until)
    # A peer that sends a byte now and then never runs into the socket's own timeout.
    guard = threading.Timer(max(0.1, until - time.monotonic()), _cut, args=(connection,))
    guard.daemon = True
    guard.start()
    try:
        connection.request("POST", address.target, body=body, headers=headers)
        answer = connection.getresponse()
        answer.read(MOST_READ)
        return answer.status
    finally:
        guard.cancel()
        connection.close()


def _cut(connection: http.client.HTTPConnection) -> None:
    if connection.sock is not None:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)


def _short(error: Exception | None) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return "Its certificate is not valid for this name."
    if isinstance(error, TimeoutError):
        return f"No answer within {DEADLINE:.0f} seconds."
    if isinstance(error, ConnectionRefusedError):
        return "Nobody listens there."
    return "The connection broke off or what came back is not HTTP."
