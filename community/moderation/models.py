"""Reports from readers and decisions of staff. A decision is never rewritten, only followed."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models import Comment, Note


class Report(models.Model):
    class Reason(models.TextChoices):
        SPAM = "spam", _("Spam or advertising")
        ABUSE = "abuse", _("Insults or harassment")
        SEXUAL = "sexual", _("Sexual content")
        VIOLENCE = "violence", _("Violence or danger")
        FALSE = "false", _("False or misleading")
        STOLEN = "stolen", _("Somebody else's work")
        OTHER = "other", _("Something else")

    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reports"
    )
    note = models.ForeignKey(Note, on_delete=models.CASCADE, null=True, related_name="reports")
    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, null=True, related_name="reports"
    )
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    words = models.CharField(_("details"), max_length=500, blank=True)
    created_at = models.DateTimeField()
    # Set when a decision about its subject is taken.
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reporter", "note"], name="report_note_once"),
            models.UniqueConstraint(fields=["reporter", "comment"], name="report_comment_once"),
            models.CheckConstraint(
                condition=Q(note=None, comment__isnull=False) | Q(note__isnull=False, comment=None),
                name="report_is_about_one_thing",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["settled_at", "created_at"], name="report_queue")]

    def __str__(self) -> str:
        return f"{self.reason}: note {self.note_id or '-'} comment {self.comment_id or '-'}"


class Decision(models.Model):
    """What staff did about a note or comment, and why."""

    class Act(models.TextChoices):
        HIDE = "hide", _("Hidden")
        RESTORE = "restore", _("Restored")
        KEEP = "keep", _("Kept as it is")

    note = models.ForeignKey(Note, on_delete=models.CASCADE, null=True, related_name="decisions")
    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, null=True, related_name="decisions"
    )
    act = models.CharField(max_length=8, choices=Act)
    # Told to the author.
    reason = models.CharField(_("reason"), max_length=500)
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering: ClassVar = ["-decided_at"]

    def __str__(self) -> str:
        return f"{self.act}: {self.reason}"
