"""Whether the community keeps what it promises, in figures: for operators and their monitors.

Of the last WINDOW; each number is bounded work and remembered for a minute. What there is nothing
to say about is None, never a made-up zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import F, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Least

from accounts.wallet.models import Account
from community.models import Note
from community.outbox.models import Job

from .boosts.models import Boost
from .boosts.rules import State as BoostState
from .inequality import gini
from .models import FeedList, NoteHour, PoolEntry, PoolTransition
from .pressure import pressure
from .ranking.models import NoteTotals
from .remembered import Remembered

WINDOW = timedelta(days=7)
# Younger notes may still get what they wait for.
SETTLED_AFTER = timedelta(hours=24)
# Newest rows looked at: figures of a large community are samples.
MOST = 5_000
ENDED = (BoostState.STOPPED, BoostState.FINISHED)
# Steps of a note out of the first pool, and for want of readers.
LEFT_FIRST = Q(from_tier=0, rate__isnull=False)

_known: Remembered[Promises] = Remembered(most=1, seconds=60)


@dataclass(frozen=True, slots=True)
class Promises:
    # Of notes judged in P0: share that got all that was promised, and the most beyond it.
    guarantee_kept: float | None
    over_delivery: float | None
    # Of promised views of running first pools, those delivered.
    budget_used: float | None
    running: int
    # Views owed to them, places forecast for the next 24 hours, and hours until all are given.
    views_owed: int
    places_ahead: int
    hours_to_clear: float | None
    # Of notes at least a day old: share that nobody reacted to; median hours to the first reaction.
    without_interaction: float | None
    hours_to_first_interaction: float | None
    # Inequality of impressions among notes that had any.
    exposure_gini: float | None
    # Of boosts whose period ended: delivered of ordered. Minor units held and earned now, and given
    # back in the window.
    boosts_running: int
    boosts_delivered: float | None
    money_held: int
    money_earned: int
    money_refunded: int
    # Of all accounts; anything but 0 is a fault (`manage.py audit_invariants` says where).
    ledger_sum: int
    jobs_waiting: int
    jobs_aside: int
    # Seconds since the newest list of hot, the clock's most punctual work.
    hot_age: float | None


def promises(*, now: datetime) -> Promises:
    """The figures, at most a minute old."""
    return _known.get("now") or _known.put("now", measure(now=now))


def measure(*, now: datetime) -> Promises:
    return Promises(
        **_pools(now), **_reactions(now), **_money(now),
        exposure_gini=_exposure_gini(now),
        jobs_waiting=Job.objects.filter(state=Job.State.READY, run_at__lte=now).count(),
        jobs_aside=Job.objects.filter(state=Job.State.ASIDE).count(),
        hot_age=_hot_age(now),
    )  # fmt: skip


def _pools(now: datetime) -> dict[str, Any]:
    judged = PoolTransition.objects.filter(LEFT_FIRST, at__gt=now - WINDOW).order_by("-id")
    figures = [row for row in judged.values_list("figures", flat=True)[:MOST] if row]
    shares = [row["delivered"] / row["promised"] for row in figures if row.get("promised")]
    running = PoolEntry.objects.filter(state=PoolEntry.State.RUNNING, tier=0)
    asked = running.aggregate(owed=Sum("promised"), given=Sum(Least(F("delivered"), F("promised"))))
    return {
        "guarantee_kept": _share(sum(share >= 1 for share in shares), len(shares)),
        "over_delivery": max(0.0, max(shares) - 1) if shares else None,
        "budget_used": _share(asked["given"] or 0, asked["owed"] or 0),
        "running": running.count(),
        **_pressure(now),
    }


def _pressure(now: datetime) -> dict[str, Any]:
    found = pressure(now=now)
    hours = (found.until - now).total_seconds() / 3600 if found.until else None
    return {"views_owed": found.owed, "places_ahead": found.places, "hours_to_clear": hours}


def _reactions(now: datetime) -> dict[str, Any]:
    notes = (
        Note.objects.published()
        .filter(published_at__gt=now - WINDOW, published_at__lte=now - SETTLED_AFTER)
        .order_by("-pk")
    )
    ids = list(notes.values_list("pk", flat=True)[:MOST])
    reacted = NoteTotals.objects.filter(note__in=ids).annotate(
        acts=F("likes") + F("collects") + F("comments") + F("shares") + F("follows")
    )
    lively = set(reacted.filter(acts__gt=0).values_list("note_id", flat=True))
    hours = [hour for hour in _first_hours(notes.filter(pk__in=ids)) if hour >= 0]
    return {
        "without_interaction": _share(len(ids) - len(lively), len(ids)),
        "hours_to_first_interaction": median(hours) if hours else None,
    }


def _first_hours(notes: QuerySet[Note]) -> list[float]:
    """Hours from publishing to the first like, collect or comment by somebody else."""
    firsts = [
        notes.exclude(**{f"{kind}__{who}": F("author")})
        .annotate(first=Min(f"{kind}__created_at"))
        .exclude(first=None)
        .values_list("pk", "published_at", "first")
        for kind, who in (("likes", "person"), ("collects", "person"), ("comments", "author"))
    ]
    earliest: dict[int, float] = {}
    for pk, published, first in (row for rows in firsts for row in rows):
        hour = (first - published).total_seconds() / 3600
        earliest[pk] = min(hour, earliest.get(pk, hour))
    return list(earliest.values())


def _exposure_gini(now: datetime) -> float | None:
    hours = NoteHour.objects.filter(hour__gt=now - WINDOW).order_by().values_list("note")
    seen = hours.annotate(total=Sum("impressions")).filter(total__gt=0)
    return gini([total for _note, total in seen])


def _money(now: datetime) -> dict[str, Any]:
    # What was never let in, or never paid, was not to be delivered.
    ran = Boost.objects.filter(state__in=ENDED, runs_from__isnull=False)
    ended = ran.filter(ends_at__gt=now - WINDOW, ends_at__lte=now).aggregate(
        ordered=Coalesce(Sum("impressions"), 0), delivered=Coalesce(Sum("delivered"), 0)
    )
    refunded = ran.filter(closed_at__gt=now - WINDOW, closed_at__lte=now)
    standing = dict(Account.objects.order_by().values_list("kind").annotate(total=Sum("balance")))
    return {
        "boosts_running": Boost.objects.filter(state=BoostState.RUNNING).count(),
        "boosts_delivered": _share(ended["delivered"], ended["ordered"]),
        "money_held": standing.get(Account.Kind.HELD, 0),
        "money_earned": standing.get(Account.Kind.EARNED, 0),
        "money_refunded": refunded.aggregate(total=Sum("refunded"))["total"] or 0,
        "ledger_sum": sum(standing.values()),
    }


def _hot_age(now: datetime) -> float | None:
    newest = FeedList.objects.filter(kind="hot", key="site").order_by("-id").first()
    return None if newest is None else max(0.0, (now - newest.built_at).total_seconds())


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
