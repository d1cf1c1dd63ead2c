"""Replays: asked for, computed by a worker, kept with what they found."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class Replay(models.Model):
    """Settings to try on what was logged under one version of the policy."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    name = models.CharField(_("name"), max_length=80)
    # {dotted setting: value}
    overrides = models.JSONField(_("settings"))
    days = models.PositiveSmallIntegerField(_("days of logs"), default=14)
    # Version of the policy whose lists are replayed: the one in force when it was asked for.
    version = models.PositiveIntegerField(_("against version"), editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    # Why it failed.
    remark = models.CharField(_("remark"), max_length=300, blank=True, editable=False)
    # See outcome.py.
    outcome = models.JSONField(_("outcome"), null=True, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked at"))
    # Until when a worker is at it, and how often one began.
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    # The version that was published from it.
    published = models.PositiveIntegerField(_("published as version"), null=True, editable=False)

    class Meta:
        verbose_name = _("replay")
        verbose_name_plural = _("replays")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        from .services import faults_of

        if faults := faults_of(self.overrides):
            raise ValidationError({"overrides": faults})
