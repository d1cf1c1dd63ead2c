"""The roll-ups of a span of days, as pages, files and programs read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from django.db.models import QuerySet, Sum

from accounts.models import User
from accounts.zones import zone_of
from community.models import Tag
from feeds.policies import current

from .models import Audience, FeedDay, FeedHour
from .rules import COUNTS, Group, Totals, shown_groups

SPANS = (7, 28, 90)
# Hours are looked at as far back as this.
MONTH = timedelta(days=28)
PARTS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Span:
    """Days, the last of them included, in the author's time zone."""

    since: date
    until: date

    @property
    def days(self) -> list[date]:
        count = (self.until - self.since).days + 1
        return [self.since + timedelta(days=n) for n in range(count)]

    @property
    def before(self) -> Span:
        """As many days before."""
        length = self.until - self.since + timedelta(days=1)
        return Span(self.since - length, self.since - timedelta(days=1))


def span_of(author: User, days: int, *, now: datetime) -> Span:
    """The last so many days of the author, today included."""
    today = now.astimezone(zone_of(author.profile.time_zone)).date()
    return Span(today - timedelta(days=days - 1), today)


@dataclass(frozen=True, slots=True)
class Course:
    """Totals of a span, of the span before, by day and by feed."""

    totals: Totals
    before: Totals
    days: list[tuple[date, Totals]]
    feeds: list[tuple[str, Totals]]


@dataclass(frozen=True, slots=True)
class People:
    """The audience in parts; small parts are hidden, `hidden` says how many."""

    cities: list[Group]
    tags: list[Group]
    ties: list[Group]
    hidden: int


def summed(rows: QuerySet[Any], *by: str) -> Iterable[tuple[Any, ...]]:
    return (
        rows.values(*by)
        .annotate(**{f"sum_{n}": Sum(n) for n in COUNTS})
        .values_list(*by, *(f"sum_{n}" for n in COUNTS))
    )


def course_of(rows: QuerySet[FeedDay], span: Span) -> Course:
    """In one statement, both spans."""
    days = {day: Totals() for day in span.days}
    feeds: dict[str, Totals] = defaultdict(Totals)
    totals = before = Totals()
    for day, feed, *counts in summed(
        rows.filter(day__range=(span.before.since, span.until)), "day", "feed"
    ):
        some = Totals(*counts)
        if day < span.since:
            before += some
            continue
        totals += some
        feeds[feed] += some
        days[day] += some
    by_feed = sorted(feeds.items(), key=lambda item: -item[1].impressions)
    return Course(totals, before, list(days.items()), by_feed)


def hours_of(rows: QuerySet[FeedHour], zone: tzinfo, now: datetime) -> dict[tuple[int, int], int]:
    """Opens by (weekday, hour) of this zone's clock over the last four weeks."""
    opens: dict[tuple[int, int], int] = defaultdict(int)
    recent = rows.filter(hour__gte=now - MONTH).values("hour").annotate(opened=Sum("opens"))
    for hour, opened in recent.values_list("hour", "opened"):
        local = hour.astimezone(zone)
        opens[local.weekday(), local.hour] += opened
    return dict(opens)


def by_hour(hours: Mapping[tuple[int, int], int]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for (_weekday, hour), opened in hours.items():
        found[hour] += opened
    return dict(found)


def groups_of(rows: QuerySet[Audience], span: Span) -> dict[str, list[Group]]:
    """Parts of the audience of a span, added up day by day."""
    found: dict[str, list[Group]] = defaultdict(list)
    summed = (
        rows.filter(day__range=(span.since, span.until))
        .values("kind", "value")
        .annotate(seen_by=Sum("seen"), opened_by=Sum("opened"), scored=Sum("score"))
    )
    for kind, value, seen, opened, score in summed.values_list(
        "kind", "value", "seen_by", "opened_by", "scored"
    ):
        found[kind].append(Group(value, seen, opened, score))
    return found


def told_interests(audience: Mapping[str, list[Group]]) -> tuple[list[Group], int]:
    """Interests that enough readers share, by tag's id; how many groups are too small."""
    least = current()[1].insights.least_people
    return shown_groups(audience[Audience.Kind.TAG], total=None, least=least)


def names_of(interests: Sequence[Group]) -> QuerySet[Tag]:
    """The tags of the interests that are shown."""
    ids = [int(group.value) for group in interests[:PARTS_SHOWN]]
    return Tag.objects.filter(pk__in=ids).shown()


def people_of(
    audience: Mapping[str, list[Group]], names: Mapping[int, str] | None = None
) -> People:
    """`names` by tag's id, where they are known already."""
    least = current()[1].insights.least_people
    total = sum(group.seen for group in audience[Audience.Kind.ALL])
    cities, hidden_cities = shown_groups(audience[Audience.Kind.CITY], total=None, least=least)
    tags, hidden_tags = told_interests(audience)
    ties, hidden_ties = shown_groups(audience[Audience.Kind.TIE], total=total, least=least)
    if names is None:
        names = dict(names_of(tags).values_list("pk", "name"))
    named = [
        Group(names[int(group.value)], group.seen, group.opened, group.score)
        for group in tags[:PARTS_SHOWN]
        if int(group.value) in names
    ]
    return People(cities[:PARTS_SHOWN], named, ties, hidden_cities + hidden_tags + hidden_ties)
