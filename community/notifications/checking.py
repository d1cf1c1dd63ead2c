"""What must hold between notices and what mails and browsers were told of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Model, Q

from .models import DigestMail, PushMessage

# A worker that lives takes what is due long before.
LATEST = timedelta(hours=1)
Found = Iterator[tuple[str, str, str]]


def digest_differences(now: datetime) -> Found:
    """Digests that say something else than what became of them, or that nobody sends."""
    yield from _told_apart(DigestMail, "digest", now)


def push_differences(now: datetime) -> Found:
    """The same of push messages; and such as go to a browser of somebody else."""
    yield from _told_apart(PushMessage, "push message", now)
    astray = PushMessage.objects.exclude(notification__person=F("subscription__person"))
    for pk in astray.values_list("pk", flat=True):
        yield f"push message {pk}", "to a browser", "another person's notice"


def _told_apart(model: type[Model], name: str, now: datetime) -> Found:
    rows = model._default_manager
    state: Any = model.State  # type: ignore[attr-defined]
    marked = Q(sent_at__isnull=False)
    for pk in rows.filter(Q(state=state.SENT) & ~marked).values_list("pk", flat=True):
        yield f"{name} {pk}", "sent", "at no time"
    for pk in rows.filter(marked).exclude(state=state.SENT).values_list("pk", flat=True):
        yield f"{name} {pk}", "not sent", "at some time"
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    late = rows.filter(free, state=state.WAITING, due_at__lt=now - LATEST)
    for pk in late.values_list("pk", flat=True):
        yield f"{name} {pk}", "on its way", "nobody sends it"
