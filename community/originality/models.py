"""Prints of notes, the keys they are found by, and which notes repeat an earlier one."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


def _note(**options: Any) -> models.ForeignKey:
    """Written by the thousand: no database constraint, Django removes the rows with their note."""
    return models.ForeignKey(
        "community.Note", on_delete=models.CASCADE, db_constraint=False, related_name="+", **options
    )


class NotePrint(models.Model):
    """What was looked at of a published note. A note without one has not been looked at yet."""

    note = models.OneToOneField(
        "community.Note",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="+",
        db_constraint=False,
    )
    # Since when the note says about what it says now: an edit into other words starts anew, so
    # that nobody becomes the original of a text by writing it into an old note.
    since = models.DateTimeField()
    # Of the words (text.duplicates.digest), and their MinHash minima as bytes; empty: too short.
    digest = models.BigIntegerField()
    minima = models.BinaryField(default=bytes)
    # Ready pictures that were looked at, and a digest of those that can be recognised.
    pictures = models.PositiveSmallIntegerField(default=0)
    shown = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.note_id} since {self.since:%F}"


class Band(models.Model):
    """One key that a text or a picture is found by. Equal keys make candidates, no verdict."""

    note = _note()
    # None: the note's text.
    image = models.ForeignKey(
        "community.NoteImage",
        on_delete=models.CASCADE,
        null=True,
        db_constraint=False,
        related_name="+",
    )
    key = models.BigIntegerField()
    since = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["key", "since", "note"], name="earliest_of_band"),
        ]

    def __str__(self) -> str:
        return f"{self.note_id}: {self.key}"


class Likeness(models.Model):
    """That a note's text or pictures are very like those of an earlier note."""

    class What(models.TextChoices):
        TEXT = "text", _("Text")
        PICTURES = "pictures", _("Pictures")

    note = _note(db_index=False)
    what = models.CharField(max_length=8, choices=What)
    original = _note()
    # The same person wrote both: a repetition and no copy.
    own = models.BooleanField()
    # Likeness of the texts, or the share of the pictures that were shown before; 0 to 1.
    share = models.FloatField()
    found_at = models.DateTimeField()

    class Meta:
        verbose_name = _("near-duplicate")
        verbose_name_plural = _("near-duplicates")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["note", "what"], name="likeness_once")
        ]

    def __str__(self) -> str:
        return f"{self.note_id} ~ {self.original_id}"
