"""Jobs with leases, schedule slots, and the heartbeats of the processes that work them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One piece of work that some committed write asked for."""

    class State(models.TextChoices):
        READY = "ready", _("Ready")
        LEASED = "leased", _("Being done")
        ASIDE = "aside", _("Set aside")

    # Name of a handler registered with @outbox.handler.
    kind = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    # Jobs of one kind and key that are not yet leased are one job.
    key = models.CharField(max_length=80, blank=True)
    queue = models.CharField(max_length=20, default="default")
    state = models.CharField(max_length=8, choices=State, default=State.READY)
    run_at = models.DateTimeField()
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=Q(state="ready") & ~Q(key=""),
                name="job_waits_once",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["queue", "state", "run_at"], name="job_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class ScheduleSlot(models.Model):
    """One firing of a periodic task; the unique row lets only one of two beats through."""

    task = models.CharField(max_length=60)
    # Number of the interval since the epoch.
    slot = models.BigIntegerField()
    taken_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["task", "slot"], name="slot_once")]

    def __str__(self) -> str:
        return f"{self.task} #{self.slot}"


class Heartbeat(models.Model):
    """When a kind of process last showed that it lives: "worker", "worker:media", "beat"."""

    name = models.CharField(max_length=20, primary_key=True)
    beaten_at = models.DateTimeField()

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name
