"""What came of an order: figures counted from rows, each with its cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from community.models import Channel, Collect, Comment, Like, Share, Tag
from feeds.models import Event

from .models import Boost, BoostDelivery
from .rules import Audience, allowed_by

# Points of the drawing of a period.
STEPS = 40


@dataclass(frozen=True, slots=True)
class Figure:
    """How many of the readers reached did this, and what one of them cost: whole minor units,
    rounded to the nearest."""

    name: str
    count: int
    cost_each: int | None


@dataclass(frozen=True, slots=True)
class Report:
    impressions: int
    # Sights that were free: after the last impression, above a day's cap, or of a farm.
    free: int
    spent: int
    figures: list[Figure]
    days: list[tuple[date, int]]


def report_on(boost: Boost) -> Report:
    """Of the people whom the order reached, those who did each thing after they saw the card."""
    counts = {"impressions": boost.delivered} | _acts(boost)
    spent = boost.due
    figures = [
        Figure(name, count, (2 * spent + count) // (2 * count) if count else None)
        for name, count in counts.items()
    ]
    seen = boost.deliveries.filter(seen_at__isnull=False)
    return Report(
        impressions=boost.delivered,
        free=seen.filter(counted=False).count(),
        spent=spent,
        figures=figures,
        days=_days(boost),
    )


def _acts(boost: Boost) -> dict[str, int]:
    """Distinct people by act; what was taken back is gone."""
    if boost.note_id is None:
        return dict.fromkeys(("opens", "likes", "collects", "comments", "shares", "follows"), 0)
    note = boost.note_id
    kind = Event.Kind
    return {
        "opens": _people(boost, Event.objects.filter(note=note, kind=kind.OPEN), "person", "at"),
        "likes": _people(boost, Like.objects.filter(note=note), "person", "created_at"),
        "collects": _people(boost, Collect.objects.filter(note=note), "person", "created_at"),
        "comments": _people(
            boost,
            Comment.objects.filter(note=note, deleted_at=None, hidden_at=None),
            "author",
            "created_at",
        ),
        "shares": _people(boost, Share.objects.filter(note=note), "person", "created_at"),
        "follows": _people(
            boost, Event.objects.filter(note=note, kind=kind.FOLLOW), "person", "at"
        ),
    }


def _people(boost: Boost, rows: QuerySet, who: str, when: str) -> int:
    reached = BoostDelivery.objects.filter(
        boost=boost, person=OuterRef(who), counted=True, seen_at__lte=OuterRef(when)
    )
    counted = rows.filter(Exists(reached)).aggregate(people=Count(who, distinct=True))
    return int(counted["people"])


def _days(boost: Boost) -> list[tuple[date, int]]:
    counted = boost.deliveries.filter(counted=True)
    day = TruncDate("seen_at", tzinfo=ZoneInfo(boost.zone))
    rows = counted.annotate(day=day).values("day").annotate(count=Count("pk")).order_by("day")
    return list(rows.values_list("day", "count"))


# ---------------------------------------------------------------- pacing as drawn
@dataclass(frozen=True, slots=True)
class Pacing:
    """The plan and what was delivered, as points from 0 to 100 for the page to draw."""

    plan: str
    delivered: str
    now: float
    behind: int


def pacing_of(boost: Boost, *, now: datetime) -> Pacing | None:
    """None before it runs."""
    if boost.runs_from is None:
        return None
    begins, ends = boost.runs_from, boost.ends_at
    until = min(now, boost.closed_at or now, ends)
    marks = [begins + (ends - begins) * n / STEPS for n in range(STEPS + 1)]
    counts = _delivered_by(boost, [mark for mark in marks if mark <= until] + [until])
    points = [(_x(mark, begins, ends), count / boost.impressions) for mark, count in counts]
    plan = allowed_by(
        ordered=boost.impressions,
        begins=begins,
        ends=ends + timedelta(microseconds=1),
        now=max(begins, until),
        slack=0.0,
    )
    return Pacing(
        plan="0,100 100,0",
        delivered=" ".join(f"{x:.1f},{100 - 100 * y:.1f}" for x, y in points),
        now=round(_x(until, begins, ends), 1),
        behind=max(0, plan - boost.delivered),
    )


def _x(moment: datetime, begins: datetime, ends: datetime) -> float:
    return 100 * min(1.0, max(0.0, (moment - begins) / (ends - begins)))


def _delivered_by(boost: Boost, marks: list[datetime]) -> list[tuple[datetime, int]]:
    """Counted impressions until each of these times, in one statement."""
    columns = {f"m{n}": Count("pk", filter=Q(seen_at__lte=mark)) for n, mark in enumerate(marks)}
    found = boost.deliveries.filter(counted=True).aggregate(**columns)
    return [(mark, found[f"m{n}"]) for n, mark in enumerate(marks)]


# ---------------------------------------------------------------- names
@dataclass(frozen=True, slots=True)
class AudienceNames:
    """An audience in names."""

    everybody: bool
    channels: list[str]
    tags: list[str]
    city: str
    followers: str


def names_of(audience: Audience) -> AudienceNames:
    return AudienceNames(
        everybody=audience.is_everybody,
        channels=[channel.name for channel in Channel.objects.filter(pk__in=audience.channels)],
        tags=list(Tag.objects.filter(pk__in=audience.tags).shown().values_list("name", flat=True)),
        city=audience.city,
        followers=audience.followers,
    )
