"""An application to be verified, and the documents that go with it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .brand import Brand

WORDS_LENGTH, REASON_LENGTH = 1_000, 300


class Verification(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for staff")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="verifications")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    applied_at = models.DateTimeField()
    # What the applicant says to staff.
    words = models.TextField(max_length=WORDS_LENGTH, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    # What staff says to the team.
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)

    class Meta:
        verbose_name = _("application for verification")
        verbose_name_plural = _("applications for verification")
        permissions: ClassVar = [("decide_verification", "Can decide applications")]
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["brand"], condition=Q(state="waiting"), name="one_open_application"
            )
        ]

    def __str__(self) -> str:
        return f"{self.brand} · {self.get_state_display()}"


class Document(models.Model):
    """A file kept where no web address leads; gone when the application is decided or too old."""

    verification = models.ForeignKey(
        Verification, on_delete=models.CASCADE, related_name="documents"
    )
    # Its unguessable name in the private folder.
    token = models.CharField(max_length=32, unique=True, editable=False)
    # What its owner called it, for staff.
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=4)
    size = models.PositiveIntegerField()
    sent_at = models.DateTimeField()
    # When the file was deleted.
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["sent_at"], condition=Q(deleted_at=None), name="document_kept")
        ]

    def __str__(self) -> str:
        return self.name
