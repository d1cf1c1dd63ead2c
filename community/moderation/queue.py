"""What readers reported, one case a note or comment, the most reported first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, QuerySet

from community.models import Comment, Note

from .models import Report

# Of one case, this many reports are shown in words; the rest are in the count.
SHOWN_REPORTS = 8


@dataclass
class Case:
    """The reports of one thing."""

    thing: Note | Comment
    kind: str
    count: int
    first_at: datetime
    last_at: datetime
    reports: list[Report] = field(default_factory=list)

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """(reason, how often) among the newest reports."""
        return Counter(str(report.get_reason_display()) for report in self.reports).most_common()

    @property
    def with_words(self) -> list[Report]:
        return [report for report in self.reports if report.words][:SHOWN_REPORTS]


def groups(*, settled: bool = False) -> QuerySet[Any, Any]:
    """One row a reported thing: note, comment, count, first and last time."""
    rows: QuerySet[Any, Any] = (
        Report.objects.filter(settled_at__isnull=not settled)
        .values("note", "comment")
        .annotate(count=Count("pk"), first_at=Min("created_at"), last_at=Max("created_at"))
        .order_by("-count", "first_at")
    )
    return rows


def cases(rows: Sequence[dict[str, Any]], *, settled: bool = False) -> list[Case]:
    """The cases of one page of groups, in a fixed number of queries."""
    notes = (
        Note.objects.select_related("author", "channel")
        .prefetch_related("images")
        .in_bulk([row["note"] for row in rows if row["note"]])
    )
    comments = Comment.objects.select_related("author", "note").in_bulk(
        [row["comment"] for row in rows if row["comment"]]
    )
    found = [_case(row, notes, comments) for row in rows]
    by_thing = {(case.kind, case.thing.pk): case for case in found}
    open_or_not = Report.objects.filter(settled_at__isnull=not settled).select_related("reporter")
    reports = open_or_not.filter(note__in=notes) | open_or_not.filter(comment__in=comments)
    for report in reports.order_by("-created_at"):
        kind, pk = ("note", report.note_id) if report.note_id else ("comment", report.comment_id)
        if (case := by_thing.get((kind, pk or 0))) is not None:
            case.reports.append(report)
    return found


def _case(row: dict[str, Any], notes: dict[int, Note], comments: dict[int, Comment]) -> Case:
    kind = "note" if row["note"] else "comment"
    thing = notes[row["note"]] if row["note"] else comments[row["comment"]]
    return Case(thing, kind, row["count"], row["first_at"], row["last_at"])
