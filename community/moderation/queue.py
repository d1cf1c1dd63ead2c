"""Cases as the desk shows them: what they are about, who complains, and what they resemble."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, Sum

from accounts.models import User
from community.models import Note
from community.originality.models import Likeness

from . import rules
from .cases import accuracies
from .models import Case, CaseThing, Guideline, Report, Strike
from .models.subject import author_of

# Of one case, this many reports are shown in words; the rest are in the count.
SHOWN_REPORTS = 8
# Notes that resemble those of a case, beside them.
SHOWN_ALIKE = 6


@dataclass
class Alike:
    """A note that nobody reported and that is nearly the same as one of the case."""

    note: Note
    what: str
    share: float


@dataclass
class ShownCase:
    case: Case
    things: list[CaseThing] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    alike: list[Alike] = field(default_factory=list)
    records: dict[int, float] = field(default_factory=dict)
    points: dict[int, int] = field(default_factory=dict)

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """(reason, how often), the most frequent first."""
        return Counter(str(row.get_reason_display()) for row in self.reports).most_common()

    @property
    def top_reason(self) -> str:
        return (
            Counter(row.reason for row in self.reports).most_common(1)[0][0] if self.reports else ""
        )

    @property
    def with_words(self) -> list[tuple[Report, float]]:
        """(report, how often its reporter was right), those with words."""
        said = [row for row in self.reports if row.words][:SHOWN_REPORTS]
        return [(row, self.records.get(row.reporter_id, 0.0)) for row in said]

    @property
    def authors(self) -> list[tuple[User, int, str, int | None]]:
        """(person, strike points that count, suggested act, its days), each author once."""
        people = {author_of(row.thing).pk: author_of(row.thing) for row in self.things}
        return [
            (person, points, *rules.suggested(points))
            for pk, person in people.items()
            for points in [self.points.get(pk, 0)]
        ]

    @property
    def acts(self) -> list[str]:
        """What may be done to all of its things at once."""
        return rules.acts_for(row.kind for row in self.things)

    @property
    def suggested_rule(self) -> str:
        """Code of the rule that most of its reporters name, if it is one in use."""
        codes = set(Guideline.objects.filter(is_active=True).values_list("code", flat=True))
        return self.top_reason if self.top_reason in codes else ""


def shown_cases(cases: Sequence[Case], *, now: datetime) -> list[ShownCase]:
    """The cases of one page, in a fixed number of queries."""
    shown = {case.pk: ShownCase(case) for case in cases}
    things = CaseThing.objects.filter(case__in=shown).select_related(
        "note__author__profile", "note__channel", "comment__author__profile", "comment__note",
        "person__profile",
    )  # fmt: skip
    for thing in things.prefetch_related("note__images").order_by("pk"):
        shown[thing.case_id].things.append(thing)
    reports = Report.objects.filter(case__in=shown).exclude(outcome=Report.Outcome.WITHDRAWN)
    for report in reports.select_related("reporter").order_by("-created_at"):
        shown[report.case_id or 0].reports.append(report)
    _add_alike(shown)
    _add_records(shown.values(), now)
    return list(shown.values())


def _add_alike(shown: dict[int, ShownCase]) -> None:
    """Near-duplicates of the cases' notes, less those that are in the case themselves."""
    case_of: dict[int, int] = {}
    for pk, case in shown.items():
        case_of |= {row.note_id: pk for row in case.things if row.note_id}
    rows = list(Likeness.objects.filter(Q(note__in=case_of) | Q(original__in=case_of)))
    others = {pk for row in rows for pk in (row.note_id, row.original_id)} - case_of.keys()
    notes = (
        Note.objects.published()
        .select_related("author__profile")
        .prefetch_related("images")
        .in_bulk(sorted(others))
    )
    for row in rows:
        mine, other = row.note_id, row.original_id
        if mine not in case_of:
            mine, other = other, mine
        case = shown[case_of[mine]]
        known = {alike.note.pk for alike in case.alike}
        if other in notes and other not in known and len(case.alike) < SHOWN_ALIKE:
            case.alike.append(Alike(notes[other], str(row.get_what_display()), row.share))


def _add_records(shown: Any, now: datetime) -> None:
    cases = list(shown)
    records = accuracies({row.reporter_id for case in cases for row in case.reports})
    people = {author_of(row.thing).pk for case in cases for row in case.things}
    strikes = Strike.objects.counting(now).filter(person__in=people).values_list("person_id")
    points = dict(strikes.annotate(total=Sum("points")).order_by())
    for case in cases:
        case.records, case.points = records, points
