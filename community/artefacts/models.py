"""Learnt versions as rows; their files are kept by `store`."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Artefact(models.Model):
    """One version of something learnt. Only its state, remark and publisher ever change."""

    class State(models.TextChoices):
        TRAINED = "trained", _("Trained")
        IN_FORCE = "in_force", _("In force")
        RETIRED = "retired", _("Retired")
        REFUSED = "refused", _("Refused")

    # What it is for: "ranker", "factors", "channels" ...
    kind = models.CharField(_("kind"), max_length=40)
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.TRAINED)
    # Folder below the models folder; empty where there are no files (refused, or tidied away).
    folder = models.CharField(max_length=100, blank=True)
    # File name -> SHA-256 of its bytes.
    checksums = models.JSONField(default=dict)
    size = models.BigIntegerField(_("bytes"), default=0)
    # What was measured of it, and what it was trained on (counts, times).
    figures = models.JSONField(_("figures"), default=dict)
    trained_on = models.JSONField(_("trained on"), default=dict)
    # Why it is in its present state.
    remark = models.CharField(_("why"), max_length=300, blank=True)
    trained_at = models.DateTimeField(_("trained at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("published by"),
    )
    # When it was put in force; empty again once it was taken back, so that nothing goes back to it.
    published_at = models.DateTimeField(_("published at"), null=True)

    class Meta:
        verbose_name = _("learnt version")
        verbose_name_plural = _("learnt versions")
        ordering: ClassVar = ["-pk"]
        permissions: ClassVar = [
            ("publish_artefact", "Can put learnt versions in force and take them back")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "number"], name="artefact_numbered"),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(state="in_force"), name="artefact_in_force_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "state"], name="artefact_by_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
