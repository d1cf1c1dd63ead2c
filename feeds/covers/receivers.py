"""What this room hears of the others: the author changed what is under test; a card is another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from community import signals as notes
from community.outbox.jobs import enqueue

from . import services


@receiver(notes.second_cover_taken_back)
def taken_back(note_id: int, why: str, now: datetime, **_: Any) -> None:
    services.end_changed(note_id=note_id, why=why, now=now)


@receiver(notes.note_cover_settled)
def settled(note_id: int, now: datetime, **_: Any) -> None:
    enqueue("feeds.refresh", key=note_id, notes=[note_id])
