"""What the sources choose from: one narrow row per note that may be shown to strangers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from .fields import person_key


class LiveNote(models.Model):
    """A published, public, shown note as the sources see it. Rebuilt by `catalogue.refresh`."""

    note = models.OneToOneField(
        "community.Note",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="+",
        db_constraint=False,
    )
    author = person_key(db_index=False)
    channel_id = models.BigIntegerField()
    root_channel_id = models.BigIntegerField()
    published_at = models.DateTimeField()
    # The note's place, else its author's blurred city.
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    at_place = models.BooleanField(default=False)
    language = models.CharField(max_length=8, blank=True)
    # 0..1, and whether that is above the bar: below it, only followers and searchers meet the note.
    quality = models.FloatField(default=0)
    recommended = models.BooleanField(default=False)
    # Smoothed engagement per impression; refreshed when events are digested.
    popularity = models.FloatField(default=0)
    # Rank factor: above 1 for notes that passed a gate.
    boost = models.FloatField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["channel_id", "-published_at"], name="live_channel"),
            models.Index(fields=["root_channel_id", "-published_at"], name="live_root"),
            models.Index(fields=["author", "-published_at"], name="live_author"),
            models.Index(fields=["-published_at"], name="live_newest"),
            models.Index(fields=["-popularity"], name="live_popular"),
            models.Index(fields=["latitude", "longitude"], name="live_box"),
        ]

    def __str__(self) -> str:
        return f"live {self.pk}"


class NoteDiscount(models.Model):
    """What rings and farms added to a note: engagement and views that its popularity leaves out."""

    note = models.OneToOneField(
        "community.Note",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="+",
        db_constraint=False,
    )
    score = models.FloatField()
    views = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.note_id}: -{self.score:.1f}, -{self.views}"


class QualityVerdict(models.Model):
    """How good a note looks before anybody read it, dimension by dimension, for its author."""

    note = models.OneToOneField(
        "community.Note", on_delete=models.CASCADE, primary_key=True, related_name="quality"
    )
    score = models.FloatField()
    passes = models.BooleanField()
    # [{"name", "score", "reason", "advice"}]: codes of community.text.quality.
    dimensions = models.JSONField(default=list)
    judged_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.note_id}: {self.score:.2f}"
