"""What this room does about announcements: a community that was loaded is learnt from at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from community import signals
from community.outbox.jobs import enqueue


@receiver(signals.community_loaded)
def learn_soon(now: datetime, **_: Any) -> None:
    enqueue("lexicon.learn", key="all")
