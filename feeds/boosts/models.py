"""Orders of impressions, every step they took, and whom they reached."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.wallet.models import Hold
from feeds.models.fields import note_key, person_key

from . import rules

STATES = {
    rules.State.DRAFT: _("Not paid yet"),
    rules.State.WAITING: _("Waiting for review"),
    rules.State.RUNNING: _("Running"),
    rules.State.PAUSED: _("Paused"),
    rules.State.STOPPED: _("Stopped"),
    rules.State.FINISHED: _("Finished"),
    rules.State.REFUSED: _("Refused"),
    rules.State.EXPIRED: _("Expired"),
}
OPEN = [state.value for state in rules.OPEN]


class BoostQuerySet(models.QuerySet["Boost"]):
    def of(self, buyer: User) -> Self:
        return self.filter(buyer=buyer)

    def open(self) -> Self:
        """Orders that hold money."""
        return self.filter(state__in=OPEN)

    def newest(self) -> Self:
        return self.order_by("-pk")


class Boost(models.Model):
    """An order: so many impressions of one note, for whom, when, and for how much."""

    buyer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="boosts"
    )
    # The order outlives its note: what became of the money stays readable.
    note = models.ForeignKey(
        "community.Note",
        on_delete=models.SET_NULL,
        null=True,
        db_constraint=False,
        related_name="boosts",
    )
    title = models.CharField(_("note"), max_length=120)
    state = models.CharField(
        _("state"), max_length=8, choices=[(s.value, label) for s, label in STATES.items()]
    )
    impressions = models.PositiveIntegerField(_("impressions"))
    # rules.Audience.to_json()
    audience = models.JSONField(_("audience"), default=dict)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    daily_cap = models.PositiveIntegerField(_("most per day"), null=True)
    # Whose days a daily cap counts.
    zone = models.CharField(max_length=60)

    # Fixed when it is paid, in minor units; a draft shows the price of today.
    per_thousand = models.BigIntegerField(_("price per thousand"), default=0)
    total = models.BigIntegerField(_("held"), default=0)
    hold = models.OneToOneField(
        Hold, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    charged = models.BigIntegerField(_("charged"), default=0)
    refunded = models.BigIntegerField(_("refunded"), default=0)

    # Qualified impressions by distinct viewers; of them, those of the latest day of its zone.
    delivered = models.PositiveIntegerField(_("delivered"), default=0)
    day = models.DateField(null=True)
    delivered_today = models.PositiveIntegerField(default=0)

    created_at = models.DateTimeField(_("made"))
    submitted_at = models.DateTimeField(null=True)
    # From when it is paced: its start, or its approval where that came later.
    runs_from = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = BoostQuerySet.as_manager()

    class Meta:
        verbose_name = _("boost")
        verbose_name_plural = _("boosts")
        permissions: ClassVar = [("review_boost", "Can review boosts")]
        indexes: ClassVar = [
            models.Index(fields=["state", "ends_at"], name="boost_by_state"),
            models.Index(fields=["buyer", "-id"], name="boost_of_buyer"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["note"], condition=Q(state__in=OPEN), name="one_open_boost_a_note"
            ),
            models.CheckConstraint(condition=Q(impressions__gt=0), name="boost_of_something"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="boost_has_time"),
            models.CheckConstraint(
                condition=Q(delivered__lte=F("impressions")), name="boost_never_over"
            ),
            models.CheckConstraint(
                condition=Q(charged__gte=0, refunded__gte=0)
                & Q(total__gte=F("charged") + F("refunded")),
                name="boost_spends_what_it_holds",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("boost", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def wants(self) -> rules.Audience:
        return rules.Audience.from_json(self.audience)

    @property
    def due(self) -> int:
        """What the impressions delivered so far cost."""
        return rules.price_of(self.delivered, self.per_thousand)


class BoostStep(models.Model):
    """One move of an order: who, when, why. Append-only."""

    boost = models.ForeignKey(Boost, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(
        _("state"), max_length=8, choices=Boost._meta.get_field("state").choices
    )
    # Nobody: the engine did it.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # Code of rules.Reason, and what the reviewer wrote.
    reason = models.CharField(max_length=16)
    remark = models.CharField(max_length=300, blank=True)
    # What stood there then: delivered, charged, refunded.
    figures = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.boost_id} {self.state}: {self.reason}"


class BoostDelivery(models.Model):
    """A card sent to a viewer for money, and whether they saw it: once a note and viewer."""

    boost = models.ForeignKey(Boost, on_delete=models.CASCADE, related_name="deliveries")
    note = note_key(db_index=False)
    person = person_key(db_index=False)
    # The rule of the audience that the viewer met (rules.matched).
    matched = models.CharField(max_length=30)
    reserved_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    # Whether it is one of those delivered: a sight after the last, or of a farm, is free.
    counted = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["note", "person"], name="boosted_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "reserved_at"], name="boosts_of_viewer"),
            models.Index(fields=["boost", "seen_at"], name="boost_sights"),
        ]

    def __str__(self) -> str:
        return f"{self.boost_id} → {self.person_id}"
