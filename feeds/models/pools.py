"""Traffic pools: where each note stands on the ladder, and every step it took."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .fields import note_key, person_key


class PoolEntry(models.Model):
    """A note in its present pool: a narrow row that ticks rewrite, apart from the note."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        HELD = "held", _("Held back")
        SETTLED = "settled", _("Settled")
        HOT = "hot", _("Through all pools")
        # Through the gate, and waiting for a moderator's second look.
        LOOK = "look", _("Waiting for a second look")

    note = models.OneToOneField(
        "community.Note",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="+",
        db_constraint=False,
    )
    author = person_key(db_index=False)
    root_channel_id = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=State)
    # Index into the policy's ladder.
    tier = models.PositiveSmallIntegerField(default=0)
    promised = models.PositiveIntegerField()
    # Qualified impressions by distinct viewers in this tier; cards served and not yet seen.
    delivered = models.PositiveIntegerField(default=0)
    in_flight = models.PositiveIntegerField(default=0)
    # Engagement score (CES) of people who saw it through this tier.
    engagement = models.FloatField(default=0)
    # What rings and farms would have added in this tier: their acts, what these would have scored,
    # and their sights (feeds/trust/).
    discounted_acts = models.PositiveIntegerField(default=0, db_default=0)
    discounted_score = models.FloatField(default=0, db_default=0.0)
    discounted_views = models.PositiveIntegerField(default=0, db_default=0)
    started_at = models.DateTimeField()
    # When the promise should be kept; pulled forward to the moment it is.
    due_at = models.DateTimeField()
    # The arms of experiments it entered in ("3:1+8:0"), whose policy promises and judges it.
    trial = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("pool entry")
        verbose_name_plural = _("pool entries")
        indexes: ClassVar = [
            # Only what runs is looked for: a note that leaves the ladder leaves both.
            models.Index(fields=["due_at"], condition=Q(state="running"), name="pool_due"),
            # The raise of small promises looks for those below a number, every minute.
            models.Index(
                fields=["tier", "promised"], condition=Q(state="running"), name="pool_tier"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} P{self.tier} {self.delivered}/{self.promised}"


class PoolDelivery(models.Model):
    """One viewer reached by one tier: reserved when served, confirmed when seen, once."""

    note = note_key(db_index=False)
    tier = models.PositiveSmallIntegerField()
    person = person_key(db_index=False)
    # When it was served: the slot reserved, or the page that ranking brought it on.
    reserved_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    # False: seen by somebody whose sights are no part of a promise.
    counts = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["note", "tier", "person"], name="delivered_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["reserved_at"], condition=models.Q(seen_at=None), name="delivery_in_flight"
            )
        ]

    def __str__(self) -> str:
        return f"{self.note_id} P{self.tier} → {self.person_id}"


class PoolEngagement(models.Model):
    """An act of a reached viewer, credited to the tier that reached them, once a kind."""

    note = note_key(db_index=False)
    tier = models.PositiveSmallIntegerField()
    person = person_key(db_index=False)
    kind = models.PositiveSmallIntegerField()
    # What the act counts: `full` times the weight of this reader for this author, and why it is
    # less than 1 (feeds/trust/weights.py).
    score = models.FloatField()
    full = models.FloatField(default=0, db_default=0.0)
    weight = models.FloatField(default=1, db_default=1.0)
    reason = models.CharField(max_length=8, blank=True, db_default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["note", "tier", "person", "kind"], name="credited_once")
        ]

    def __str__(self) -> str:
        return f"{self.note_id} P{self.tier} +{self.score}"


class PoolTransition(models.Model):
    """One step of a note through the pools, with the figures that decided it."""

    note = note_key()
    from_tier = models.PositiveSmallIntegerField(null=True)
    to_tier = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=8, choices=PoolEntry.State)
    # Code of feeds.pools.Reason.
    reason = models.CharField(max_length=20)
    # The arithmetic: promised, delivered, engagement, rate, lower_bound, gate, usual ...
    figures = models.JSONField(default=dict)
    root_channel_id = models.BigIntegerField()
    # Engagement per impression at this gate; feeds the channel's usual rate.
    rate = models.FloatField(null=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("step of a note")
        verbose_name_plural = _("steps of notes")
        constraints: ClassVar = [
            # A stage is left once: two workers at the same gate write one step.
            models.UniqueConstraint(
                fields=["note", "from_tier"],
                condition=models.Q(to_tier__isnull=False, from_tier__isnull=False),
                name="promoted_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["root_channel_id", "from_tier", "-id"], name="gate_records")
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.note_id}: {self.from_tier} → {self.to_tier} ({self.reason})"


class SecondLook(models.Model):
    """A note that a gate let through, and what a moderator made of it before it rose."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RISES = "rises", _("rises")
        STAYS = "stays", _("stays where it is")
        # The note was withdrawn before anybody looked.
        VOID = "void", _("withdrawn meanwhile")

    note = models.ForeignKey(
        "community.Note", on_delete=models.CASCADE, related_name="+", db_constraint=False,
        verbose_name=_("note"),
    )  # fmt: skip
    # The pool it leaves if it rises.
    tier = models.PositiveSmallIntegerField(_("pool"))
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    # The arithmetic of the gate it passed.
    figures = models.JSONField(default=dict)
    asked_at = models.DateTimeField(_("asked"))
    until = models.DateTimeField(_("decides itself"))
    # Nobody, where nobody came in time.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+",
        verbose_name=_("decided by"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided"), null=True)
    words = models.CharField(_("told to the author"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("second look")
        verbose_name_plural = _("second looks")
        ordering: ClassVar = ["until", "id"]
        permissions: ClassVar = [("decide_secondlook", "Can decide second looks")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["note"], condition=models.Q(state="waiting"), name="one_look_at_a_time"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["state", "until"], name="looks_waiting")]

    def __str__(self) -> str:
        return f"{self.note_id} · P{self.tier}"
