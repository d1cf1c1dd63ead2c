"""Close an account on staff's word and open it again. Why and until when, moderation knows."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from . import signals
from .models import User


def suspend_person(*, person_id: int, now: datetime) -> bool:
    """Close an open account: its sessions and tokens end with the next request, what its owner
    wrote is met nowhere. False where it is closed already."""
    with transaction.atomic():
        opened = User.objects.filter(pk=person_id, is_active=True, suspended_at=None)
        closed = opened.update(is_active=False, suspended_at=now)
        if closed:
            signals.person_suspended.send(sender=User, person_id=person_id, now=now)
    return bool(closed)


def readmit_person(*, person_id: int, now: datetime) -> bool:
    """Open what `suspend_person` closed; False where it is open, or its owner closed it."""
    with transaction.atomic():
        suspended = User.objects.filter(pk=person_id, suspended_at__isnull=False)
        opened = suspended.update(is_active=True, suspended_at=None)
        if opened:
            signals.person_readmitted.send(sender=User, person_id=person_id, now=now)
    return bool(opened)
