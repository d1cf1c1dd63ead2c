"""Whether the servers that pages can do without answer: the broker, the cache, the store of files.

`/readyz` names them. `/healthz` does not: to take the web out of service mends none of them.

Each is asked by a thread of its own. Libraries try again and wait longer than they were told to,
and a name is looked up for as long as it takes; whoever asks here has a second.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.files.storage import storages

from community.celery import app

ANSWERED_WITHIN_SECONDS = 1.0
# What was found is told again for so long: those who watch ask every few seconds, strangers may ask
# more often than that.
KEPT_SECONDS = 5.0

Question = Callable[[], object]


class Servers:
    """What was last found, for all threads of a process."""

    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._found: dict[str, str] = {}
        self._asked_at = float("-inf")

    def reasons(self) -> dict[str, str]:
        """Each server of this community by name, and why it is not well: "" where it is.

        While one asks, the others are told what was found before. Only the first wait with it.
        """
        if self._is_new() or not self._asking.acquire(blocking=not self._found):
            return self._found
        try:
            if not self._is_new():
                # A broker that is a folder needs no server, and is a part all the same.
                self._found = {"broker": ""} | answers(questions())
                self._asked_at = time.monotonic()
            return self._found
        finally:
            self._asking.release()

    def _is_new(self) -> bool:
        return time.monotonic() - self._asked_at < KEPT_SECONDS


SERVERS = Servers()


def questions() -> dict[str, Question]:
    """What each server is asked; none for what is a folder or a table."""
    asked: dict[str, Question] = {}
    if not settings.CELERY_BROKER_URL.startswith("atomicfiles:"):
        asked["broker"] = _ask_broker
    if is_redis_the_cache():
        asked["cache"] = ask_cache
    if "media" in settings.STORAGES:
        asked["files"] = _ask_store()
    return asked


def answers(asked: Mapping[str, Question], seconds: float | None = None) -> dict[str, str]:
    """Ask all at once: name -> why it is not well, "" where it is. Never an exception.

    Of an error its kind only: the words of some hold addresses and what opens them.
    """
    found: dict[str, str] = {}
    threads = [
        threading.Thread(target=_ask, args=(name, question, found), daemon=True)
        for name, question in asked.items()
    ]
    for thread in threads:
        thread.start()
    seconds = ANSWERED_WITHIN_SECONDS if seconds is None else seconds
    give_up = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, give_up - time.monotonic()))
    silent = f"does not answer within {seconds:g} s"
    return {name: found.get(name, silent) for name in asked}


def _ask(name: str, question: Question, found: dict[str, str]) -> None:
    try:
        question()
    except Exception as error:  # each library has its own
        found[name] = f"does not let us in ({type(error).__name__})"
    else:
        found[name] = ""


# ---------------------------------------------------------------- what they are asked
def is_redis_the_cache() -> bool:
    return str(settings.CACHES["default"]["BACKEND"]).endswith(".PatientRedisCache")


def ask_cache() -> None:
    """For real: to pages a patient cache that is away seems an empty one."""
    cache: Any = caches["default"]
    cache.ask()


def _ask_broker() -> None:
    """Once, as Celery's own way of connecting tries again after two seconds."""
    seconds = ANSWERED_WITHIN_SECONDS
    told: dict[str, Any] = {"connect_timeout": seconds}
    if settings.CELERY_BROKER_URL.startswith("redis"):
        told["transport_options"] = {"socket_connect_timeout": seconds, "socket_timeout": seconds}
    with app.connection_for_write(settings.CELERY_BROKER_URL, **told) as connection:
        line = connection.transport.establish_connection()
        connection.transport.close_connection(line)


def _ask_store() -> Question:
    """Its client is made by whoever asks, and kept with that thread."""
    storage: Any = storages["media"]
    client, bucket = storage.connection.meta.client, storage.bucket_name
    return lambda: client.head_bucket(Bucket=bucket)
