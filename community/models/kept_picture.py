"""What every picture beside those of notes has: products', logos, banners."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from .note import NoteImage


class KeptPicture(models.Model):
    """Made ready by services.kept_pictures; shown by pictures_shown.picture_of."""

    # Under MEDIA_ROOT and /media/, as pictures_shown asks of whatever has renditions.
    media_folder: ClassVar[str]
    State = NoteImage.State

    alt = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=NoteImage.State, default="processing")
    token = models.CharField(max_length=32, unique=True, editable=False)
    renditions = models.JSONField(default=list, editable=False)
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    placeholder = models.TextField(blank=True, editable=False)
    refusal = models.CharField(max_length=30, blank=True, editable=False)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        abstract = True
