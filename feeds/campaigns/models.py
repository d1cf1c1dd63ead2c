"""Campaigns: a call to write with a tag, for a time, by a brand or by the community itself."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from community.brands.models import Brand
from community.brands.rules import RIGHTS, Right
from community.models import Note, Tag
from community.models.kept_picture import KeptPicture
from feeds.topics.models import ScheduledEvent

from . import rules
from .rules import Act, Phase, State

STATES = {
    State.DRAFT: _("Draft"),
    State.SUBMITTED: _("Waits for staff"),
    State.APPROVED: _("Approved"),
    State.REFUSED: _("Sent back"),
    State.CANCELLED: _("Cancelled"),
}
ACTS = {
    Act.MADE: _("began it"),
    Act.EDIT: _("changed it"),
    Act.SUBMIT: _("asked staff to look at it"),
    Act.TAKE_BACK: _("took it back"),
    Act.APPROVE: _("approved it"),
    Act.REFUSE: _("sent it back"),
    Act.CANCEL: _("cancelled it"),
    Act.CLOSE: _("its time was over; the ranking is final"),
    Act.AWARD: _("gave a prize"),
}
PHASES = {Phase.COMING: _("Coming"), Phase.RUNNING: _("On now"), Phase.OVER: _("Over")}
# Runs campaigns of the community itself, and decides about those of brands.
RUN = "campaigns.run_campaigns"


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def shown(self) -> Self:
        """What anybody may meet."""
        return self.filter(
            Q(brand=None) | Q(brand__suspended_at=None), state=State.APPROVED
        ).select_related("brand", "banner")

    def of(self, person: User) -> Self:
        """What this person may run: their brands', and for staff the community's own."""
        roles = [role for role, rights in RIGHTS.items() if Right.CAMPAIGN in rights]
        brands = Brand.objects.filter(members__person=person, members__role__in=roles)
        theirs = Q(brand__in=brands.values("pk"))
        return self.filter(theirs | Q(brand=None) if person.has_perm(RUN) else theirs)


class Campaign(models.Model):
    """A call to write. Whoever publishes with one of its tags while it is on takes part."""

    slug = models.SlugField(max_length=80, unique=True, allow_unicode=True, editable=False)
    # None: the community's own.
    brand = models.ForeignKey(
        Brand, on_delete=models.PROTECT, null=True, related_name="campaigns", editable=False
    )
    title = models.CharField(_("title"), max_length=rules.TITLE_LENGTH)
    about = models.CharField(_("what it is about"), max_length=rules.ABOUT_LENGTH)
    rules_text = models.TextField(_("rules"), max_length=rules.RULES_LENGTH, blank=True)
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), related_name="+")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=[(state.value, label) for state, label in STATES.items()],
        default=State.DRAFT,
        editable=False,
    )
    # What staff decided that the heat of its notes is multiplied by: its only way to be lifted.
    lift = models.FloatField(
        _("lift"), default=1.0, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    event = models.OneToOneField(
        ScheduledEvent, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    # When its ranking was made final.
    closed_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        permissions: ClassVar = [("run_campaigns", "Can run and decide about campaigns")]
        indexes: ClassVar = [
            models.Index(fields=["state", "ends_at"], name="campaigns_on"),
            models.Index(fields=["brand", "-id"], name="campaigns_of_brand"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="campaign_has_time"
            ),
            models.CheckConstraint(
                condition=Q(lift__gte=1, lift__lte=5), name="campaign_lift_bounds"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("campaign", args=[self.slug])

    def phase_at(self, now: datetime) -> Phase:
        return rules.phase_at(self.starts_at, self.ends_at, now)


class Banner(KeptPicture):
    media_folder: ClassVar = "campaigns"

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="banner")

    def __str__(self) -> str:
        return f"banner of {self.campaign_id}"


class Prize(models.Model):
    """What may be won, and by how many."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="prizes")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("prize"), max_length=rules.PRIZE_LENGTH)
    winners = models.PositiveSmallIntegerField(_("how many"), default=1)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "position"], name="prize_place_once")
        ]

    def __str__(self) -> str:
        return self.name


class Award(models.Model):
    """That a note won a prize: a note wins once."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="awards")
    prize = models.ForeignKey(Prize, on_delete=models.CASCADE, related_name="awards")
    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "note"], name="award_once")
        ]

    def __str__(self) -> str:
        return f"{self.prize_id}: {self.note_id}"


class Place(models.Model):
    """A place of the ranking: of the present one, and once the campaign is closed the final."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="places")
    position = models.PositiveSmallIntegerField()
    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="+")
    # People who engaged, people who saw it, and what the order goes by.
    people = models.PositiveIntegerField()
    seen = models.PositiveIntegerField()
    score = models.FloatField()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "position"], name="campaign_place_once")
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.position}: {self.note_id}"


class CampaignStep(models.Model):
    """Who did what. Rows are added, never changed."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="steps")
    act = models.CharField(max_length=9, choices=[(a.value, label) for a, label in ACTS.items()])
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    words = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.act}"
