"""The author answers a decision, once; somebody who did not take it reads the answer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.models import User
from community import signals
from community.models import Note
from community.text.clean import clean_body, is_blank

from . import rules, standing, telling
from .deciding import locked
from .ending import end
from .errors import AlreadyDecided, OwnCase
from .log import note_down
from .models import Appeal, Decision, LogLine, Report
from .verdicts import WORDS_LENGTH, on_record

MAY_REVIEW = "moderation.review_appeal"
APPEAL_LENGTH = 1_000
State = Appeal.State


class TooLate(Conflict):
    code = "too_late"
    message = gettext_lazy("The time to appeal is over.")


class AppealedAlready(Conflict):
    code = "appealed"
    message = gettext_lazy("You appealed already. A decision is looked at again once.")


def decision_for(person: User, decision_id: int) -> Decision:
    """A decision against this person; NotFound for everybody else's."""
    rows = Decision.objects.against(person.pk).select_related(
        "guideline", "note", "comment__note", "person", "appeal"
    )
    found = rows.filter(pk=decision_id).first()
    if found is None:
        raise NotFound
    return found


def why_not(decision: Decision, *, now: datetime) -> str:
    """Code of what stands against an appeal: "appealed", "over", "too_late", or nothing."""
    if Appeal.objects.filter(decision=decision).exists():
        return "appealed"
    if decision.ended_as in (Decision.End.OVERTURNED, Decision.End.RESTORED):
        return "over"
    return "" if rules.may_appeal(decided_at=decision.decided_at, now=now) else "too_late"


def appeal(*, by: User, decision_id: int, words: str, now: datetime | None = None) -> Appeal:
    """Ask for a second look at a decision against oneself.

    Raises NotFound, Invalid, and Conflict where it was appealed already, is over, or is too old.
    """
    now = now or timezone.now()
    decision = decision_for(by, decision_id)
    words = _checked(words, APPEAL_LENGTH, _("Say why you think it is wrong."))
    with transaction.atomic():
        Decision.objects.select_for_update(of=("self",), no_key=True).get(pk=decision.pk)
        against = why_not(decision, now=now)
        if against == "appealed":
            raise AppealedAlready
        if against == "over":
            raise Conflict(_("This decision was taken back already."))
        if against:
            raise TooLate
        made = Appeal.objects.create(decision=decision, words=words, appealed_at=now)
        about = f"appeal {made.pk}"
        note_down(actor=by, act=LogLine.Act.APPEALED, about=about, words=words[:500], now=now)
    return made


def review(
    *, by: User, appeal_id: int, overturn: bool, words: str, now: datetime | None = None
) -> Appeal:
    """Let a decision stand, or overturn it: what it took is there again, with its counts and the
    time in the pools; its strike is void; author and reporters are told.

    Raises NotAllowed, NotFound, Invalid, OwnCase for who decided or is concerned, AlreadyDecided.
    """
    now = now or timezone.now()
    act = "overturn" if overturn else "uphold"
    with on_record(by=by, about=f"appeal {appeal_id}", act=act, now=now), transaction.atomic():
        found = _appeal_for(by, appeal_id, lock=True)
        words = _checked(words, WORDS_LENGTH, _("Give a reason: the author will read it."))
        _check_open(found)
        found.state = State.OVERTURNED if overturn else State.UPHELD
        found.reviewer, found.reviewed_at, found.answer = by, now, words
        found.save()
        if overturn:
            _overturn(found.decision, now)
        telling.tell_of_appeal(found, now=now)
        said = f"{found.get_state_display()}: {words}"
        note_down(
            actor=by, act=LogLine.Act.REVIEWED, about=f"appeal {appeal_id}", words=said, now=now
        )
    return found


def _overturn(decision: Decision, now: datetime) -> None:
    held = decision.ended_at is None
    end([decision.pk], as_=Decision.End.OVERTURNED, now=now)
    if not held:  # its time was over: what is left of it is the mark that it was wrong
        Decision.objects.filter(pk=decision.pk).update(ended_as=Decision.End.OVERTURNED)
    if decision.kind:
        with locked(*decision.key) as (thing, _case):
            standing.settle(thing, now=now)
            if isinstance(thing, Note) and held:
                _give_time_back(thing, decision, now)
    # Whoever reported it was not right after all.
    wrong = Report.objects.filter(case=decision.case_id, outcome=Report.Outcome.UPHELD)
    if decision.case_id:
        wrong = wrong.filter(**{decision.kind: decision.key[1]}) if decision.kind else wrong.none()
        reporters = list(wrong.values_list("reporter_id", flat=True))
        wrong.update(outcome=Report.Outcome.DISMISSED)
        telling.tell_of_overturning(reporters, now=now)


def _give_time_back(note: Note, decision: Decision, now: datetime) -> None:
    """Unless something else still keeps it from its readers."""
    took = decision.act in (*standing.HIDING, Decision.Act.LIMIT)
    if took and note.is_shown and note.limited_at is None:
        signals.note_time_lost.send(
            sender=Note, note_id=note.pk, decision_id=decision.pk, since=decision.decided_at,
            now=now,
        )  # fmt: skip


def _appeal_for(by: User, appeal_id: int, *, lock: bool = False) -> Appeal:
    """The appeal, if this person may judge it."""
    if not by.has_perm(MAY_REVIEW):
        raise NotAllowed
    rows = (
        Appeal.objects.select_for_update(of=("self",), no_key=True)
        if lock
        else Appeal.objects.all()
    )
    found = rows.select_related("decision").filter(pk=appeal_id).first()
    if found is None:
        raise NotFound
    if by.pk == found.decision.moderator_id:
        raise OwnCase(_("You took this decision: somebody else reviews it."))
    if by.pk == found.decision.author_id:
        raise OwnCase
    return found


def _check_open(found: Appeal) -> None:
    if found.state != State.OPEN:
        raise AlreadyDecided(
            _("%(name)s reviewed it already. %(state)s: %(words)s")
            % {
                "name": found.reviewer or _("Staff"),
                "state": found.get_state_display(),
                "words": found.answer,
            }
        )


def _checked(words: str, most: int, missing: str) -> str:
    words = clean_body(words)
    if is_blank(words):
        raise Invalid(missing, field="words")
    if len(words) > most:
        raise Invalid(
            _("Please use at most %(count)d characters.") % {"count": most}, field="words"
        )
    return words
