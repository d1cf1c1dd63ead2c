"""The creator's studio: all notes together, and one note."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.asking import PersonRequest, people_only
from community.brands import click_report as clicks
from community.brands.models import NoteClicks
from community.errors import shows_refusals
from community.services.access import own_note

from . import drawing
from .accounts import account_insights
from .files import csv_of
from .models import FeedDay
from .notes import note_insights
from .reading import SPANS, Course, People, span_of
from .rules import change
from .wording import FEEDS, FIGURES, VERDICTS, hint_text

# The tiles at the head, and the lines of the chart.
HEAD = ("impressions", "opens", "engagement", "follows")
CLICKS = ("day", "product", "clicks")
DRAWN = ("impressions", "opens", "engagement")


@require_safe
@people_only
def studio(request: PersonRequest) -> HttpResponse:
    """What became of everything the person wrote."""
    now, days = timezone.now(), _days(request)
    found = account_insights(request.user, span_of(request.user, days, now=now), now=now)
    context = _shown(found.course, found.people, found.hours, days) | {
        "account": found,
        "follow_chart": drawing.followers(found.follows),
        "follows": [(drawing.day_name(day), came, went) for day, came, went in found.follows],
    }
    return render(request, "insights/studio.html", context)


@require_safe
@people_only
@shows_refusals
def note(request: PersonRequest, note_id: int) -> HttpResponse:
    """What became of one note."""
    now, days = timezone.now(), _days(request)
    own = own_note(request.user, note_id)
    found = note_insights(own, span_of(request.user, days, now=now), author=request.user, now=now)
    context = _shown(found.course, found.people, found.hours, days) | {
        "note": own,
        "funnel": drawing.funnel(found.course.totals),
        "tags": [(match, VERDICTS[match.verdict]) for match in found.tags],
        "compared": [(FIGURES[each.name], each) for each in found.compared],
        "hints": [hint_text(hint) for hint in found.hints],
        "insights": found,
    }
    return render(request, "insights/note.html", context)


def _days(request: PersonRequest) -> int:
    """The span asked for; four weeks where nothing sensible was."""
    asked = request.GET.get("days", "")
    return next((days for days in SPANS if asked == str(days)), 28)


def _shown(course: Course, people: People, hours: Any, days: int) -> dict[str, Any]:
    return {
        "tab": "me",
        "days": days,
        "spans": SPANS,
        "tiles": [
            (FIGURES[name], now, change(now, getattr(course.before, name)))
            for name, now in ((name, getattr(course.totals, name)) for name in HEAD)
        ],
        "chart": drawing.course(course.days, DRAWN),
        "course": [(drawing.day_name(day), totals) for day, totals in course.days],
        "feeds": [(FEEDS.get(feed, feed), totals) for feed, totals in course.feeds],
        "most_of_feeds": max((totals.impressions for _feed, totals in course.feeds), default=1)
        or 1,
        "cities": drawing.group_bars(people.cities),
        "interests": drawing.group_bars(people.tags),
        "ties": drawing.tie_bars(people.ties),
        "hidden": people.hidden,
        "week": drawing.week(hours),
        "query": urlencode({"days": days}),
    }


# ---------------------------------------------------------------- files
@require_safe
@people_only
def studio_file(request: PersonRequest) -> Any:
    return _file("insights.csv", FeedDay.objects.filter(author=request.user))


@require_safe
@people_only
@shows_refusals
def note_file(request: PersonRequest, note_id: int) -> Any:
    own = own_note(request.user, note_id)
    return _file(f"note-{own.pk}.csv", FeedDay.objects.filter(note=own))


@require_safe
@people_only
@shows_refusals
def note_clicks_file(request: PersonRequest, note_id: int) -> Any:
    """Clicks to shops that the note led to, by day and product."""
    own = own_note(request.user, note_id)
    rows = NoteClicks.objects.filter(note=own).order_by("day", "product")
    lines = clicks.csv_of(CLICKS, list(rows.values_list("day", "product_id", "clicks")))
    return _sent(f"note-{own.pk}-clicks.csv", lines)


def _file(name: str, rows: Any) -> StreamingHttpResponse:
    return _sent(name, csv_of(rows))


def _sent(name: str, lines: Iterator[str]) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
