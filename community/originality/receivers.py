"""What is published, changed or taken away is looked at soon."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from community import signals
from community.models import Note
from community.outbox.jobs import enqueue, enqueue_many

from .services import batched


@receiver([signals.note_published, signals.note_edited, signals.note_pictures_ready])
def look_soon(note: Note, now: datetime, **_: Any) -> None:
    enqueue("originality.keep", key=note.pk, notes=[note.pk])


@receiver([signals.note_withdrawn, signals.note_returned])
def look_again(note_id: int, now: datetime, **_: Any) -> None:
    enqueue("originality.keep", key=note_id, notes=[note_id])


@receiver(signals.notes_imported)
def look_at_imported(note_ids: list[int], now: datetime, **_: Any) -> None:
    enqueue_many("originality.keep", [("", {"notes": some}) for some in batched(note_ids)])
