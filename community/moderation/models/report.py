"""What readers told staff."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from community.models import Comment, Note

from .case import Case
from .subject import About, exactly_one


class Report(About):
    class Reason(models.TextChoices):
        SPAM = "spam", _("Spam or advertising")
        ABUSE = "abuse", _("Insults or harassment")
        SEXUAL = "sexual", _("Sexual content")
        VIOLENCE = "violence", _("Violence or danger")
        MINORS = "minors", _("A child is harmed or in danger")
        PRIVACY = "privacy", _("Somebody's private matters")
        FALSE = "false", _("False or misleading")
        STOLEN = "stolen", _("Somebody else's work")
        OTHER = "other", _("Something else")

    class Outcome(models.TextChoices):
        OPEN = "", _("Waiting for staff")
        UPHELD = "upheld", _("Staff acted on it")
        DISMISSED = "dismissed", _("Staff found no breach of a rule")
        WITHDRAWN = "withdrawn", _("Withdrawn by you")

    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reports"
    )
    note = models.ForeignKey(Note, on_delete=models.CASCADE, null=True, related_name="reports")
    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, null=True, related_name="reports"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="reports_about"
    )
    # What of a person's is meant where it is no note or comment, e.g. "message 7".
    about = models.CharField(max_length=40, blank=True, default="", db_default="")
    case = models.ForeignKey(Case, on_delete=models.SET_NULL, null=True, related_name="reports")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    words = models.CharField(_("details"), max_length=500, blank=True)
    # What it said when it was reported: later edits do not hide it from staff.
    excerpt = models.CharField(max_length=1_000, blank=True, default="", db_default="")
    created_at = models.DateTimeField()
    # Set when staff decided or the reporter withdrew it; until then it is open.
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(
        max_length=9, choices=Outcome, blank=True, default=Outcome.OPEN, db_default=""
    )

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["reporter", "note"],
                condition=models.Q(settled_at=None),
                name="report_note_once",
            ),
            models.UniqueConstraint(
                fields=["reporter", "comment"],
                condition=models.Q(settled_at=None),
                name="report_comment_once",
            ),
            models.UniqueConstraint(
                fields=["reporter", "person", "about"],
                condition=models.Q(settled_at=None),
                name="report_person_once",
            ),
            models.CheckConstraint(condition=exactly_one(), name="report_is_about_one_thing"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["settled_at", "created_at"], name="report_queue"),
            models.Index(fields=["reporter", "outcome"], name="report_accuracy"),
        ]

    def __str__(self) -> str:
        return f"{self.reason}: {self.kind} {self.key[1]}"
