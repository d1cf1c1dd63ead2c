"""Listens: notes that are found to be alike may belong to one case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models.signals import post_migrate
from django.dispatch import receiver

from community import signals
from community.outbox.jobs import enqueue

from . import roles
from .cases import notes_like
from .models import CaseThing


@receiver(signals.likeness_changed)
def bring_together(note_ids: list[int], now: datetime, **_: Any) -> None:
    alike = set(note_ids).union(*(notes_like(pk) for pk in note_ids[:100]))
    if len(alike) > 1 and CaseThing.objects.filter(note__in=alike, is_open=True).exists():
        enqueue("moderation.gather", notes=sorted(alike))


@receiver(post_migrate)
def open_roles(sender: Any, **_: Any) -> None:
    """Rights are made room by room; after each, the roles have those there are."""
    if sender.label in roles.ROOMS:
        roles.ensure()
