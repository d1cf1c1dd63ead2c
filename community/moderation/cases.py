"""Cases: what belongs together is one, who has it in hand, and how much it matters.

A report joins the open case of its thing; else that of something nearly the same, or of another
account on the same device; else it opens one. What is found to be alike later brings two cases
together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed, NotFound
from accounts.models import User
from community.models import Comment, Note
from community.originality.models import Likeness

from . import rules
from .errors import AlreadyDecided, InOtherHands
from .log import note_down
from .models import Case, CaseThing, Guideline, LogLine, Report
from .models.subject import Thing

MAY_DECIDE = "moderation.add_decision"
Why = CaseThing.Why


def take_in(report: Report, *, now: datetime) -> Case:
    """Put a report into its case, opened if need be, and weigh the case anew."""
    case, why = case_for(report.thing)
    if case is None:
        case, why = Case.objects.create(opened_at=now, reported_at=now), Why.REPORTED
    CaseThing.objects.get_or_create(
        **{report.kind: report.thing}, is_open=True, defaults={"case": case, "why": why}
    )
    Report.objects.filter(pk=report.pk).update(case=case)
    report.case = case
    Case.objects.filter(pk=case.pk).update(reported_at=now)
    weigh([case.pk], now=now)
    return case


def case_for(thing: Thing) -> tuple[Case | None, str]:
    """The open case that a thing belongs to, and why; (None, "") where there is none."""
    opened = CaseThing.objects.filter(is_open=True).select_related("case")
    if isinstance(thing, Note):
        alike = Q(note__in=notes_like(thing.pk))
        found = opened.filter(Q(note=thing) | alike).order_by("pk")
        why: str = Why.ALIKE
        same = [row for row in found if row.note_id == thing.pk]
    elif isinstance(thing, Comment):
        # The same words by the same hand, under however many notes.
        said = Q(comment__author=thing.author_id, comment__body=thing.body)
        found, why = opened.filter(said).order_by("pk"), Why.ALIKE
        same = [row for row in found if row.comment_id == thing.pk]
    else:
        others = same_hands(thing.pk)
        found = opened.filter(Q(person=thing) | Q(person__in=others)).order_by("pk")
        why = Why.SAME_HANDS
        same = [row for row in found if row.person_id == thing.pk]
    row = next(iter(same or found), None)
    return (row.case, Why.REPORTED if same else why) if row else (None, "")


def notes_like(note_id: int) -> set[int]:
    """Notes nearly the same as this one, in words or pictures: originals, copies, their copies."""
    rows = Likeness.objects.filter(Q(note=note_id) | Q(original=note_id))
    near = {pk for pair in rows.values_list("note_id", "original_id") for pk in pair} | {note_id}
    siblings = Likeness.objects.filter(original__in=near).values_list("note_id", flat=True)
    return (near | set(siblings)) - {note_id}


def same_hands(person_id: int) -> list[int]:
    """Other accounts that came from the same device lately."""
    found: list[int] = import_string(settings.MODERATION_SAME_HANDS)(person_id)
    return found


# ---------------------------------------------------------------- weight
def weigh(case_ids: Collection[int], *, now: datetime) -> int:
    """Work out the factors of these open cases anew; how many. A fixed number of statements."""
    cases = {case.pk: case for case in Case.objects.filter(pk__in=case_ids, state=Case.State.OPEN)}
    reports = list(
        Report.objects.filter(case__in=cases, settled_at=None).values_list(
            "case_id", "reporter_id", "reason"
        )
    )
    records = accuracies({reporter for _case, reporter, _reason in reports})
    severities = rules.SEVERITY | dict(Guideline.objects.values_list("code", "severity"))
    reach = _reach_of(cases.keys(), now)
    by_rule = set(_found_by_rules().filter(case__in=cases).values_list("case_id", flat=True))
    for pk, case in cases.items():
        mine = [(reporter, reason) for of, reporter, reason in reports if of == pk]
        case.reporters = len({reporter for reporter, _reason in mine})
        case.severity = max((severities.get(reason, 1) for _who, reason in mine), default=1)
        believed = [records[who] for who in {who for who, _reason in mine}]
        believed += [rules.RULE_CREDENCE] if pk in by_rule else []
        case.credence = rules.credence(believed)
        case.reach = reach.get(pk, 0)
        case.priority = rules.priority(case.severity, case.credence, case.reach)
    fields = ["reporters", "severity", "credence", "reach", "priority"]
    return Case.objects.bulk_update(cases.values(), fields, batch_size=200) if cases else 0


def _found_by_rules() -> QuerySet[CaseThing]:
    """Things that wait for staff because an automatic rule found them."""
    return CaseThing.objects.filter(why=Why.RULE, is_open=True)


def accuracies(person_ids: Collection[int]) -> dict[int, float]:
    """How often each of these people was right so far."""
    rows = Report.objects.filter(reporter__in=person_ids).values_list("reporter_id")
    counted = rows.annotate(
        upheld=Count("pk", filter=Q(outcome=Report.Outcome.UPHELD)),
        dismissed=Count("pk", filter=Q(outcome=Report.Outcome.DISMISSED)),
    )
    records = {pk: (upheld, dismissed) for pk, upheld, dismissed in counted.order_by()}
    return {pk: rules.accuracy(*records.get(pk, (0, 0))) for pk in person_ids}


def _reach_of(case_ids: Iterable[int], now: datetime) -> dict[int, int]:
    """Views in the last day of all things of a case: of a comment, its note's; of a person, those
    of all their notes."""
    things = list(
        CaseThing.objects.filter(case__in=case_ids).values_list(
            "case_id", "note_id", "comment__note_id", "person_id"
        )
    )
    people = {person for *_rest, person in things if person}
    written = list(Note.objects.filter(author__in=people).values_list("author_id", "pk"))
    of_case: dict[int, set[int]] = {}
    for case, note, of_comment, person in things:
        notes = {pk for author, pk in written if author == person} if person else set()
        of_case.setdefault(case, set()).update(notes | ({note or of_comment} - {None}))
    views: dict[int, int] = import_string(settings.MODERATION_REACH)(
        set().union(*of_case.values()), now=now
    )
    return {case: sum(views.get(pk, 0) for pk in notes) for case, notes in of_case.items()}


def weigh_all(*, now: datetime) -> int:
    """Bring every open case's weight up to date, and close those whose things are gone."""
    waiting = Case.objects.filter(state=Case.State.OPEN)
    complaints = Report.objects.filter(case=OuterRef("pk"), settled_at=None)
    found = _found_by_rules().filter(case=OuterRef("pk"))
    unasked = waiting.filter(~Exists(complaints), ~Exists(found))
    for pk in list(unasked.values_list("pk", flat=True)):
        close_if_nobody_complains(pk, now=now)
    ids = list(waiting.values_list("pk", flat=True))
    return sum(weigh(ids[start : start + 500], now=now) for start in range(0, len(ids), 500))


# ---------------------------------------------------------------- together, closed
def gather(note_ids: Collection[int], *, now: datetime) -> int:
    """Bring open cases together whose notes are alike; how many became part of another.

    The older case keeps its number and takes the other's things and reports.
    """
    joined = 0
    opened = CaseThing.objects.filter(note__in=note_ids, is_open=True).order_by("case_id")
    for note_id in list(opened.values_list("note_id", flat=True)):
        with transaction.atomic():
            alike = {note_id, *notes_like(note_id)}
            cases = Case.objects.filter(things__note__in=alike, state=Case.State.OPEN).distinct()
            first, *others = cases.order_by("pk") or [None]
            for other in others:
                joined += _merge(other, first, now)  # type: ignore[arg-type]
    return joined


def _merge(other: Case, into: Case, now: datetime) -> int:
    """Move all of one case into another, unless somebody has it in hand."""
    if other.leased_until and other.leased_until > now:
        return 0
    CaseThing.objects.filter(case=other).update(case=into, why=Why.ALIKE)
    Report.objects.filter(case=other).update(case=into)
    closed = {"state": Case.State.CLOSED, "closed_at": now}
    moved = Case.objects.filter(pk=other.pk, state=Case.State.OPEN).update(**closed)
    weigh([into.pk], now=now)
    return moved


def close_if_nobody_complains(case_id: int, *, now: datetime) -> None:
    """Close an open case none of whose reports is open any more and that no rule asked for; weigh
    it otherwise."""
    asked = Report.objects.filter(case=case_id, settled_at=None).exists()
    if asked or _found_by_rules().filter(case=case_id).exists():
        weigh([case_id], now=now)
    else:
        close(case_id, Case.State.CLOSED, now=now)


def close(case_id: int, state: str, *, now: datetime) -> bool:
    """Leave the queue: compare-and-set, the things are free for another case."""
    opened = Case.objects.filter(pk=case_id, state=Case.State.OPEN)
    done = opened.update(state=state, closed_at=now, leased_by=None, leased_until=None)
    if done:
        CaseThing.objects.filter(case=case_id).update(is_open=False)
    return bool(done)


# ---------------------------------------------------------------- in hand
def take(*, by: User, case_id: int, now: datetime) -> Case:
    """Take an open case in hand for a while, or hold it longer.

    Raises NotAllowed, NotFound, AlreadyDecided, and InOtherHands with a name and a time.
    """
    if not by.has_perm(MAY_DECIDE):
        raise NotAllowed
    free = Q(leased_until=None) | Q(leased_until__lte=now) | Q(leased_by=by) | Q(leased_by=None)
    with transaction.atomic():
        mine = Case.objects.filter(free, pk=case_id, state=Case.State.OPEN)
        taken = mine.update(leased_by=by, leased_until=now + rules.LEASE)
        case = Case.objects.select_related("leased_by").filter(pk=case_id).first()
        if case is None:
            raise NotFound
        if taken:
            note_down(actor=by, act=LogLine.Act.TAKEN, about=f"case {case_id}", now=now)
            return case
    check_in_hand(case, by, now=now)
    raise AlreadyDecided


def let_go(*, by: User, case_id: int, now: datetime) -> bool:
    """Give a case back to the queue; False where it was not in this person's hand."""
    mine = Case.objects.filter(pk=case_id, leased_by=by, state=Case.State.OPEN)
    with transaction.atomic():
        given = mine.update(leased_by=None, leased_until=None)
        if given:
            note_down(actor=by, act=LogLine.Act.LET_GO, about=f"case {case_id}", now=now)
    return bool(given)


def check_in_hand(case: Case, by: User, *, now: datetime) -> None:
    """Raise what stands against this person's deciding: another's hand, or a decision."""
    if case.state != Case.State.OPEN:
        raise AlreadyDecided(state_of_case(case))
    if case.is_in_other_hands(by.pk, now=now):
        raise InOtherHands(
            _("%(name)s has this case in hand for %(minutes)d more minutes.")
            % {
                "name": case.leased_by,
                "minutes": max(1, round((case.leased_until - now).total_seconds() / 60)),  # type: ignore[operator]
            }
        )


def state_of_case(case: Case) -> str:
    """A sentence: how a case that is no longer open was closed."""
    last = case.decisions.select_related("moderator").order_by("pk").first()
    if last is None:
        return _("This case was closed: nobody complains any more.")
    return _("%(name)s decided already. %(act)s: %(reason)s") % {
        "name": last.moderator or _("Staff"),
        "act": last.get_act_display(),
        "reason": last.reason,
    }
