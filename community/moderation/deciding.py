"""Give a verdict: on a case, or on one note, comment or person. Each with its rule and its words.

A verdict holds for the state it was given in. The case is locked first, then the thing (SQLite: the
whole write transaction); what the moderator had seen is compared with what is there, and only then
something changes. Of two opposite verdicts the first stands, the second is AlreadyDecided, and both
are on record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Invalid, NotAllowed, NotFound
from accounts.models import User

from . import cases, rules, standing, telling
from .errors import AlreadyDecided, OwnCase
from .log import note_down
from .models import Case, CaseThing, Decision, LogLine, Report, Strike
from .models.subject import KINDS, Thing, author_of, kind_of
from .reports import excerpt_of
from .states import last_decision_id, state_of
from .verdicts import Given, Verdict, checked, on_record

Act, Outcome = Decision.Act, Report.Outcome


def decide_case(
    *,
    by: User,
    case_id: int,
    verdict: Verdict,
    things: Collection[int] | None = None,
    also: Collection[int] = (),
    now: datetime | None = None,
) -> list[Decision]:
    """Give one verdict on the things of a case, settle its reports and tell everybody.

    `things`: ids of those it is about, all by default; `also`: ids of notes that nobody reported
    and that are nearly the same. Raises NotAllowed, NotFound, Invalid, AlreadyDecided,
    InOtherHands, OwnCase.
    """
    now = now or timezone.now()
    with on_record(by=by, about=f"case {case_id}", act=verdict.act, now=now):
        given = checked(verdict, by=by, now=now)
        with transaction.atomic():
            case = (
                Case.objects.select_for_update(of=("self",), no_key=True).filter(pk=case_id).first()
            )
            if case is None:
                raise NotFound
            cases.check_in_hand(case, by, now=now)
            chosen = _chosen(case, things, also)
            decisions = _decide_on(chosen, given, case)
            _settle_case(case, given)
    return decisions


def decide_thing(
    *,
    by: User,
    kind: str,
    pk: int,
    verdict: Verdict,
    seen: int | None = None,
    now: datetime | None = None,
) -> Decision:
    """Give a verdict on one thing without its case; what was reported of it is settled with it.

    `seen` is last_decision_id() as it was when the moderator looked: a verdict given since refuses
    this one, also when it changed nothing. Raises as decide_case does.
    """
    now = now or timezone.now()
    with on_record(by=by, about=f"{kind} {pk}", act=verdict.act, now=now):
        given = checked(verdict, by=by, now=now, needs_rule=False)
        with locked(kind, pk, seen=seen) as (thing, case):
            shown = standing.can(Act.HIDE, thing) or isinstance(thing, User)
            if not standing.can(verdict.act, thing) or not shown:
                raise AlreadyDecided(state_of(thing))
            decision = _decide_on([thing], given, case)[-1]
            _settle_thing(thing, case, given)
    return decision


@contextmanager
def locked(kind: str, pk: int, *, seen: int | None = None) -> Iterator[tuple[Thing, Case | None]]:
    """A transaction with the thing and its open case locked, if nobody decided since `seen`."""
    with transaction.atomic():
        row = CaseThing.objects.filter(**{kind: pk}, is_open=True).first()
        case = None
        if row is not None:
            case = (
                Case.objects.select_for_update(of=("self",), no_key=True)
                .filter(pk=row.case_id)
                .first()
            )
        thing: Thing | None = _locked_thing(kind, pk)
        if thing is None:
            raise NotFound
        if seen is not None and seen != last_decision_id(thing):
            raise AlreadyDecided(state_of(thing))
        yield thing, case


def _locked_thing(kind: str, pk: int) -> Thing | None:
    found: Thing | None = (
        KINDS[kind].objects.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
    )
    return found


def _chosen(case: Case, things: Collection[int] | None, also: Collection[int]) -> list[Thing]:
    """The things a verdict is about, locked in an order that all share."""
    rows = list(case.things.all())
    if things is not None:
        rows = [row for row in rows if row.pk in things]
    alike: set[int] = set().union(*(cases.notes_like(row.note_id) for row in rows if row.note_id))
    keys = {row.key for row in rows} | {("note", pk) for pk in alike & set(also)}
    found = [_locked_thing(kind, pk) for kind, pk in sorted(keys)]
    present = [thing for thing in found if thing is not None]
    if not present:
        raise Invalid(_("Choose what it is about."), field="things")
    return present


def _decide_on(things: list[Thing], given: Given, case: Case | None) -> list[Decision]:
    """Decide on each thing for which the act still means something; AlreadyDecided for none."""
    _check_not_own(things, given)
    act = given.verdict.act
    if act not in rules.acts_for(kind_of(thing) for thing in things):
        raise Invalid(_("That cannot be done to all of these."), field="act")
    if act in standing.CLOSING:
        return _close_accounts(things, given, case)
    possible = [thing for thing in things if standing.can(act, thing)]
    if not possible:
        raise AlreadyDecided(state_of(things[0]))
    return [write_down(thing, given, case) for thing in possible]


def _close_accounts(things: list[Thing], given: Given, case: Case | None) -> list[Decision]:
    """Suspend or ban the authors, each once; what they wrote of it stays hidden afterwards."""
    authors = {author.pk: author for author in map(author_of, things)}
    for author in authors.values():
        if author.is_superuser or (author.is_staff and not (given.by and given.by.is_superuser)):
            raise NotAllowed(_("Who is on the staff is suspended by an operator only."))
        if not standing.can(given.verdict.act, author):
            raise AlreadyDecided(_("This account is closed already."))
    decisions = [
        write_down(thing, given.as_act(Act.HIDE), case, strikes=False)
        for thing in things
        if not isinstance(thing, User) and standing.can(Act.HIDE, thing)
    ]
    return decisions + [write_down(author, given, case) for author in authors.values()]


def _check_not_own(things: Iterable[Thing], given: Given) -> None:
    if given.by is not None and any(author_of(thing).pk == given.by.pk for thing in things):
        raise OwnCase


def write_down(
    thing: Thing, given: Given, case: Case | None, *, strikes: bool = True, by_rule: bool = False
) -> Decision:
    """Write a decision down, make it hold, and tell the author. What is found to be in order is no
    longer held by a rule."""
    author, verdict = author_of(thing), given.verdict
    decision = Decision.objects.create(
        **{kind_of(thing): thing},
        about=kind_of(thing),
        author=author,
        case=case,
        act=verdict.act,
        guideline=given.guideline,
        label=verdict.label,
        reason=given.told(author.pk),
        excerpt=excerpt_of(thing),
        moderator=given.by,
        by_rule=by_rule,
        decided_at=given.now,
        ends_at=given.ends_at,
    )
    if verdict.act == Act.KEEP and standing.end_what_rules_hold(thing, now=given.now):
        telling.tell_restored(decision)
    standing.settle(thing, now=given.now)
    if strikes and (points := rules.STRIKE_POINTS.get(verdict.act)):
        Strike.objects.create(
            person=author,
            decision=decision,
            points=points,
            given_at=given.now,
            expires_at=given.now + rules.STRIKE_LASTS,
        )
    telling.tell_author(decision)
    said = f"{decision.get_act_display()}: {decision.reason}"
    about = f"{kind_of(thing)} {thing.pk}"
    note_down(actor=given.by, act=LogLine.Act.DECIDED, about=about, words=said, now=given.now)
    return decision


# ---------------------------------------------------------------- what readers had reported
def _settle_case(case: Case, given: Given) -> None:
    cases.close(case.pk, Case.State.DECIDED, now=given.now)
    _settle_reports(list(Report.objects.filter(case=case, settled_at=None)), given)
    said = f"{Act(given.verdict.act).label}"
    about = f"case {case.pk}"
    note_down(actor=given.by, act=LogLine.Act.DECIDED, about=about, words=said, now=given.now)


def _settle_thing(thing: Thing, case: Case | None, given: Given) -> None:
    """Settle what was reported of one thing; its case goes on while others are complained of."""
    mine = Report.objects.filter(settled_at=None, **{kind_of(thing): thing})
    _settle_reports(list(mine), given)
    if case is None:
        return
    if not Report.objects.filter(case=case, settled_at=None).exists():
        cases.close(case.pk, Case.State.DECIDED, now=given.now)
    else:
        gone = case.things.filter(**{kind_of(thing): thing}, is_open=True)
        gone.update(is_open=False)
        cases.weigh([case.pk], now=given.now)


def _settle_reports(reports: list[Report], given: Given) -> None:
    act = given.verdict.act
    outcome = Outcome.DISMISSED if act == Act.KEEP else Outcome.UPHELD
    Report.objects.filter(pk__in=[report.pk for report in reports], settled_at=None).update(
        settled_at=given.now, outcome=outcome
    )
    telling.tell_reporters(reports, outcome=outcome, act=act, now=given.now)
