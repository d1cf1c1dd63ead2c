"""What automatic rules decide, and how it is taken back: by the means of staff, in nobody's name.

A rule gives no strikes, and its decision is no staff's word: a moderator who finds the thing in
order ends it with "keep".
"""

from __future__ import annotations

from datetime import datetime

from community.models import Comment, Note

from . import cases, ending, standing, telling
from .deciding import write_down
from .log import note_down
from .models import Case, CaseThing, Decision, LogLine, Report
from .models.subject import author_of, kind_of
from .verdicts import Given, Verdict

Act, End = Decision.Act, Decision.End
Thing = Note | Comment


def decide_by_rule(
    *, thing: Thing, act: str, words: str, now: datetime, label: str = ""
) -> Decision | None:
    """Hold, limit or label; None where that means nothing for how the thing stands. In the
    transaction of the write that was found fault with."""
    if not standing.can(act, thing) or (act == Act.HIDE and standing.is_held_by_rule(thing)):
        return None
    given = Given(
        verdict=Verdict(act=act, words=words, label=label), guideline=None, by=None, now=now
    )
    return write_down(thing, given, None, strikes=False, by_rule=True)


def take_back_by_rule(*, decision: Decision, words: str, now: datetime) -> bool:
    """End what a rule decided; False where it is over. What else holds the thing still does."""
    if not ending.end([decision.pk], as_=End.RESTORED, now=now):
        return False
    thing = decision.thing
    if thing is None:
        return True
    standing.settle(thing, now=now)
    _leave_the_queue(thing, now)
    if decision.act in standing.HIDING and thing.hidden_at is not None:
        return True  # staff hides it as well: there is nothing to tell
    restored = Decision.objects.create(
        **{kind_of(thing): thing},
        about=kind_of(thing),
        author=author_of(thing),
        act=Act.RESTORE,
        reason=words,
        by_rule=True,
        decided_at=now,
    )
    telling.tell_restored(restored)
    about, said = f"{kind_of(thing)} {thing.pk}", f"{restored.get_act_display()}: {words}"
    note_down(actor=None, act=LogLine.Act.DECIDED, about=about, words=said, now=now)
    return True


def _leave_the_queue(thing: Thing, now: datetime) -> None:
    """Nobody need look at what a rule no longer finds fault with."""
    asked = CaseThing.objects.filter(
        **{kind_of(thing): thing}, why=CaseThing.Why.RULE, is_open=True
    )
    for row in list(asked):
        reported = Report.objects.filter(**{kind_of(thing): thing}, settled_at=None).exists()
        if reported:
            CaseThing.objects.filter(pk=row.pk).update(why=CaseThing.Why.REPORTED)
        else:
            CaseThing.objects.filter(pk=row.pk).update(is_open=False)
        cases.close_if_nobody_complains(row.case_id, now=now)


def open_case(*, thing: Thing, now: datetime) -> Case:
    """Put what a rule found before the moderators: its open case, or a new one."""
    case, _why = cases.case_for(thing)
    if case is None:
        case = Case.objects.create(opened_at=now, reported_at=now)
    CaseThing.objects.get_or_create(
        **{kind_of(thing): thing},
        is_open=True,
        defaults={"case": case, "why": CaseThing.Why.RULE},
    )
    Case.objects.filter(pk=case.pk).update(reported_at=now)
    cases.weigh([case.pk], now=now)
    return case
