"""The video of a note, and how far its preparation is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from .note import Note, NoteImage


class NoteVideo(models.Model):
    """The one video of a note, which then has no pictures but the video's poster."""

    class State(models.TextChoices):
        PROCESSING = "processing", _("Processing")
        READY = "ready", _("Ready")
        REFUSED = "refused", _("Refused")
        # Its note was deleted meanwhile; the upload waits in case the note comes back.
        CANCELLED = "cancelled", _("Cancelled")

    note = models.OneToOneField(Note, on_delete=models.CASCADE, related_name="video")
    # The note's cover, processing until the video is ready: whatever judges or shows pictures
    # judges and shows this one.
    poster = models.OneToOneField(NoteImage, on_delete=models.CASCADE, related_name="video")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROCESSING)
    # Per cent of the preparation.
    progress = models.PositiveSmallIntegerField(_("progress"), default=0)
    # Unguessable folder under MEDIA_ROOT/videos; also the video's public name.
    token = models.CharField(max_length=32, unique=True, editable=False)
    # [{"width", "height", "filename", "bytes"}], smallest first; all are H.264 and AAC in MP4.
    renditions = models.JSONField(default=list, editable=False)
    # Of the largest rendition, upright.
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    seconds = models.FloatField(_("seconds"), default=0, editable=False)
    has_sound = models.BooleanField(default=False, editable=False)
    # Code of VideoRefused where the state is "refused".
    refusal = models.CharField(_("reason"), max_length=30, blank=True, editable=False)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("video")
        verbose_name_plural = _("videos")

    def __str__(self) -> str:
        return f"{self.note_id}: {self.state}"

    @property
    def duration(self) -> timedelta:
        return timedelta(seconds=self.seconds)

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def smallest_first(self) -> list[dict[str, Any]]:
        return sorted(self.renditions, key=lambda rendition: rendition["width"])
