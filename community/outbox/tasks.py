"""Doorbells: the Celery side of the outbox."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from . import jobs
from .models import ScheduleSlot
from .schedule import periodic

SLOTS_ARE_KEPT = timedelta(days=2)


@shared_task(name="outbox.work_off", expires=30)
def work_off(queue: str) -> int:
    return jobs.work_off(queue)


@periodic("outbox.sweep", slot=timedelta(seconds=5))
def sweep() -> int:
    """Give back what dead workers held. The relay of any worker then rings for it."""
    return jobs.retake_expired(now=timezone.now())


@periodic("outbox.expire", slot=timedelta(hours=1))
def expire() -> int:
    return ScheduleSlot.objects.filter(taken_at__lt=timezone.now() - SLOTS_ARE_KEPT).delete()[0]
