"""Reading from a replica, and never from one that lags behind what its reader knows.

A request that only looks is answered from the replica. Whoever has written carries the position of
their write in the primary's log (a cookie; for a token, an entry in the cache), and reads the
primary until the replica has come that far. Tasks, commands and everything inside a transaction
read the primary.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import blake2b

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponse

REPLICA = "replica"
COOKIE = "rockpool_wrote"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Pages that must say what is so now: of staff, and of those who watch.
OF_THE_PRIMARY = ("/admin/", "/livez", "/healthz", "/readyz", "/metrics")
# A replica that is further behind is not read by anybody: what was hidden or taken away is not to
# be met for longer.
MOST_LAG = timedelta(seconds=5)
# Longer than a replica in use can need to come up with a write.
MARK_KEPT = timedelta(minutes=1)
# How long an answer of the replica about itself is believed, and how long it is left alone where
# there was none.
ASKED_EVERY, LEFT_ALONE = timedelta(seconds=1), timedelta(seconds=15)

Position = int


def position_of(text: str) -> Position:
    """PostgreSQL's "16/B374D848" as a number. Raises ValueError."""
    high, low = (int(part, 16) for part in text.split("/"))
    if not (0 <= high < 1 << 32 and 0 <= low < 1 << 32):
        raise ValueError(text)
    return (high << 32) | low


# ---------------------------------------------------------------- what this request may read
@dataclass
class Reading:
    """One request: whether it may read the replica, and whether it has written."""

    from_replica: bool
    wrote: bool = False

    @property
    def alias(self) -> str:
        # What follows a write may look for it.
        return REPLICA if self.from_replica and not self.wrote else "default"


_READING: ContextVar[Reading | None] = ContextVar("reading", default=None)


@contextmanager
def reading(one: Reading) -> Iterator[Reading]:
    token = _READING.set(one)
    try:
        yield one
    finally:
        _READING.reset(token)


def current() -> Reading | None:
    """None outside of requests."""
    return _READING.get()


# ---------------------------------------------------------------- how far the replica is
@dataclass
class Watch:
    """What this process last heard from the replica."""

    ask: Callable[[], tuple[Position | None, timedelta]] = field(default=lambda: ask_the_replica())
    clock: Callable[[], float] = time.monotonic
    _position: Position | None = None
    _lag: timedelta | None = None  # None: it did not answer
    _until: float = float("-inf")
    _asking: threading.Lock = field(default_factory=threading.Lock)

    def has(self, position: Position) -> bool:
        """Whether the replica answers, is not far behind, and has come as far as this."""
        if self.clock() >= self._until and self._asking.acquire(blocking=False):
            # One asks for all: a replica that is away makes nobody else wait.
            try:
                self._look()
            finally:
                self._asking.release()
        if self._lag is None or self._lag > MOST_LAG:
            return False
        if self._is_behind(position):
            self._look()  # it may have come up within the second
        return self._lag is not None and not self._is_behind(position)

    def _is_behind(self, position: Position) -> bool:
        return self._position is not None and self._position < position

    def _look(self) -> None:
        try:
            self._position, self._lag = self.ask()
        except DatabaseError:
            self._position, self._lag = None, None
        pause = LEFT_ALONE if self._lag is None else ASKED_EVERY
        self._until = self.clock() + pause.total_seconds()


def ask_the_replica() -> tuple[Position | None, timedelta]:
    """Its position (None: it is no standby and has everything), and how far behind it is."""
    with connections[REPLICA].cursor() as cursor:
        cursor.execute(
            "SELECT pg_last_wal_replay_lsn()::text,"
            " CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0"
            " ELSE COALESCE(EXTRACT(EPOCH FROM now() - pg_last_xact_replay_timestamp()), 0) END"
        )
        text, seconds = cursor.fetchone()
    return (position_of(text) if text else None), timedelta(seconds=float(seconds))


def _position_of_the_primary() -> str:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn()::text")
        return str(cursor.fetchone()[0])


# ---------------------------------------------------------------- each request
class ReadWhatIsFresh:
    """Decides for each request, and remembers with its reader how far they have written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if REPLICA not in settings.DATABASES:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.watch = Watch()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        looks = request.method in SAFE and not request.path.startswith(OF_THE_PRIMARY)
        with reading(Reading(from_replica=looks and self._is_fresh_for(request))) as one:
            response = self.get_response(request)
        if one.wrote or request.method not in SAFE:
            self._remember(request, response)
        return response

    def _is_fresh_for(self, request: HttpRequest) -> bool:
        key = _key_of_token(request)
        mark = cache.get(key) if key else request.COOKIES.get(COOKIE)
        try:
            return self.watch.has(position_of(str(mark)) if mark else 0)
        except ValueError:  # somebody else's cookie
            return self.watch.has(0)

    def _remember(self, request: HttpRequest, response: HttpResponse) -> None:
        kept = int(MARK_KEPT.total_seconds())
        if key := _key_of_token(request):
            cache.set(key, _position_of_the_primary(), kept)
        elif "public" not in response.headers.get("Cache-Control", ""):
            # A page that anybody's cache may keep carries nobody's cookie.
            response.set_cookie(
                COOKIE, _position_of_the_primary(), max_age=kept, httponly=True, samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip


def _key_of_token(request: HttpRequest) -> str:
    """Programs keep no cookies: the name of their mark in the cache; "" where there is no token."""
    shown = request.headers.get("Authorization", "")
    return f"wrote:{blake2b(shown.encode(), digest_size=16).hexdigest()}" if shown else ""
