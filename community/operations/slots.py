"""Where processes count what Prometheus asks for: memory-mapped files that outlive them.

Each process that counts holds one numbered slot by a lock. Who starts later takes over the slot,
and the counts, of one that died: so there are never more files than there were processes at once,
and what was counted is not lost with a process that is replaced.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
from itertools import count
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it, and checked


def folder_for(data: Path, chosen: str) -> Path:
    """A folder in memory: a full disk must not stop, or kill, who counts. Made where it is not.

    `chosen` is an operator's own. A folder in shared memory that belongs to somebody else is not
    used, and the data folder is.
    """
    if chosen:
        path = Path(chosen).absolute()
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path
    name = hashlib.blake2b(os.fsencode(data), digest_size=8).hexdigest()
    shared = SHARED_MEMORY / f"rockpool-{os.geteuid()}-{name}"
    if _is_ours(shared):
        return shared
    beside = data / "metrics"
    beside.mkdir(parents=True, exist_ok=True)
    return beside


def _is_ours(path: Path) -> bool:
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        pass
    except OSError:
        return False
    found = path.lstat()
    return (
        stat.S_ISDIR(found.st_mode)
        and found.st_uid == os.geteuid()
        and not stat.S_IMODE(found.st_mode) & 0o077
    )


class Slots:
    """Calling it gives the name of this process's slot; a child that was forked gets its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._holder, self._name = -1, ""
        self._lock: int | None = None

    def __call__(self) -> str:
        if self._holder != os.getpid():
            self._take()
        return self._name

    def _take(self) -> None:
        # What was inherited is the parent's: its lock stays with it when our copy is closed.
        if self._lock is not None:
            os.close(self._lock)
        for number in count():
            lock = os.open(self.folder / f"slot-{number}.lock", os.O_CREAT | os.O_RDWR, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
                continue
            self._lock, self._holder, self._name = lock, os.getpid(), f"slot{number}"
            return
