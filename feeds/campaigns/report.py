"""What came of a campaign, from the roll-ups of the notes that take part."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, Sum
from django.db.models.functions import TruncHour

from accounts.prepared import these
from community.brands.models.product import ProductClicks
from community.models import Note
from feeds.boosts.delivery import SOURCE as PAID
from feeds.insights.models import FeedHour
from feeds.insights.reading import summed
from feeds.insights.rules import Totals
from feeds.insights.wording import FEEDS

from .models import Campaign
from .ranking import entries_of

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Report:
    """From its first hour to its last, or to now."""

    entries: int
    authors: int
    # Of these, whose first note of all takes part.
    newcomers: int
    totals: Totals
    # Of these, in places that were paid for.
    paid: Totals
    feeds: list[tuple[object, Totals]]
    days: list[tuple[date, Totals]]
    entries_of_day: dict[date, int]
    # Clicks on the brand's products in these days (UTC); None for the community's own.
    clicks: int | None


def report_on(campaign: Campaign, *, zone: ZoneInfo, now: datetime) -> Report:
    """Days are those of `zone`. A fixed number of statements."""
    authors = dict(entries_of(campaign).values_list("pk", "author_id"))
    until = min(now, campaign.ends_at)
    feeds: dict[str, Totals] = defaultdict(Totals)
    days = _days(campaign.starts_at.astimezone(zone).date(), until.astimezone(zone).date())
    # An hour belongs to it if it begins before the end: roll-ups are no finer.
    rows = FeedHour.objects.filter(
        note__in=these(authors), hour__gt=campaign.starts_at - HOUR, hour__lt=campaign.ends_at
    )
    for hour, feed, *counts in summed(rows, "hour", "feed"):
        some = Totals(*counts)
        feeds[feed] += some
        day = hour.astimezone(zone).date()
        days[day] = days.get(day, Totals()) + some
    by_feed = sorted(feeds.items(), key=lambda item: -item[1].impressions)
    return Report(
        entries=len(authors),
        authors=len(set(authors.values())),
        newcomers=_newcomers(campaign, set(authors.values())),
        totals=sum(feeds.values(), Totals()),
        paid=feeds.get(PAID, Totals()),
        feeds=[(FEEDS.get(feed, feed), some) for feed, some in by_feed],
        days=sorted(days.items()),
        entries_of_day=_entries_of_day(campaign, zone),
        clicks=_clicks(campaign, until),
    )


def _days(first: date, last: date) -> dict[date, Totals]:
    return {first + timedelta(days=n): Totals() for n in range(max(0, (last - first).days) + 1)}


def _newcomers(campaign: Campaign, authors: set[int]) -> int:
    """Authors who had published nothing before it began."""
    firsts = (
        Note.objects.filter(author__in=these(authors), published_at__isnull=False)
        .values("author")
        .annotate(first=Min("published_at"))
    )
    return firsts.filter(first__gte=campaign.starts_at).count()


def _entries_of_day(campaign: Campaign, zone: ZoneInfo) -> dict[date, int]:
    hours = (
        entries_of(campaign)
        .annotate(hour=TruncHour("published_at"))
        .values("hour")
        .annotate(notes=Count("pk"))
    )
    counted: Counter[date] = Counter()
    for hour, notes in hours.values_list("hour", "notes"):
        counted[hour.astimezone(zone).date()] += notes
    return dict(counted)


def _clicks(campaign: Campaign, until: datetime) -> int | None:
    if campaign.brand_id is None:
        return None
    rows = ProductClicks.objects.filter(
        product__brand=campaign.brand_id, day__range=(campaign.starts_at.date(), until.date())
    )
    return rows.aggregate(n=Sum("clicks"))["n"] or 0
