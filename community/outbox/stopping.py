"""Whether this worker is asked to stop: told once by its main process, seen by all it forked.

One byte of shared memory and no lock: a task process that is killed can then hold up nobody.
"""

from __future__ import annotations

import mmap
from typing import Any

from celery.signals import worker_shutting_down

# Made when the worker loads its tasks, before it forks.
_ASKED = mmap.mmap(-1, 1)


def is_asked() -> bool:
    return _ASKED[0] == 1


@worker_shutting_down.connect
def ask(**_: Any) -> None:
    """Long jobs look at this and give back what they are at."""
    _ASKED[0] = 1
