"""What came of a published collaboration, from the roll-ups of its note."""

from __future__ import annotations

from dataclasses import dataclass

from feeds.boosts.delivery import SOURCE as PAID
from feeds.insights.models import FeedDay
from feeds.insights.reading import summed
from feeds.insights.rules import Totals
from feeds.insights.wording import FEEDS

from .models import Collaboration
from .rules import State

FIGURES = ("impressions", "opens", "reads", "engagement", "follows")


@dataclass(frozen=True, slots=True)
class Report:
    totals: Totals
    # Of these, in places that were paid for beside (boosts).
    paid: Totals
    feeds: list[tuple[object, Totals]]
    # (figure, count, minor units for each; None without any).
    figures: list[tuple[str, int, int | None]]


def report_on(found: Collaboration) -> Report | None:
    """None before it is published, and once its note is gone."""
    if found.state != State.PUBLISHED or found.note_id is None:
        return None
    feeds = {
        feed: Totals(*counts)
        for feed, *counts in summed(FeedDay.objects.filter(note=found.note_id), "feed")
    }
    totals = sum(feeds.values(), Totals())
    counts = [(name, getattr(totals, name)) for name in FIGURES]
    ordered = sorted(feeds.items(), key=lambda item: -item[1].impressions)
    return Report(
        totals=totals,
        paid=feeds.get(PAID, Totals()),
        feeds=[(FEEDS.get(feed, feed), some) for feed, some in ordered],
        figures=[
            (name, count, (2 * found.price + count) // (2 * count) if count > 0 else None)
            for name, count in counts
        ],
    )
