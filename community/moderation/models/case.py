"""One case for what belongs together: one thing's reports, near-duplicates, one's accounts."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models import Comment, Note

from .subject import About, exactly_one


class Leased(models.Model):
    """What one moderator has in hand until a time; then it is free again by itself."""

    leased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    leased_until = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def is_in_other_hands(self, person_id: int, *, now: datetime) -> bool:
        """Whether somebody else has it in hand at this time."""
        if self.leased_until is None or self.leased_by_id in (None, person_id):
            return False
        return self.leased_until > now


class CaseQuerySet(models.QuerySet["Case"]):
    def waiting(self) -> Self:
        """Open cases, those that matter most first."""
        return self.filter(state=Case.State.OPEN).order_by("-priority", "opened_at", "pk")

    def decided(self) -> Self:
        return self.filter(state=Case.State.DECIDED).order_by("-closed_at", "-pk")


class Case(Leased):
    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DECIDED = "decided", _("Decided")
        # Its reports were withdrawn, or what it was about is gone, or it became part of another.
        CLOSED = "closed", _("Closed without a decision")

    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(_("opened"))
    reported_at = models.DateTimeField(_("last report"))
    closed_at = models.DateTimeField(_("closed"), null=True)
    # The factors of the order (rules.priority), kept so that the queue is one query.
    reporters = models.PositiveIntegerField(_("reporters"), default=0)
    severity = models.PositiveSmallIntegerField(_("severity"), default=1)
    credence = models.FloatField(_("accuracy of its reporters"), default=0)
    reach = models.PositiveIntegerField(_("views in the last day"), default=0)
    priority = models.FloatField(_("weight"), default=0)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        permissions: ClassVar = [
            ("remove_thing", _("Can remove what people wrote")),
            ("suspend_person", _("Can suspend people for a period")),
            ("ban_person", _("Can ban people")),
            ("review_appeal", _("Can decide appeals against others' decisions")),
            ("decide_in_bulk", _("Can decide many cases at once")),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "-priority", "opened_at"], name="case_queue")
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class CaseThing(About):
    """One of the things a case is about. While the case is open, it is in no other."""

    class Why(models.TextChoices):
        REPORTED = "reported", _("reported")
        ALIKE = "alike", _("nearly the same, and reported")
        RULE = "rule", _("found by an automatic rule")
        SAME_HANDS = "hands", _("another account on the same device, and reported")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="things")
    note = models.ForeignKey(Note, on_delete=models.CASCADE, null=True, related_name="+")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    why = models.CharField(max_length=8, choices=Why, default=Why.REPORTED)
    # Of an open case: what the database holds to one case at a time.
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            *(
                models.UniqueConstraint(
                    fields=[kind], condition=Q(is_open=True), name=f"{kind}_in_one_open_case"
                )
                for kind in ("note", "comment", "person")
            ),
            models.CheckConstraint(condition=exactly_one(), name="case_thing_is_one_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key[1]}"
