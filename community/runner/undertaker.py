"""A small process that waits for the runner to die and then ends what it left behind.

The runner cannot do this itself after a kill -9, and the parent-death signal of Linux reaches only
children, not the processes that those forked. So the runner keeps a pipe open to this process and
names each session it starts. When the pipe closes without a farewell, those sessions are ended.
Being a fork of the runner, it also shares the lock of the data folder until then: nobody else can
start among leftovers.
"""

from __future__ import annotations

import os
import signal
import time
from typing import IO

from .sessions import end_session, signal_session

FAREWELL = "farewell"
PATIENCE_SECONDS = 5.0


class Undertaker:
    """The runner's end of the pipe. Make it before any thread is started."""

    def __init__(self) -> None:
        hears, tells = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(tells)
            _live_as_undertaker(hears)
        os.close(hears)
        self._pipe = os.fdopen(tells, "w", buffering=1)

    def watch(self, session: int) -> None:
        self._tell(f"+{session}")

    def forget(self, session: int) -> None:
        """The session has ended; its number may soon be somebody else's."""
        self._tell(f"-{session}")

    def dismiss(self) -> None:
        """Everything has ended well: nothing is left to do."""
        self._tell(FAREWELL)
        try:
            os.waitpid(self.pid, 0)
        except ChildProcessError:
            pass

    def has_died(self) -> bool:
        try:
            return os.waitpid(self.pid, os.WNOHANG) != (0, 0)
        except ChildProcessError:
            return True

    def _tell(self, line: str) -> None:
        try:
            self._pipe.write(line + "\n")
        except (BrokenPipeError, ValueError):
            pass  # it was killed; the supervisor makes another


def _live_as_undertaker(hears: int) -> None:
    """Never returns: this is the whole life of the forked process."""
    try:
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        with os.fdopen(hears) as pipe:
            left_behind = listen(pipe)
        end_all(left_behind)
    finally:
        os._exit(0)


def listen(pipe: IO[str]) -> set[int]:
    """The sessions that are still watched when the pipe closes; none after a farewell."""
    watched: set[int] = set()
    for line in pipe:
        word = line.strip()
        if word == FAREWELL:
            return set()
        (watched.add if word[0] == "+" else watched.discard)(int(word[1:]))
    return watched


def end_all(sessions: set[int]) -> None:
    """Ask all of them at once, then end one after another what does not go."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    for session in sessions:
        signal_session(session, signal.SIGTERM)
    for session in sessions:
        end_session(session, patience=max(0.0, give_up - time.monotonic()))
