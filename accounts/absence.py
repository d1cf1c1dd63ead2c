"""Whether a server that pages can do without is away, known to all threads of a process.

Whoever finds it away has waited for it; nobody else waits until a thread, started then, has had an
answer. Were pages themselves to look whether it is back, each look would be a page that waits.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

ASK_EVERY_SECONDS = 1.0


class Absence:
    """Of one server. Begins with the first who was not answered."""

    def __init__(self) -> None:
        self.lasts = False
        self._begins = threading.Lock()

    def begin(self, is_back: Callable[[], bool]) -> bool:
        """Note that it is away; whether that is news. `is_back` is asked in a thread of its own."""
        with self._begins:
            if self.lasts:
                return False
            self.lasts = True
        threading.Thread(target=self._wait, args=(is_back,), daemon=True).start()
        return True

    def _wait(self, is_back: Callable[[], bool]) -> None:
        try:
            while not is_back():
                time.sleep(ASK_EVERY_SECONDS)
        finally:
            self.lasts = False


_ABSENCES: dict[str, Absence] = {}
# A child of a process has none of its threads, so nobody would tell it that the server is back.
os.register_at_fork(after_in_child=_ABSENCES.clear)


def absence_of(address: str) -> Absence:
    return _ABSENCES.setdefault(address, Absence())
