"""Digests by mail: at each person's own morning, one a day at most, nothing where nothing is new.

1. `note_due` notes a row for everybody whose morning it is; the row is unique for person and day.
2. `send_due` takes the rows one by one, looks again at what this person may see now, and sends.
3. What a mail server does not take is tried again later; what no mail told, the next one tells.

A worker that dies between the server's answer and our note of it sends the mail once more, under
the same Message-ID.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.zones import zone_of
from community.outbox.jobs import enqueue

from . import digest_mail
from .models import DigestMail, Preferences

logger = logging.getLogger(__name__)

State = DigestMail.State
Wish = Preferences.Digest
SEND = "notify.send_digests"
# From this hour of the person's clock on; whoever cannot be served before noon waits for tomorrow.
MORNING, NOON = 8, 12
MONDAY = 0
# Longer than a mail server that hangs may take, in all its steps.
CLAIM = timedelta(minutes=3)
# A job sends for so long, then another one goes on.
BUDGET = timedelta(seconds=15)
PAUSES = (
    timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1),
    timedelta(hours=2), timedelta(hours=4),
)  # fmt: skip
KEPT = timedelta(days=60)


def note_due(*, now: datetime) -> int:
    """Note a digest for everybody whose morning it is and who has none yet; rings if any is due."""
    wanting = Preferences.objects.exclude(digest=Wish.OFF).filter(person__is_active=True)
    zones = wanting.values_list("person__profile__time_zone", flat=True).distinct()
    noted = sum(_note_in(name, wanting, now) for name in zones)
    with transaction.atomic():
        if _due(now).exists():
            ring()
    return noted


def ring() -> None:
    enqueue(SEND, key="due")


def _note_in(zone: str, wanting: QuerySet[Preferences], now: datetime) -> int:
    """Of the people of one zone."""
    local = now.astimezone(zone_of(zone))
    if not MORNING <= local.hour < NOON:
        return 0
    wishes = [Wish.DAILY, Wish.WEEKLY] if local.weekday() == MONDAY else [Wish.DAILY]
    here = wanting.filter(person__profile__time_zone=zone, digest__in=wishes)
    has = DigestMail.objects.filter(person=OuterRef("person"), slot=local.date())
    rows = [
        DigestMail(person_id=person, slot=local.date(), due_at=now)
        for person in here.exclude(Exists(has)).values_list("person", flat=True)
    ]
    DigestMail.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)


def send_due(*, now: datetime) -> int:
    """Send what is due, one after another; how many were sent. Rings again while more is due."""
    sent, connection = 0, get_connection()
    until = timezone.now() + BUDGET
    try:
        for row in _due(now).select_related("person__profile").iterator():
            if timezone.now() >= until:
                break
            if _claim(row, now):
                sent += _send(row, connection, now)
    finally:
        connection.close()
    with transaction.atomic():
        if _due(now).exists():
            ring()
    return sent


def forget(*, now: datetime) -> int:
    return DigestMail.objects.filter(slot__lt=(now - KEPT).date()).delete()[0]


def _due(now: datetime) -> QuerySet[DigestMail]:
    return DigestMail.objects.filter(
        Q(claimed_until=None) | Q(claimed_until__lt=now), state=State.WAITING, due_at__lte=now
    ).order_by("due_at", "pk")


def _claim(row: DigestMail, now: datetime) -> bool:
    """Ours until the claim ends; False where somebody else was quicker."""
    return bool(_due(now).filter(pk=row.pk).order_by().update(claimed_until=now + CLAIM))


def _send(row: DigestMail, connection: BaseEmailBackend, now: datetime) -> bool:
    """Make it of what the person may see at this moment, send it and note what became of it."""
    message = digest_mail.write(row, now=now)
    if message is None:
        return _give_up(row, now, state=State.EMPTY)
    message.connection = connection
    try:
        message.send()
    except Exception as error:  # backends of all kinds raise errors of all kinds
        connection.close()
        logger.warning("Digest %d was not taken: %r", row.pk, error)
        return _postpone(row, f"{type(error).__name__}: {error}", now)
    _conclude(row, now, state=State.SENT, sent_at=now)
    return True


def _postpone(row: DigestMail, trouble: str, now: datetime) -> bool:
    tries = row.tries + 1
    if tries > len(PAUSES):
        return _give_up(row, now, state=State.FAILED, tries=tries, trouble=trouble[:200])
    due = now + PAUSES[tries - 1]
    return _conclude(row, now, tries=tries, trouble=trouble[:200], due_at=due)


@transaction.atomic
def _give_up(row: DigestMail, now: datetime, **said: object) -> bool:
    """Nobody gets this one: the next one tells what it was to tell."""
    digest_mail.give_back(row)
    return _conclude(row, now, **said)


def _conclude(row: DigestMail, now: datetime, **said: object) -> bool:
    """Write down what became of it and let it go; always False: nothing was sent."""
    mine = DigestMail.objects.filter(pk=row.pk, state=State.WAITING, tries=row.tries)
    mine.update(claimed_until=None, **said)
    return False
