"""Insights as lines for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from django.db.models import QuerySet

from .models import FeedDay
from .rules import COUNTS

HEAD = ("day", "note", "feed", *COUNTS)


def csv_of(days: QuerySet[FeedDay]) -> Iterator[str]:
    """A line for each day, note and feed, oldest first. Numbers and our own words only: no cell can
    be a formula."""
    yield "\ufeff" + _line(HEAD)
    rows = days.order_by("day", "note_id", "feed").values_list("day", "note_id", "feed", *COUNTS)
    for day, note, feed, *counts in rows.iterator(chunk_size=1_000):
        yield _line((day.isoformat(), note, feed or "elsewhere", *counts))


def _line(cells: tuple[object, ...]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
