"""What must hold between decisions and what they were taken about, by queries of their own."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from community.models import Comment, Note

from .models import Case, Decision, Report

Act = Decision.Act
Found = Iterator[tuple[str, str, str]]


def standing_differences() -> Found:
    """Notes and comments whose columns say something else than the decisions in force."""
    yield from _apart(Note.objects.all(), "note", "hidden_at", [Act.HIDE, Act.REMOVE])
    yield from _apart(Note.objects.all(), "note", "limited_at", [Act.LIMIT])
    yield from _apart(Note.objects.filter(deleted_at=None), "note", "label", [Act.LABEL])
    # A comment that its author deleted is hidden no more and no less.
    standing = Comment.objects.filter(deleted_at=None)
    yield from _apart(standing, "comment", "hidden_at", [Act.HIDE])
    removed = Decision.objects.in_force().filter(act=Act.REMOVE, note__deleted_at=None)
    for pk in removed.exclude(note=None).values_list("note_id", flat=True):
        yield f"note {pk}", "there", "removed"


def suspension_differences() -> Found:
    """Accounts that are closed without a decision, or open against one."""
    held = Decision.objects.in_force().filter(person=OuterRef("pk"), act__in=[Act.SUSPEND, Act.BAN])
    rows = User.objects.annotate(held=Exists(held))
    for pk in rows.filter(held=True, suspended_at=None).values_list("pk", flat=True):
        yield f"person {pk}", "open", "suspended by a decision"
    suspended = rows.filter(suspended_at__isnull=False)
    for pk in suspended.filter(held=False).values_list("pk", flat=True):
        yield f"person {pk}", "suspended", "no decision"
    for pk in suspended.filter(is_active=True).values_list("pk", flat=True):
        yield f"person {pk}", "suspended", "may log in"


def case_differences() -> Found:
    """Open reports that are in no open case, and settled ones of which nobody knows how."""
    lost = Report.objects.filter(settled_at=None).exclude(case__state=Case.State.OPEN)
    for pk in lost.values_list("pk", flat=True):
        yield f"report {pk}", "open", "in no open case"
    unsettled = Report.objects.exclude(settled_at=None).filter(outcome=Report.Outcome.OPEN)
    for pk in unsettled.values_list("pk", flat=True):
        yield f"report {pk}", "settled", "without an outcome"


def _apart(rows: QuerySet, kind: str, column: str, acts: list[str]) -> Found:
    held = Decision.objects.in_force().filter(**{kind: OuterRef("pk")}, act__in=acts)
    marked = ~Q(label="") if column == "label" else Q(**{f"{column}__isnull": False})
    annotated = rows.annotate(held=Exists(held))
    for pk in annotated.filter(marked, held=False).values_list("pk", flat=True):
        yield f"{kind} {pk}", column, "no decision"
    for pk in annotated.filter(~marked, held=True).values_list("pk", flat=True):
        yield f"{kind} {pk}", f"no {column}", acts[0]
