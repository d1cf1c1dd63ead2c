"""An author's answer to a decision: once, and read by somebody else."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .decision import Decision


class Appeal(models.Model):
    class State(models.TextChoices):
        OPEN = "open", _("Waiting for a second reviewer")
        UPHELD = "upheld", _("The decision stands")
        OVERTURNED = "overturned", _("The decision was overturned")

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="appeal")
    words = models.CharField(_("why it is wrong"), max_length=1_000)
    appealed_at = models.DateTimeField(_("appealed"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    # Never who decided.
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True)
    # Told to the author.
    answer = models.CharField(_("answer"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering: ClassVar = ["appealed_at", "pk"]
        indexes: ClassVar = [models.Index(fields=["state", "appealed_at"], name="appeal_queue")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
