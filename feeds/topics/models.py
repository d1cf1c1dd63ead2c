"""Topics that bursts proposed and people approved, and events that operators schedule."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from community.models import Channel, Tag


class Named(models.Model):
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


class Topic(Named):
    """What many people write about or search for at once; shown to readers only while open."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        OPEN = "open", _("Open")
        REFUSED = "refused", _("Refused")
        CLOSED = "closed", _("Closed")

    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True, editable=False)
    # What the burst was found in: "tag:<key>" or "search:<key>"; proposed once each.
    source = models.CharField(max_length=210, unique=True, editable=False)
    state = models.CharField(
        _("state"), max_length=8, choices=State, default=State.PROPOSED, editable=False
    )
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), related_name="+")
    queries = models.JSONField(_("searches"), default=list, blank=True)
    # People lately, people usually, how unlikely: see bursts.Burst.
    figures = models.JSONField(_("figures"), default=dict, editable=False)
    heat = models.FloatField(_("heat"), default=0, editable=False)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="merged", editable=False
    )
    proposed_at = models.DateTimeField(_("proposed"), editable=False)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        indexes: ClassVar = [models.Index(fields=["state", "-heat"], name="topic_hottest")]

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.slug])


class TopicStep(models.Model):
    """One decision about a topic: who, when, what, why. Append-only."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="steps")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(max_length=8, choices=Topic.State)
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at:%F %H:%M} {self.state} {self.reason}"


class ScheduledEvent(Named):
    """A holiday or event: lifts notes with its tags or channels in hot, from start to end only."""

    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), blank=True, related_name="+")
    channels = models.ManyToManyField(
        Channel, verbose_name=_("channels"), blank=True, related_name="+"
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    lift = models.FloatField(
        _("lift"),
        default=1.5,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text=_("What the heat of matching notes is multiplied by, from 1 to 5."),
    )

    class Meta:
        verbose_name = _("scheduled event")
        verbose_name_plural = _("scheduled events")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="event_has_time"),
            models.CheckConstraint(condition=Q(lift__gte=1, lift__lte=5), name="event_lift_bounds"),
        ]

    def clean(self) -> None:
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("It must end after it starts.")})


class ScheduledEventVersion(models.Model):
    """What an event said after each change, and who changed it."""

    # No key: the log outlives a deleted event.
    event_id = models.BigIntegerField(db_index=True)
    values: Any = models.JSONField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("version of an event")
        verbose_name_plural = _("versions of events")

    def __str__(self) -> str:
        return f"{self.values.get('name_en', '')} {self.at:%F %H:%M}"
