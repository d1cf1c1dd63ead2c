"""From which notes readers went on to the shop, day by day. Notes that the viewer may not see are
told together with those who came another way."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from community.models import Note

from .models import NoteClicks, Product, ProductClicks

SPANS = (7, 28, 90)
HEAD = ("day", "note", "clicks")


@dataclass(frozen=True, slots=True)
class ClickReport:
    total: int
    # Most clicks first.
    notes: list[tuple[Note, int]]
    # From searches, pages of brands, links elsewhere, and from notes that are not told.
    elsewhere: int
    # (day, note or None, clicks), oldest first.
    lines: list[tuple[date, int | None, int]]


def report_on(product: Product, days: int, *, viewer: User, now: datetime) -> ClickReport:
    """The last so many days, today included, in the community's own time zone. Four statements."""
    until = timezone.localtime(now).date()
    span = (until - timedelta(days=days - 1), until)
    counted = ProductClicks.objects.filter(product=product, day__range=span)
    left = dict(counted.order_by("day").values_list("day", "clicks"))
    total = sum(left.values())
    rows = list(
        NoteClicks.objects.filter(product=product, day__range=span)
        .order_by("day", "note")
        .values_list("day", "note_id", "clicks")
    )
    notes = Note.objects.visible_to(viewer).in_bulk({note for _day, note, _clicks in rows})
    lines: list[tuple[date, int | None, int]] = []
    sums: dict[int, int] = {}
    for day, note, clicks in rows:
        if note in notes:
            lines.append((day, note, clicks))
            sums[note] = sums.get(note, 0) + clicks
            left[day] -= clicks
    lines += [(day, None, clicks) for day, clicks in left.items() if clicks]
    lines.sort(key=lambda line: (line[0], line[1] or 0))
    ordered = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    told = [(notes[note], clicks) for note, clicks in ordered]
    return ClickReport(total, told, sum(left.values()), lines)


def clicks_of_note(note: Note, since: date, until: date) -> list[tuple[str, int, int]]:
    """(name, product, clicks to its shop from this note), most first; linked or not any more."""
    rows = (
        NoteClicks.objects.filter(note=note, day__range=(since, until))
        .values("product__name", "product_id")
        .annotate(n=Sum("clicks"))
        .order_by("-n", "product_id")
    )
    return list(rows.values_list("product__name", "product_id", "n"))


def csv_of(head: Sequence[str], lines: Sequence[Sequence[object]]) -> Iterator[str]:
    """Days and numbers only: no cell can be a formula."""
    yield "\ufeff" + _line(head)
    for line in lines:
        yield _line(["elsewhere" if cell is None else cell for cell in line])


def _line(cells: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
