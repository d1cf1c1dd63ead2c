"""A clock that is moved by hand.

Services take `now`; jobs, tasks and what a process remembers ask the time themselves. In the
sandbox both answers are this clock's: it stands for `timezone.now` and `time.monotonic` while it is
in force. See docs/decisions/0024-the-sandbox-runs-the-real-code.md.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

# A Monday: the same in every run, so that the same seed is the same community.
BEGINNING = datetime(2026, 1, 5, tzinfo=UTC)


class Clock:
    """Stands still until it is moved, and never goes back."""

    def __init__(self, now: datetime = BEGINNING) -> None:
        self.now = now

    def move_to(self, moment: datetime) -> None:
        if moment < self.now:
            raise ValueError("A clock does not go back.")
        self.now = moment

    def move(self, step: timedelta) -> None:
        self.move_to(self.now + step)

    @contextmanager
    def in_force(self) -> Iterator[Clock]:
        """Everything in this process goes by this clock. For a process of its own, or a test."""
        places: list[tuple[Any, str, Any]] = [
            (timezone, "now", lambda: self.now),
            (time, "monotonic", lambda: self.now.timestamp()),
        ]
        kept = [getattr(module, name) for module, name, _ours in places]
        for module, name, ours in places:
            setattr(module, name, ours)
        try:
            yield self
        finally:
            for (module, name, _ours), former in zip(places, kept, strict=True):
                setattr(module, name, former)
