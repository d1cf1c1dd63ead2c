"""Experiments on readers, and who was really exposed to which arm."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from feeds.models.fields import person_key


class Experiment(models.Model):
    """Settings tried on readers whose bucket in a layer lies in a range; arms split the range."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        RUNNING = "running", _("Running")
        STOPPED = "stopped", _("Stopped")
        DECIDED = "decided", _("Decided")

    # The only moves there are.
    NEXT: ClassVar = {"draft": "running", "running": "stopped", "stopped": "decided"}

    name = models.CharField(_("name"), max_length=80, unique=True)
    question = models.CharField(_("what it should tell"), max_length=300, blank=True)
    layer = models.SlugField(_("layer"), default="discover")
    first_bucket = models.PositiveSmallIntegerField(_("first bucket"), default=50)
    buckets = models.PositiveSmallIntegerField(_("buckets"), default=100)
    # [{"name", "share" (of 1000), "overrides": {dotted setting: value}}]; the first is the control.
    arms = models.JSONField(_("arms"))
    days = models.PositiveSmallIntegerField(_("days it shall run"), default=14)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    remark = models.CharField(_("why"), max_length=300, blank=True)
    started_at = models.DateTimeField(_("started at"), null=True)
    stopped_at = models.DateTimeField(_("stopped at"), null=True)
    # Impressions up to this one were looked through for exposures.
    looked_upto = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("experiment")
        verbose_name_plural = _("experiments")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        from .services import faults_of

        if faults := faults_of(self):
            raise ValidationError(faults)


class Exposure(models.Model):
    """That a reader met an arm: they saw a card of discover while the experiment ran. Once."""

    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="exposures")
    person = person_key()
    arm = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["experiment", "person"], name="exposed_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in arm {self.arm} of {self.experiment_id}"
