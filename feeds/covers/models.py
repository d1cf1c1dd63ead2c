"""Tests of covers: one a note, with what decided it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from feeds.policy import Covers

from .rules import Figures, Kept, State


class CoverTest(models.Model):
    """A note's two covers against each other, from its way into the first pool to the decision."""

    class Why(models.TextChoices):
        EDITED = "edited", _("The note was edited.")
        PICTURES = "pictures", _("Its pictures were removed or put in another order.")
        WITHDRAWN = "withdrawn", _("The note could not be seen by everybody for a while.")
        SWITCHED_OFF = "switched_off", _("Cover tests were switched off here.")

    note = models.OneToOneField(
        "community.Note",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="+",
        db_constraint=False,
    )
    # Pictures of the note; either may be gone since.
    first = models.BigIntegerField()
    second = models.BigIntegerField()
    state = models.CharField(
        max_length=8,
        choices=[(state.value, state.value) for state in State],
        default=State.RUNNING.value,
    )
    kept = models.CharField(
        max_length=6, blank=True, choices=[(kept.value, kept.value) for kept in Kept], default=""
    )
    # What ended it where it was not decided.
    why = models.CharField(max_length=12, blank=True, choices=Why, default="")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # As they were at the end: seen, opens and engagement of each cover, least views and alpha.
    figures = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("cover test")
        verbose_name_plural = _("cover tests")
        indexes: ClassVar = [
            models.Index(
                fields=["note"],
                condition=models.Q(state=State.RUNNING.value),
                name="covers_running",
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state=State.RUNNING.value, kept="", ended_at=None)
                | (
                    ~models.Q(state=State.RUNNING.value)
                    & ~models.Q(kept="")
                    & ~models.Q(ended_at=None)
                ),
                name="cover_kept_at_the_end",
            )
        ]

    def __str__(self) -> str:
        return f"{self.note_id}: {self.state} {self.kept}".rstrip()

    def at_the_end(self) -> tuple[Figures, Figures, Covers]:
        """Figures of both covers and the rules they were judged by, as they were kept."""
        kept = self.figures
        rules = Covers(least_impressions=kept["least_impressions"], alpha=kept["alpha"])
        return Figures(**kept["first"]), Figures(**kept["second"]), rules
