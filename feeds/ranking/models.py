"""What rankers know of notes beside LiveNote, and lists as they were served."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from feeds.models.fields import person_key


class NoteTotals(models.Model):
    """Sums of a note's NoteHour rows, brought up to date when events are digested."""

    note = models.OneToOneField(
        "community.Note",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="totals",
        db_constraint=False,
    )
    impressions = models.BigIntegerField(default=0)
    opens = models.BigIntegerField(default=0)
    dwell_seconds = models.FloatField(default=0)
    likes = models.BigIntegerField(default=0)
    collects = models.BigIntegerField(default=0)
    comments = models.BigIntegerField(default=0)
    shares = models.BigIntegerField(default=0)
    follows = models.BigIntegerField(default=0)
    hides = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"totals of {self.pk}"


class RankedList(models.Model):
    """The head of one discover list with everything a ranker knew of it, for learning and replay.

    Arrays are little-endian and deflated; see `logged.py` for reading and writing them.
    """

    # Primary key of the FeedList, which is not kept as long.
    list_id = models.BigIntegerField(_("list"), unique=True)
    person = person_key()
    at = models.DateTimeField(_("at"), db_index=True)
    policy_version = models.PositiveIntegerField(_("policy version"))
    # Arms of experiments it was made under: "3:1+8:0"; empty for none.
    arms = models.CharField(_("arms"), max_length=60, blank=True, default="")
    # Which ranker scored it: "formula", "ranker 3".
    ranker = models.CharField(_("ranker"), max_length=60)
    # Name of the set of features: rows of another set are not learnt from.
    schema = models.CharField(max_length=12)
    length = models.PositiveSmallIntegerField(_("length"))
    # int64 (length,); float32 (length, features); float32 (length,); float32 (length,)
    note_ids = models.BinaryField()
    features = models.BinaryField()
    scores = models.BinaryField()
    propensities = models.BinaryField()

    class Meta:
        verbose_name = _("ranked list")
        verbose_name_plural = _("ranked lists")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.list_id} ({self.ranker})"
