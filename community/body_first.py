"""WSGI: have the whole request before taking one of the few places where Django works.

The web server gives each request a thread, and a thread that waits for a slow upload costs nearly
nothing. A thread in which Django works costs a database connection with its cache, and more of
them than cores only make each other wait. So there are many threads that read and few that work:
three hundred people on bad lines do not keep the others from their pages.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

CHUNK_BYTES = 64 * 1024
# Beyond this size a body waits on disk and not in memory.
IN_MEMORY_BYTES = 1024 * 1024


class BodyFirst:
    """Wraps a WSGI application; `places` is how many requests are worked on at once."""

    def __init__(self, application: Application, *, places: int, largest_body: int) -> None:
        self.application = application
        self.largest_body = largest_body
        self.workers = ThreadPoolExecutor(places, thread_name_prefix="place")

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        length = _content_length(environ)
        if length is None:
            return _refuse(start_response, "400 Bad Request", "Content-Length is not a number.")
        if length > self.largest_body:
            return _refuse(start_response, "413 Content Too Large", "The request is too large.")
        if not length:
            return self._work(environ, start_response)
        with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as body:
            if not _read_whole(environ["wsgi.input"], body, length):
                return _refuse(start_response, "400 Bad Request", "The request ended too early.")
            environ["wsgi.input"] = body
            return self._work(environ, start_response)

    def _work(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        return self.workers.submit(self._answer, environ, start_response).result()

    def _answer(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """A finished answer is closed here, in the thread that holds the database connection."""
        response = self.application(environ, start_response)
        if getattr(response, "streaming", False):
            return response
        try:
            return [b"".join(response)]
        finally:
            close = getattr(response, "close", None)
            if close:
                close()


def _content_length(environ: Environ) -> int | None:
    """Bytes announced, 0 when none are, None when it is not a number."""
    announced = environ.get("CONTENT_LENGTH") or "0"
    return int(announced) if announced.isascii() and announced.isdecimal() else None


def _read_whole(source: IO[bytes], body: IO[bytes], length: int) -> bool:
    """Copy exactly `length` bytes and rewind; False when the sender stopped before."""
    missing = length
    while missing:
        chunk = source.read(min(CHUNK_BYTES, missing))
        if not chunk:
            return False
        body.write(chunk)
        missing -= len(chunk)
    body.seek(0)
    return True


def _refuse(start_response: StartResponse, status: str, reason: str) -> list[bytes]:
    start_response(status, [("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close")])
    return [f"{reason}\n".encode()]
