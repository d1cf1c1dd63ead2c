"""How people want to be told, and of which notes' comments they want to hear nothing."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models import Note


class Preferences(models.Model):
    """A person's choices. Without a row all is as `topics.py` has it, and no digest is sent."""

    class Whom(models.TextChoices):
        EVERYBODY = "everybody", _("Anybody")
        TIED = "tied", _("People I follow, and my followers")
        FOLLOWED = "followed", _("Only people I follow")

    class Digest(models.TextChoices):
        OFF = "off", _("No mail")
        DAILY = "daily", _("Every morning")
        WEEKLY = "weekly", _("On Monday mornings")

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="notice_preferences",
    )
    # By topic the ways in which to tell of it; a topic that is not here is told by default.
    ways = models.JSONField(default=dict)
    # From whom reactions, comments and mentions are told.
    from_whom = models.CharField(max_length=10, choices=Whom, default=Whom.EVERYBODY)
    # Between these hours of the person's own clock no push is sent. Both or none.
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    digest = models.CharField(max_length=6, choices=Digest, default=Digest.OFF)
    # Digests told up to this notice before each notice said itself which one tells of it.
    digested = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_have_both_ends",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["digest"], condition=~Q(digest="off"), name="wants_digest")
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.digest}"


class ThreadMute(models.Model):
    """This person is told nothing of the comments under this note."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="muted_threads"
    )
    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "note"], name="thread_muted_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} mutes the comments of {self.note_id}"
