"""Creators who may be found, and what brands and they agreed on."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.wallet.models import MOST, Hold
from community.brands.models import Brand
from community.models import Channel

from . import rules

STATES = {
    rules.State.OFFERED: _("Offered"),
    rules.State.COUNTERED: _("Other terms asked"),
    rules.State.ACCEPTED: _("Agreed"),
    rules.State.DRAFTED: _("Draft handed in"),
    rules.State.CHANGES: _("Changes asked"),
    rules.State.APPROVED: _("Draft approved"),
    rules.State.PUBLISHED: _("Published and paid"),
    rules.State.DECLINED: _("Declined"),
    rules.State.WITHDRAWN: _("Withdrawn"),
    rules.State.CANCELLED: _("Cancelled"),
    rules.State.EXPIRED: _("Expired"),
}
ACTS = {
    rules.Act.OFFER: _("made an offer"),
    rules.Act.COUNTER: _("asked for other terms"),
    rules.Act.ACCEPT: _("agreed"),
    rules.Act.DECLINE: _("declined"),
    rules.Act.WITHDRAW: _("withdrew"),
    rules.Act.HAND_IN: _("handed in a draft"),
    rules.Act.ASK_CHANGES: _("asked for changes"),
    rules.Act.APPROVE: _("approved the draft"),
    rules.Act.PUBLISH: _("published; the price was paid"),
    rules.Act.CANCEL: _("cancelled; the price went back"),
    rules.Act.EXPIRE: _("its time was over"),
    rules.Act.APPROVE_LATE: _("nobody looked at the draft in time, so it is approved"),
}


class CreatorQuerySet(models.QuerySet["Creator"]):
    def listed(self) -> Self:
        """Who agreed to be found and is here."""
        return self.filter(listed=True, person__is_active=True)


class Creator(models.Model):
    """What a creator says to brands, and what was measured. Nobody is listed who did not agree."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="creator"
    )
    listed = models.BooleanField(_("brands may find me"), default=False)
    about = models.CharField(_("for brands"), max_length=500, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    # Minor units for a note; None: to be agreed.
    price = models.BigIntegerField(_("price of a note"), null=True)
    # Measured over four weeks: people who saw a card (paid places left out), and of them who acted.
    followers = models.PositiveIntegerField(default=0)
    reach = models.PositiveIntegerField(default=0)
    notes = models.PositiveIntegerField(default=0)
    engagement = models.FloatField(default=0)
    tier = models.CharField(max_length=5, default="nano")
    measured_at = models.DateTimeField(null=True)

    objects = CreatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("creator")
        verbose_name_plural = _("creators")
        indexes: ClassVar = [
            # In the order of the list, with all that is filtered by: who does not fit is passed
            # over in the index, however few fit.
            models.Index(
                fields=["-reach", "-person", "tier", "city", "price"],
                condition=Q(listed=True), name="creators_by_reach",
            ),
            models.Index(
                fields=["-engagement", "-person", "tier", "city", "price"],
                condition=Q(listed=True), name="creators_by_engagement",
            ),
            models.Index(
                fields=["-followers", "-person", "tier", "city", "price"],
                condition=Q(listed=True), name="creators_by_followers",
            ),
            models.Index(
                fields=["price", "person", "tier", "city"],
                condition=Q(listed=True), name="creators_by_price",
            ),
        ]  # fmt: skip
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(price=None) | Q(price__gt=0, price__lte=MOST), name="price_of_a_note"
            )
        ]

    def __str__(self) -> str:
        return str(self.person)


class CreatorField(models.Model):
    """A channel that a creator writes in."""

    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="fields")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "creator"], name="creator_field_once")
        ]

    def __str__(self) -> str:
        return f"{self.creator_id} {self.channel_id}"


class CollaborationQuerySet(models.QuerySet["Collaboration"]):
    def of(self, person: User) -> Self:
        """Theirs as a creator, or of a brand on whose team they are now."""
        return self.filter(Q(creator=person) | Q(brand__in=Brand.objects.of(person).values("pk")))


class Collaboration(models.Model):
    """One note for one price, from an offer to the money."""

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="collaborations")
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="collaborations"
    )
    # Out of whose wallet it is paid: the member of the team who spoke last.
    payer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=100)
    brief = models.TextField(_("what is wanted"), max_length=rules.LONGEST_BRIEF)
    price = models.BigIntegerField(_("price"))
    draft_by = models.DateField(_("draft until"))
    state = models.CharField(
        _("state"), max_length=9, choices=[(s.value, label) for s, label in STATES.items()]
    )
    # When the clock does something by itself; None once it rests.
    due_at = models.DateTimeField(null=True)
    rounds = models.PositiveSmallIntegerField(default=1)
    changes = models.PositiveSmallIntegerField(default=0)
    note = models.OneToOneField(
        "community.Note", on_delete=models.SET_NULL, null=True, related_name="collaboration"
    )
    # The revision of the note that was handed in: what is published is what was approved.
    revision = models.PositiveIntegerField(null=True)
    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    objects = CollaborationQuerySet.as_manager()

    class Meta:
        verbose_name = _("collaboration")
        verbose_name_plural = _("collaborations")
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="collaborations_due"),
            models.Index(fields=["creator", "-id"], name="collaborations_of_creator"),
            models.Index(fields=["brand", "-id"], name="collaborations_of_brand"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(price__gt=0, price__lte=MOST), name="collaboration_for_something"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[*rules.HELD, rules.State.PUBLISHED])
                | Q(hold__isnull=False),
                name="agreed_is_held",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("collaboration", args=[self.pk])


class CollaborationStep(models.Model):
    """Who did what, with which terms. Rows are added, never changed."""

    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="steps")
    act = models.CharField(max_length=12, choices=[(a.value, label) for a, label in ACTS.items()])
    state = models.CharField(max_length=9)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    words = models.CharField(max_length=rules.LONGEST_WORDS, blank=True)
    price = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.collaboration_id}: {self.act}"
