"""Orders of somebody who leaves: stopped at once, paid back, and without the name of their note."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from accounts.models import User
from accounts.owndata.leaving import Stage, batch, takes_away
from accounts.signals import person_left

from .models import Boost
from .rules import Reason, State
from .services import close


@receiver(person_left)
def stop_orders(person: User, now: datetime, **_: Any) -> None:
    for boost in Boost.objects.of(person).open():
        close(boost, State.STOPPED, by=person, reason=Reason.STOPPED, now=now)


@takes_away("names of boosted notes", stage=Stage.MONEY)
def titles(person: User, now: datetime) -> int:
    ids = batch(Boost.objects.of(person).exclude(title=""))
    return Boost.objects.filter(pk__in=ids).update(title="")
