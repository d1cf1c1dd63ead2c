"""Write down what was done. The only place that adds lines to the log."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.encoding import force_str

from accounts.models import User

from .models import LogLine

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST = 600


def note_down(
    *, actor: User | None, act: str, about: str, words: StrOrPromise = "", now: datetime
) -> None:
    """`about`: what it was done to, e.g. "case 3"."""
    said = force_str(words)[:LONGEST]
    LogLine.objects.create(actor=actor, act=act, about=about[:40], words=said, at=now)
