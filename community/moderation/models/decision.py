"""What staff decided. A decision is never rewritten, only followed, ended or overturned."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models import Comment, Note

from .case import Case
from .guideline import Guideline
from .subject import About


class DecisionQuerySet(models.QuerySet["Decision"]):
    def in_force(self) -> Self:
        """Those whose effect holds: neither over, nor taken back."""
        return self.filter(ended_at=None, act__in=Decision.LASTING)

    def against(self, person_id: int) -> Self:
        """What a person was told of and may read."""
        return self.filter(author=person_id, act__in=Decision.TOLD)


class Decision(About):
    """What staff did about a note, comment or person, by which rule, and why."""

    class Act(models.TextChoices):
        KEEP = "keep", _("Kept as it is")
        LABEL = "label", _("Labelled")
        LIMIT = "limit", _("Reach limited")
        HIDE = "hide", _("Hidden")
        REMOVE = "remove", _("Removed")
        WARN = "warn", _("Warned")
        SUSPEND = "suspend", _("Account suspended")
        BAN = "ban", _("Account banned")
        RESTORE = "restore", _("Restored")

    class End(models.TextChoices):
        EXPIRED = "expired", _("Its time was over")
        OVERTURNED = "overturned", _("Overturned on appeal")
        RESTORED = "restored", _("Taken back by staff")

    # Acts whose effect lasts until they end.
    LASTING: ClassVar = (Act.LABEL, Act.LIMIT, Act.HIDE, Act.REMOVE, Act.SUSPEND, Act.BAN)
    # Acts that the author is told of, with a page of their own and a right to appeal.
    TOLD: ClassVar = (*LASTING, Act.WARN)

    note = models.ForeignKey(Note, on_delete=models.SET_NULL, null=True, related_name="decisions")
    comment = models.ForeignKey(
        Comment, on_delete=models.SET_NULL, null=True, related_name="decisions"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # "note", "comment" or "person": known also when the thing itself is gone.
    about = models.CharField(_("about"), max_length=8, default="note")
    # Who answers for it: told, and may appeal.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="decisions_against",
    )
    case = models.ForeignKey(Case, on_delete=models.SET_NULL, null=True, related_name="decisions")
    act = models.CharField(_("act"), max_length=8, choices=Act)
    guideline = models.ForeignKey(
        Guideline, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("rule")
    )
    # Which label: a value of Note.Label.
    label = models.CharField(max_length=10, blank=True, default="", db_default="")
    # Told to the author.
    reason = models.CharField(_("reason"), max_length=500)
    # What it said then.
    excerpt = models.CharField(max_length=1_000, blank=True, default="", db_default="")
    # Nobody: a rule acted by itself.
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # Decided by an automatic rule; whose moderator left has nobody either.
    by_rule = models.BooleanField(default=False, db_default=False)
    decided_at = models.DateTimeField(_("decided"))
    # When its effect ends by itself; never where empty.
    ends_at = models.DateTimeField(_("until"), null=True)
    ended_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=10, choices=End, blank=True, default="", db_default="")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering: ClassVar = ["-decided_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["ends_at"], condition=Q(ended_at=None), name="decision_to_end"),
            models.Index(fields=["author", "-decided_at"], name="decision_against"),
        ]

    def __str__(self) -> str:
        return f"{self.act}: {self.reason}"

    def get_absolute_url(self) -> str:
        return reverse("decision", args=[self.pk])

    @property
    def is_overturned(self) -> bool:
        return self.ended_as == self.End.OVERTURNED

    @property
    def holds(self) -> bool:
        return self.ended_at is None and self.act in self.LASTING


class StrikeQuerySet(models.QuerySet["Strike"]):
    def counting(self, now: datetime) -> Self:
        """Those that are neither over nor taken back at this time."""
        return self.filter(void_at=None, expires_at__gt=now)


class Strike(models.Model):
    """What a decision against a person weighs in later ones, for a time."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="strikes"
    )
    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="strike")
    points = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # Its decision was overturned or taken back.
    void_at = models.DateTimeField(null=True)

    objects = StrikeQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "expires_at"], name="strikes_counting")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.points}"
