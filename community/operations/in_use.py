"""Whether somebody uses a data folder: any process that has its database open."""

from __future__ import annotations

import fcntl
from pathlib import Path

# While a process has a database in WAL open, it holds a shared lock on this byte of the -shm file
# (UNIX_SHM_DMS of SQLite's os_unix.c).
ALIVE_BYTE = 128


def has_open_database(folder: Path) -> bool:
    """Whether another process has the folder's database open. Opens nothing of the database."""
    try:
        with open(folder / "db.sqlite3-shm", "r+b") as shared:
            fcntl.lockf(shared, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, ALIVE_BYTE)
    except FileNotFoundError:
        return False
    except (BlockingIOError, PermissionError):
        return True
    return False
