"""A TCP proxy that can break: it refuses whom it passed before, or swallows what they say."""

from __future__ import annotations

import contextlib
import selectors
import socket
import struct
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

CHUNK_BYTES = 64 * 1024
LOOK_EVERY_SECONDS = 0.1
# Closed with this, a connection ends by a reset, as when a process dies.
AT_ONCE = struct.pack("ii", 1, 0)


class FaultProxy:
    """Between clients and the server at `target`, on a port of its own."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.whole = threading.Event()
        self.whole.set()
        self.met = 0  # connections that were refused, cut or kept waiting
        self._connections: set[socket.socket] = set()
        self._stopped = False
        self._hung: list[threading.Event] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    # ---------------------------------------------------------------- what happens to it
    def refuse(self) -> None:
        """Nobody listens any more, and who was connected is cut off."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._cut()

    def hang(self) -> None:
        """Everybody is connected, and nothing arrives."""
        self.met += len(self._connections) // 2
        self.whole.clear()
        self._hung.append(self.whole)

    def mend(self) -> None:
        """Whoever comes is passed again. What hung hangs on: a network that swallowed packets has
        forgotten the connection, and tells neither side."""
        if not self.whole.is_set():
            self.whole = threading.Event()
            self.whole.set()
        if self._listener.fileno() < 0:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def close(self) -> None:
        self._stopped = True
        for whole in self._hung:
            whole.set()
        if self._listener.fileno() >= 0:
            self.refuse()

    # ---------------------------------------------------------------- connections
    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        self._connections.add(client)
        whole = self.whole
        self.met += not whole.is_set()
        whole.wait()
        try:
            server = socket.create_connection(("127.0.0.1", self.target), 5)
        except OSError:
            _reset(client)
            self._connections.discard(client)
            return
        self._connections.add(server)
        try:
            self._pump(client, server, whole)
        except (OSError, ValueError):  # cut off while it was waited for
            pass
        for end in (client, server):
            self._connections.discard(end)
            _reset(end)

    def _pump(self, client: socket.socket, server: socket.socket, whole: threading.Event) -> None:
        """Carry bytes both ways until one of them ends."""
        other = {client: server, server: client}
        with selectors.DefaultSelector() as ready:
            for end in other:
                ready.register(end, selectors.EVENT_READ)
            while not self._stopped:
                whole.wait()
                for key, _ in ready.select(LOOK_EVERY_SECONDS):
                    end = key.fileobj
                    assert isinstance(end, socket.socket)
                    said = end.recv(CHUNK_BYTES)
                    # Between the look and here it may have begun to hang.
                    whole.wait()
                    if not said:
                        return
                    other[end].sendall(said)

    def _cut(self) -> None:
        for end in list(self._connections):
            self.met += 1
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def _reset(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        end.close()


@contextlib.contextmanager
def proxied(address: str) -> Iterator[tuple[FaultProxy, str]]:
    """A proxy before the server at this address, and the address that leads through it."""
    parts = urlsplit(address)
    assert parts.port
    proxy = FaultProxy(parts.port)
    where = parts.netloc.rpartition(":")[0]
    try:
        yield proxy, parts._replace(netloc=f"{where}:{proxy.port}").geturl()
    finally:
        proxy.close()
