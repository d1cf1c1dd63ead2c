"""How the community stands, for the first page of the desk: reading by hour, notes by pool,
promises by day, tasks by queue. Each list is bounded by its window, and looked up once a minute a
process and language (feeds/templatetags/overview.py)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Least

from community.outbox.models import Job

from .models import NoteHour, PoolEntry, PoolTransition
from .policy import Policy
from .promises import LEFT_FIRST, MOST

HOURS, DAYS = 48, 7
HOUR = timedelta(hours=1)
# Notes further down are done with their pools.
RUNNING, LOOK, HELD = PoolEntry.State.RUNNING, PoolEntry.State.LOOK, PoolEntry.State.HELD
IN_POOLS = (RUNNING, LOOK, HELD)


@dataclass(frozen=True, slots=True)
class Hour:
    start: datetime
    impressions: int
    opens: int


@dataclass(frozen=True, slots=True)
class Tier:
    """Notes of one pool now, by state; `owed` promised views of running ones not yet given."""

    name: str
    running: int
    look: int
    held: int
    owed: int

    @property
    def notes(self) -> int:
        return self.running + self.look + self.held


@dataclass(frozen=True, slots=True)
class Day:
    """Notes that left the first pool on it, and how many of them had got all they were promised."""

    day: date
    judged: int
    kept: int

    @property
    def share(self) -> float | None:
        return self.kept / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class Queue:
    name: str
    waiting: int
    running: int
    aside: int

    @property
    def tasks(self) -> int:
        return self.waiting + self.running + self.aside


def reading(now: datetime) -> list[Hour]:
    """The last HOURS hours, the present one included."""
    last = now.replace(minute=0, second=0, microsecond=0)
    since = last - (HOURS - 1) * HOUR
    rows = NoteHour.objects.filter(hour__gte=since).order_by().values_list("hour")
    sums = {hour: figures for hour, *figures in rows.annotate(Sum("impressions"), Sum("opens"))}
    hours = (since + n * HOUR for n in range(HOURS))
    return [Hour(hour, *sums.get(hour, (0, 0))) for hour in hours]


def tiers(policy: Policy) -> list[Tier]:
    """Every pool of the ladder, those without a note included."""
    entries = PoolEntry.objects.filter(state__in=IN_POOLS).order_by()
    rows = entries.values_list("tier", "state").annotate(
        count=Count("pk"), owed=Sum(F("promised") - Least(F("delivered"), F("promised")))
    )
    notes: dict[tuple[int, str], int] = {}
    owed: dict[int, int] = defaultdict(int)
    for tier, state, count, outstanding in rows:
        notes[tier, state] = count
        if state == RUNNING:
            owed[tier] = outstanding
    return [
        Tier(
            rung.name,
            running=notes.get((place, RUNNING), 0),
            look=notes.get((place, LOOK), 0),
            held=notes.get((place, HELD), 0),
            owed=owed[place],
        )
        for place, rung in enumerate(policy.pools.ladder)
    ]


def promises_by_day(now: datetime) -> list[Day]:
    """The last DAYS days, today included."""
    today = now.date()
    left = PoolTransition.objects.filter(LEFT_FIRST, at__gt=now - timedelta(days=DAYS))
    judged: dict[date, list[bool]] = defaultdict(list)
    for at, figures in left.order_by("-id").values_list("at", "figures")[:MOST]:
        if figures and figures.get("promised"):
            judged[at.date()].append(figures["delivered"] >= figures["promised"])
    days = (today - timedelta(days=DAYS - 1 - n) for n in range(DAYS))
    return [Day(day, len(judged[day]), sum(judged[day])) for day in days]


def queues(now: datetime) -> list[Queue]:
    """Tasks that are due, being done, and set aside after their last try."""
    state = Job.State
    rows = Job.objects.order_by("queue").values_list("queue")
    counted = rows.annotate(
        waiting=Count("pk", filter=Q(state=state.READY, run_at__lte=now)),
        running=Count("pk", filter=Q(state=state.LEASED)),
        aside=Count("pk", filter=Q(state=state.ASIDE)),
    )
    return [Queue(*row) for row in counted]
