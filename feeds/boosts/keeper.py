"""The clock's part: what is over ends, what is owed is charged, what is left goes back.

Everything is derived from rows and moved by compare-and-set: a tick that comes late, twice, or
after its worker was killed leaves the same orders and the same money.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import F, Q

from . import services
from .fitness import reasons_against
from .models import Boost, BoostDelivery
from .rules import Reason, State

# Cards that nobody saw are forgotten after so long.
FORGET_UNSEEN = timedelta(days=2)
NOTES_AT_ONCE = 500


def advance(*, now: datetime) -> int:
    """One tick; how many orders it moved or charged."""
    moved = stop_unfit(Boost.objects.open(), now=now)
    moved += sum(_close_if_over(boost, now) for boost in _over(now))
    owing = Boost.objects.filter(
        state__in=[State.RUNNING, State.PAUSED], total__gt=F("charged"), delivered__gt=0
    )
    return moved + sum(services.charge(boost, now=now) > 0 for boost in owing)


def stop_unfit(boosts: Iterable[Boost], *, now: datetime) -> int:
    """End those whose note may not be boosted any more, and give back the rest."""
    waiting, stopped = list(boosts), 0
    for start in range(0, len(waiting), NOTES_AT_ONCE):
        chunk = waiting[start : start + NOTES_AT_ONCE]
        against = reasons_against([boost.note_id or 0 for boost in chunk])
        for boost in chunk:
            reason = against.get(boost.note_id or 0)
            if reason is not None:
                stopped += services.close(boost, State.STOPPED, by=None, reason=reason, now=now)
    return stopped


def follow_catalogue(note_ids: Sequence[int], *, now: datetime) -> int:
    """Notes were looked at anew: their orders end where they must."""
    return stop_unfit(Boost.objects.open().filter(note__in=note_ids), now=now)


def settle(boost_id: int, *, now: datetime) -> bool:
    """End one order if it is over; asked for the moment its last impression was counted."""
    boost = Boost.objects.filter(pk=boost_id).first()
    return boost is not None and _close_if_over(boost, now)


def _over(now: datetime) -> Iterable[Boost]:
    alive = [State.DRAFT, State.WAITING, State.RUNNING, State.PAUSED]
    return Boost.objects.filter(state__in=alive).filter(
        Q(ends_at__lte=now) | Q(delivered__gte=F("impressions"))
    )


def _close_if_over(boost: Boost, now: datetime) -> bool:
    if boost.delivered >= boost.impressions:
        return services.close(boost, State.FINISHED, by=None, reason=Reason.DELIVERED, now=now)
    if boost.ends_at > now:
        return False
    if boost.state == State.DRAFT:
        return services.close(boost, State.EXPIRED, by=None, reason=Reason.NOT_PAID, now=now)
    if boost.state == State.WAITING:
        return services.close(boost, State.EXPIRED, by=None, reason=Reason.NOT_REVIEWED, now=now)
    return services.close(boost, State.FINISHED, by=None, reason=Reason.OVER, now=now)


def forget_unseen(*, now: datetime) -> int:
    """Remove reservations that nobody confirmed."""
    old = BoostDelivery.objects.filter(seen_at=None, reserved_at__lt=now - FORGET_UNSEEN)
    return old.delete()[0]
