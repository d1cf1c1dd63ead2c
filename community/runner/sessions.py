"""Find and end everything that a process has forked, by its session.

Each service is started in a session of its own and what it forks stays in it, whoever its parent is
by then. That is how the leftovers of a killed process are found.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def members(session: int) -> list[int]:
    """Ids of the processes that live in a session, whoever their parent is by now."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdecimal() and _session_of(int(name)) == session:
            found.append(int(name))
    return found


def lives(pid: int) -> bool:
    """Whether a process is there and more than a name that waits for its parent."""
    return _session_of(pid) is not None


def _session_of(pid: int) -> int | None:
    """The session of a living process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
        # The name stands in brackets before the rest and may hold anything.
        state, _parent, _group, session = stat.rpartition(")")[2].split()[:4]
    except (OSError, ValueError):
        return None
    return None if state in "ZX" else int(session)


def signal_session(session: int, number: signal.Signals) -> int:
    """Send a signal to everyone in a session; how many that were."""
    pids = members(session)
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
    return len(pids)


def end_session(session: int, *, patience: float) -> None:
    """Ask everyone left in a session to stop, and end them when they do not within `patience` s."""
    give_up = time.monotonic() + patience
    signal_session(session, signal.SIGTERM)
    while members(session):
        if time.monotonic() > give_up:
            signal_session(session, signal.SIGKILL)
        time.sleep(0.05)
