"""Experiments on readers, authors or notes, and who was really exposed to which arm."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from feeds.models.fields import note_key, person_key

from . import reach


class Experiment(models.Model):
    """Settings tried on units whose bucket in a layer lies in a range; arms split the range."""

    class Unit(models.TextChoices):
        READER = reach.READER, _("Readers")
        AUTHOR = reach.AUTHOR, _("Authors")
        NOTE = reach.NOTE, _("Notes")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        RUNNING = "running", _("Running")
        STOPPED = "stopped", _("Stopped")
        DECIDED = "decided", _("Decided")

    # The only moves there are.
    NEXT: ClassVar = {"draft": "running", "running": "stopped", "stopped": "decided"}

    name = models.CharField(_("name"), max_length=80, unique=True)
    question = models.CharField(_("what it should tell"), max_length=300, blank=True)
    unit = models.CharField(_("tried on"), max_length=6, choices=Unit, default=Unit.READER)
    layer = models.SlugField(_("layer"), default="discover")
    first_bucket = models.PositiveSmallIntegerField(_("first bucket"), default=50)
    buckets = models.PositiveSmallIntegerField(_("buckets"), default=100)
    # [{"name", "share" (of 1000), "overrides": {dotted setting: value}}]; the first is the control.
    arms = models.JSONField(_("arms"))
    split_readers = models.BooleanField(
        _("split readers as well"),
        default=False,
        help_text=_(
            "On notes or authors: the reserved slots of a reader go to notes of one arm only, so"
            " that no arm takes slots from another."
        ),
    )
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


class Watch(models.Model):
    """A change that guardrails look after: a version of the policy or of something learnt for some
    hours, an experiment while it runs. What was found last, and what was done about it."""

    class Kind(models.TextChoices):
        POLICY = "policy", _("Engine policy")
        ARTEFACT = "artefact", _("Learnt version")
        EXPERIMENT = "experiment", _("Experiment")

    class State(models.TextChoices):
        WATCHING = "watching", _("Watching")
        PASSED = "passed", _("Passed")
        BROKEN = "broken", _("Broken, not taken back")
        ROLLED_BACK = "rolled_back", _("Taken back")
        # Somebody published another version, or stopped the experiment.
        ENDED = "ended", _("Ended before")
        # What a guardrail put back is not taken back by one.
        EXEMPT = "exempt", _("Put back by a guardrail")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    subject = models.BigIntegerField(_("number"))
    name = models.CharField(_("what"), max_length=80)
    since = models.DateTimeField(_("since"))
    # Later than `since` where another change was taken back meanwhile: what it did is left out.
    measured_from = models.DateTimeField(_("measured from"))
    until = models.DateTimeField(_("watched until"))
    state = models.CharField(_("state"), max_length=11, choices=State, default=State.WATCHING)
    remark = models.CharField(_("why"), max_length=300, blank=True)
    # Lists of the time before: they are not kept until a later look.
    baseline = models.JSONField(default=dict)
    # What feeds.experiments.guards found at the last look.
    findings = models.JSONField(_("findings"), default=list)
    checked_at = models.DateTimeField(_("checked at"), null=True)

    class Meta:
        verbose_name = _("guardrail watch")
        verbose_name_plural = _("guardrail watches")
        ordering: ClassVar = ["-since", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "subject", "since"], name="watched_once")
        ]
        indexes: ClassVar = [models.Index(fields=["state"], name="watch_by_state")]

    def __str__(self) -> str:
        return self.name


class Exposure(models.Model):
    """That somebody or something met an arm while the experiment ran, once: a reader who saw a card
    of discover, an author one of whose notes entered the pools, or a note that did."""

    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="exposures")
    person = person_key(null=True)
    note = note_key(null=True)
    arm = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["experiment", "person"], name="exposed_once"),
            models.UniqueConstraint(fields=["experiment", "note"], name="note_exposed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id or self.note_id} in arm {self.arm} of {self.experiment_id}"
