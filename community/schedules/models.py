"""When a draft shall be published, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from community.models import Note

WHY_LENGTH = 500


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def of(self, author: User) -> Self:
        """What an author planned and what was refused, of drafts that are still there."""
        return self.filter(note__author=author, note__deleted_at=None)

    def waiting(self) -> Self:
        return self.filter(refused_at=None)

    def due(self, now: datetime) -> Self:
        return self.waiting().filter(publish_at__lte=now)


class Schedule(models.Model):
    """At most one for a note; gone once the note is published, deleted or taken off the plan."""

    note = models.OneToOneField(
        Note, on_delete=models.CASCADE, primary_key=True, related_name="schedule"
    )
    publish_at = models.DateTimeField()
    made_at = models.DateTimeField()
    # Since when it is due and its pictures are not ready.
    held_since = models.DateTimeField(null=True)
    # When it was due and could not be published, and why, in the author's language.
    refused_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=WHY_LENGTH, blank=True)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheduled note")
        verbose_name_plural = _("scheduled notes")
        indexes: ClassVar = [
            models.Index(
                fields=["publish_at"], condition=models.Q(refused_at=None), name="schedule_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.note_id} at {self.publish_at:%Y-%m-%d %H:%M}"
