"""Periodic tasks that fire once per slot, however many beats ring.

    @periodic("feeds.advance_pools", slot=timedelta(seconds=60))
    def advance_pools() -> int: ...

The slot is the finest grain: an operator may make a task rarer in the admin, not more frequent.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from celery import shared_task
from django.utils import timezone

from .models import Heartbeat, ScheduleSlot


def take_slot(task: str, *, slot: timedelta, now: datetime) -> bool:
    """True for the first caller in this slot, False for all others."""
    number = int(now.timestamp() // slot.total_seconds())
    # ON CONFLICT DO NOTHING does not tell who won, so the inserted row is asked by its unique key.
    _, created = ScheduleSlot.objects.get_or_create(
        task=task, slot=number, defaults={"taken_at": now}
    )
    return created


def periodic(name: str, *, slot: timedelta) -> Callable[[Callable[[], Any]], Any]:
    """A Celery task under this name that runs its function once per slot."""

    def register(function: Callable[[], Any]) -> Any:
        @wraps(function)
        def fire() -> Any:
            now = timezone.now()
            beat_is_alive(now=now)
            return function() if take_slot(name, slot=slot, now=now) else None

        task = shared_task(name=name, expires=slot.total_seconds() * 2)(fire)
        task.once = function
        return task

    return register


def beat_is_alive(*, now: datetime) -> None:
    """Only beat rings periodic tasks, so that one arrives shows that beat lives."""
    Heartbeat.objects.update_or_create(name="beat", defaults={"beaten_at": now})
