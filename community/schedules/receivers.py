"""A note that is published by hand, or deleted, is on no plan any more."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from community import signals
from community.models import Note

from .models import Schedule


@receiver(signals.note_published)
def forget_published(note: Note, **_: Any) -> None:
    Schedule.objects.filter(note=note).delete()


@receiver(signals.note_withdrawn)
def forget_withdrawn(note_id: int, **_: Any) -> None:
    Schedule.objects.filter(note=note_id).delete()
