"""What became of all that an author wrote, and who follows them for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q

from accounts.models import Follow, User
from accounts.zones import zone_of
from community.models import Note
from feeds.policies import current

from .local_days import day_in
from .models import Audience, FeedDay, FeedHour, FollowChange
from .reading import (
    Course,
    People,
    Span,
    by_hour,
    course_of,
    groups_of,
    hours_of,
    people_of,
    summed,
)
from .rules import Totals, best_hours

NOTES_SHOWN = 30
# Weeks in which followers are told apart by when they came.
WEEKS = 8


@dataclass(frozen=True, slots=True)
class Cohort:
    """Followers gained in a week, and how many of them still follow."""

    week: date
    gained: int
    stayed: int


@dataclass(frozen=True, slots=True)
class AccountInsights:
    course: Course
    hours: dict[tuple[int, int], int]
    best: list[int]
    people: People
    notes: list[tuple[Note, Totals]]
    gained: int
    lost: int
    follows: list[tuple[date, int, int]]
    cohorts: list[Cohort]


def account_insights(author: User, span: Span, *, now: datetime) -> AccountInsights:
    rules = current()[1].insights
    hours = hours_of(FeedHour.objects.filter(author=author), zone_of(author.profile.time_zone), now)
    follows = _follows(author, span)
    return AccountInsights(
        course=course_of(FeedDay.objects.filter(author=author), span),
        hours=hours,
        best=best_hours(by_hour(hours), least=rules.least_impressions),
        people=people_of(groups_of(Audience.objects.filter(author=author), span)),
        notes=_notes(author, span),
        gained=sum(gained for _day, gained, _lost in follows),
        lost=sum(lost for _day, _gained, lost in follows),
        follows=follows,
        cohorts=_cohorts(author, now),
    )


def _notes(author: User, span: Span) -> list[tuple[Note, Totals]]:
    """The notes most seen in the span, with what readers did in it."""
    days = FeedDay.objects.filter(author=author, day__range=(span.since, span.until))
    rows = sorted(summed(days, "note_id"), key=lambda row: -row[1])[:NOTES_SHOWN]
    sums = {row[0]: Totals(*row[1:]) for row in rows}
    notes = Note.objects.visible_to(author).in_bulk(sums)
    return [(notes[pk], totals) for pk, totals in sums.items() if pk in notes]


def _follows(author: User, span: Span) -> list[tuple[date, int, int]]:
    """(day, gained, lost) for every day of the span."""
    zone = zone_of(author.profile.time_zone)
    begins, ends = (
        datetime.combine(day, datetime.min.time(), zone)
        for day in (span.since, span.until + timedelta(days=1))
    )
    rows = (
        FollowChange.objects.filter(author=author, at__gte=begins, at__lt=ends)
        .annotate(day=day_in(zone, "at", since=begins, until=ends))
        .values("day")
        .annotate(came=Count("pk", filter=Q(gained=True)), went=Count("pk", filter=Q(gained=False)))
    )
    counts = {day: (came, went) for day, came, went in rows.values_list("day", "came", "went")}
    return [(day, *counts.get(day, (0, 0))) for day in span.days]


def _cohorts(author: User, now: datetime) -> list[Cohort]:
    """Of the followers gained in each of the last weeks, who still follow."""
    zone = zone_of(author.profile.time_zone)
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    weeks = [monday - timedelta(weeks=n) for n in reversed(range(WEEKS))]
    begins = datetime.combine(weeks[0], datetime.min.time(), zone)
    gained: dict[date, set[int]] = {week: set() for week in weeks}
    rows = FollowChange.objects.filter(author=author, gained=True, at__gte=begins)
    for person, at in rows.values_list("person_id", "at"):
        day = at.astimezone(zone).date()
        gained[day - timedelta(days=day.weekday())].add(person)
    everybody = set().union(*gained.values())
    still = set(
        Follow.objects.filter(followed=author, created_at__gte=begins).values_list(
            "follower", flat=True
        )
    )
    return [
        Cohort(week, len(people), len(people & still & everybody))
        for week, people in gained.items()
        if people
    ]
