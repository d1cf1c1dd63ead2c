"""One data folder, one running Rockpool: a lock that ends with the last process that holds it."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from .checks import CannotStart
from .sessions import lives

LOCK_NAME = "rockpool.lock"
# Made by mkfs at the top of a disk, and root's: where the data folder is that disk, it is in it.
LOST_AND_FOUND = "lost+found"
# After a kill -9 the undertaker needs this long at most to end what was left.
PATIENCE_SECONDS = 12.0


class FolderLock:
    """Held while Rockpool runs on a folder. The file names the runner: `kill -HUP` reloads it."""

    def __init__(self, data: Path) -> None:
        self.path = data / LOCK_NAME
        self._file = open(self.path, "a+", encoding="ascii")  # noqa: SIM115 - held for life

    def take(self, *, port: int, patience: float = PATIENCE_SECONDS) -> None:
        """Raises CannotStart when a living runner has it; waits for the leftovers of a dead one."""
        give_up = time.monotonic() + patience
        while not self._try():
            holder = self._read_holder()
            if lives(holder) or time.monotonic() > give_up:
                raise CannotStart(
                    f"Another Rockpool (process {holder or 'unknown'}) already runs on this data "
                    f"folder: {self.path.parent}. Stop it, or choose another folder with "
                    "make run DATA=/some/folder."
                )
            time.sleep(0.1)
        self._file.seek(0)
        self._file.truncate()
        self._file.write(f"{os.getpid()}\n{port}\n")
        self._file.flush()

    def fileno(self) -> int:
        return self._file.fileno()

    def release(self) -> None:
        self._file.close()

    def _try(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _read_holder(self) -> int:
        self._file.seek(0)
        first = self._file.readline().strip()
        return int(first) if first.isdecimal() else 0
