"""Circles that were found, readers who count for less, and the marks of shared networks."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from feeds.models.fields import person_key


class Circle(models.Model):
    """Accounts whose engagement is tied together as it is nowhere else in the community."""

    class Kind(models.TextChoices):
        # They engage with one another's notes: discounted for each other only.
        RING = "ring", _("ring")
        # They engage in lockstep with others' notes: discounted for everybody.
        FARM = "farm", _("farm")

    class State(models.TextChoices):
        FOUND = "found", _("discounted")
        LIFTED = "lifted", _("lifted by a moderator")
        PAST = "past", _("no longer seen")

    kind = models.CharField(_("kind"), max_length=4, choices=Kind)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.FOUND)
    size = models.PositiveIntegerField(_("members"))
    # What the members' acts count, 0 to 1: for each other (ring) or for everybody (farm).
    weight = models.FloatField(_("weight"))
    # Each sign: what was found, what is usual here, its strength from 0 to 1.
    figures = models.JSONField(_("evidence"), default=dict)
    # Fingerprint of the members: found by two workers at once, it is one row.
    fingerprint = models.CharField(max_length=64, editable=False)
    found_at = models.DateTimeField(_("found"))
    seen_at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("circle")
        verbose_name_plural = _("circles")
        ordering: ClassVar = ["-seen_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "fingerprint"], name="circle_once"),
            models.CheckConstraint(
                condition=models.Q(weight__gte=0, weight__lte=1), name="circle_weight_0_to_1"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.size}"


class Member(models.Model):
    """An account in a circle, with what it did there."""

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="members")
    person = person_key(db_index=False)
    # Engagements in the window: with notes of the circle, and in all.
    inside = models.PositiveIntegerField(default=0)
    acts = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "circle"], name="member_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.circle_id}"


class Reader(models.Model):
    """A person whose acts count for less with everybody; nobody else has a row."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        db_constraint=False,
        related_name="+",
    )
    weight = models.FloatField()
    # Codes of the signs that speak against the account (feeds/trust/rules.py).
    signs = models.JSONField(default=list)
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("reader who counts for less")
        verbose_name_plural = _("readers who count for less")

    def __str__(self) -> str:
        return f"{self.person_id}: {self.weight:.2f}"


class Ruling(models.Model):
    """What a moderator made of a circle. Append-only."""

    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="rulings")
    state = models.CharField(max_length=6, choices=Circle.State)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.circle_id}: {self.state}"


class Salt(models.Model):
    """The random salt of one week, removed with it, and with it every way back from a mark."""

    week = models.DateField(primary_key=True)
    value = models.CharField(max_length=64)

    def __str__(self) -> str:
        return str(self.week)


class Mark(models.Model):
    """That a person came from a network or a device, which is known by a keyed hash only."""

    class Kind(models.IntegerChoices):
        NETWORK = 1
        DEVICE = 2

    person = person_key(db_index=False)
    kind = models.PositiveSmallIntegerField(choices=Kind)
    week = models.DateField()
    # HMAC with the week's salt: marks of different weeks cannot be compared.
    mark = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "week", "kind", "mark"], name="mark_once")
        ]
        indexes: ClassVar = [models.Index(fields=["week", "kind", "mark"], name="mark_of_week")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.get_kind_display()} {self.week}"
