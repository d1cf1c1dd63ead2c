"""Messages as files in a folder: never seen half-written, never taken twice, never forgotten.

A message is written beside its queue and renamed into it, and claimed by renaming it out. A
claimed file stays until it is acknowledged. Whoever claims holds a lock for as long as it lives, so
the next consumer to start can tell a dead claimer from a busy one and give its messages back.

    tmp/                        messages being written
    ready/<queue>/              waiting, oldest first by name
    claimed/<claimer>/<queue>/  delivered, not acknowledged; <claimer>.lock is held while it lives
    exchanges/<exchange>/       one file for each queue bound to it
    broken/                     what could not be read, kept for a person to look at

Nothing is synced to disk: after a power cut messages may be missing. Rockpool keeps the truth in
its database and only rings Celery awake, so a lost ring delays work and never loses it.
"""

import contextlib
import errno
import fcntl
import hashlib
import json
import logging
import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

# Marks a message that was delivered before and not acknowledged. It is part of the file's name so
# that giving a message back stays one rename.
GIVEN_BACK = ".again"
ABANDONED_AFTER_SECONDS = 3600.0

Payload = dict[str, Any]


@contextlib.contextmanager
def disk_errors_as_operational() -> Iterator[None]:
    """Turn a full or broken disk into the one error that callers of Celery already expect."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OperationalError(
                "The disk that holds the broker's folder is full. Free some space; "
                "what was not sent is kept in the database and sent later."
            ) from error
        raise OperationalError(f"The broker's folder cannot be used: {error}") from error


def folder_name(name: str) -> str:
    """A queue's or exchange's name as a single folder name that can never lead elsewhere."""
    return quote(name, safe="@").replace(".", "%2E") or "%00"


class Spool:
    """The broker's folder, and what may be done to the messages in it. Knows nothing of kombu."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with disk_errors_as_operational():
            for part in ("tmp", "ready", "claimed", "exchanges", "broken"):
                (folder / part).mkdir(parents=True, exist_ok=True)

    def open_queue(self, queue: str) -> Path:
        path = self.queue_path(queue)
        with disk_errors_as_operational():
            path.mkdir(exist_ok=True)
        return path

    def queue_path(self, queue: str) -> Path:
        return self.folder / "ready" / folder_name(queue)

    def write(self, queue: str, payload: Payload) -> None:
        """Put one message at the end of a queue. Raises OperationalError when the disk is full."""
        # The wall clock, not the monotonic one, which starts again with the machine.
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex}.msg"
        target = self.open_queue(queue) / name
        self._write_whole(target, json.dumps(payload).encode())

    def _write_whole(self, target: Path, content: bytes) -> None:
        unfinished = self.folder / "tmp" / uuid.uuid4().hex
        try:
            with disk_errors_as_operational():
                unfinished.write_bytes(content)
                unfinished.rename(target)
        except OperationalError:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise

    def waiting(self, queue: str) -> list[str]:
        """Names of the messages waiting in a queue, oldest first."""
        try:
            return sorted(os.listdir(self.queue_path(queue)))
        except FileNotFoundError:
            return []

    def purge(self, queue: str) -> int:
        """Throw away what waits in a queue; how many messages that were."""
        removed = 0
        for name in self.waiting(queue):
            with contextlib.suppress(FileNotFoundError):
                (self.queue_path(queue) / name).unlink()
                removed += 1
        return removed

    def bind(self, exchange: str, binding: tuple[str, str, str]) -> None:
        content = json.dumps(binding).encode()
        path = self._binding_path(exchange, content)
        if not path.exists():
            with disk_errors_as_operational():
                path.parent.mkdir(exist_ok=True)
            self._write_whole(path, content)

    def unbind(self, exchange: str, binding: tuple[str, str, str]) -> None:
        self._binding_path(exchange, json.dumps(binding).encode()).unlink(missing_ok=True)

    def bindings(self, exchange: str) -> list[tuple[str, str, str]]:
        """Every (routing key, pattern, queue) of an exchange, whichever process declared it."""
        found = []
        for path in sorted((self.folder / "exchanges" / folder_name(exchange)).glob("*.json")):
            with contextlib.suppress(FileNotFoundError):
                routing_key, pattern, queue = json.loads(path.read_bytes())
                found.append((routing_key, pattern, queue))
        return found

    def _binding_path(self, exchange: str, content: bytes) -> Path:
        digest = hashlib.sha256(content).hexdigest()[:32]
        return self.folder / "exchanges" / folder_name(exchange) / f"{digest}.json"


class Claimer:
    """One process that takes messages. Its lock dies with it, and with the children it forked."""

    def __init__(self, spool: Spool) -> None:
        self.spool = spool
        self.name = f"{os.getpid()}-{uuid.uuid4().hex[:12]}"
        self.folder = spool.folder / "claimed" / self.name
        with disk_errors_as_operational():
            self._lock = self._take_lock()
            self.folder.mkdir()

    def _take_lock(self) -> int:
        """Lock first, show afterwards: nobody may meet our lock file while it is still free."""
        hidden = self.spool.folder / "tmp" / f"{self.name}.lock"
        descriptor = os.open(hidden, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        hidden.rename(self.folder.with_name(f"{self.name}.lock"))
        return descriptor

    def claim(self, queue: str, name: str) -> tuple[str, Payload] | None:
        """Take one message: (delivery tag, payload), or None when another consumer was faster."""
        tag = f"{folder_name(queue)}/{name}"
        claimed = self.folder / tag
        try:
            claimed.parent.mkdir(exist_ok=True)
            (self.spool.queue_path(queue) / name).rename(claimed)
        except FileNotFoundError:
            return None
        return self._read(tag)

    def _read(self, tag: str) -> tuple[str, Payload] | None:
        path = self.folder / tag
        try:
            payload: Payload = json.loads(path.read_bytes())
            properties = payload["properties"]
        except (ValueError, KeyError, TypeError):
            logger.exception("A message could not be read and was set aside: %s", tag)
            path.rename(self.spool.folder / "broken" / path.name)
            return None
        properties["delivery_tag"] = tag
        if tag.endswith(GIVEN_BACK):
            properties.setdefault("delivery_info", {})["redelivered"] = True
        return tag, payload

    def forget(self, tag: str) -> None:
        """The message has been dealt with."""
        (self.folder / tag).unlink(missing_ok=True)

    def give_back(self, tag: str) -> None:
        """Put a claimed message back where it was, marked as delivered before."""
        _put_back(self.folder / tag, self.spool)


def _put_back(claimed: Path, spool: Spool) -> None:
    queue = unquote(claimed.parent.name)
    marked = claimed.name.removesuffix(GIVEN_BACK) + GIVEN_BACK
    target = spool.open_queue(queue) / marked
    with contextlib.suppress(FileNotFoundError):
        claimed.rename(target)


def give_back_for_the_dead(spool: Spool) -> int:
    """Return what claimers held that no longer live; how many messages that were.

    A lock that can be taken belongs to nobody alive. Two processes may do this at the same time.
    """
    returned = 0
    for lock in (spool.folder / "claimed").glob("*.lock"):
        with contextlib.suppress(FileNotFoundError), open(lock, "rb+") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            returned += _empty_claims(lock.with_suffix(""), spool)
            lock.unlink(missing_ok=True)
    return returned


def _empty_claims(claims: Path, spool: Spool) -> int:
    if not claims.exists():
        return 0
    messages = list(claims.glob("*/*"))
    for message in messages:
        _put_back(message, spool)
    for folder in (*claims.iterdir(), claims):
        folder.rmdir()
    return len(messages)


def sweep_unfinished(spool: Spool, now: float) -> None:
    """Remove what a writer left half-written long ago. `now` is in seconds since the epoch."""
    for path in (spool.folder / "tmp").iterdir():
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < now - ABANDONED_AFTER_SECONDS:
                path.unlink()


_claimers: dict[tuple[int, Path], Claimer] = {}


def claimer_of_this_process(spool: Spool) -> Claimer:
    """The one claimer of this process; its first call also gives back what the dead held."""
    key = (os.getpid(), spool.folder)
    if key not in _claimers:
        _claimers[key] = Claimer(spool)
        sweep_unfinished(spool, time.time())
        returned = give_back_for_the_dead(spool)
        if returned:
            logger.warning("%d messages of a dead consumer are delivered again", returned)
    return _claimers[key]
