"""How decisions end: by themselves when their time is over, or taken back by staff.

Each end is a compare-and-set on the decision; what then still holds makes the thing what it is
(standing.settle). So a tick that comes twice, or beside a moderator, ends nothing twice.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Invalid, NotAllowed, NotFound
from accounts.models import User
from community import signals
from community.models import Note

from . import standing, telling
from .deciding import locked
from .errors import AlreadyDecided, OwnCase
from .log import note_down
from .models import Decision, LogLine, Strike
from .models.subject import Thing, author_of, kind_of
from .states import state_of
from .verdicts import Verdict, checked, may, on_record

Act, End = Decision.Act, Decision.End
# Decisions ended by one tick.
AT_ONCE = 500


def end_what_is_over(*, now: datetime) -> int:
    """End decisions whose time is over; how many."""
    over = Decision.objects.in_force().filter(ends_at__lte=now).order_by("ends_at", "pk")
    return sum(_end_by_itself(decision, now) for decision in list(over[:AT_ONCE]))


def _end_by_itself(decision: Decision, now: datetime) -> bool:
    kind, pk = decision.kind, decision.kind and decision.key[1]
    with transaction.atomic():
        if not end([decision.pk], as_=End.EXPIRED, now=now):
            return False
        if kind:
            with locked(kind, int(pk)) as (thing, _case):
                standing.settle(thing, now=now)
            telling.tell_ended(decision, now=now)
        about = f"decision {decision.pk}"
        note_down(actor=None, act=LogLine.Act.ENDED, about=about, words=decision.act, now=now)
    return True


def end(decision_ids: Collection[int], *, as_: str, now: datetime) -> int:
    """Mark decisions as over; how many were not before. What was taken back leaves no strike."""
    holding = Decision.objects.filter(pk__in=decision_ids, ended_at=None)
    ended = holding.update(ended_at=now, ended_as=as_)
    if as_ != End.EXPIRED:
        strikes = Strike.objects.filter(decision__in=decision_ids, void_at=None)
        strikes.update(void_at=now)
    return ended


def take_back(*, by: User, decision_id: int, words: str, now: datetime | None = None) -> Decision:
    """End one decision before its time. Raises NotAllowed, NotFound, Invalid, AlreadyDecided."""
    now = now or timezone.now()
    decision = Decision.objects.filter(pk=decision_id).first()
    if decision is None or not decision.kind:
        raise NotFound
    kind, pk = decision.key
    with on_record(by=by, about=f"decision {decision_id}", act=Act.RESTORE, now=now):
        _check(by, [decision])
        with locked(kind, pk) as (thing, _case):
            if not end([decision_id], as_=End.RESTORED, now=now):
                raise AlreadyDecided(state_of(thing))
            standing.settle(thing, now=now)
            return _write_down(thing, by, words, now)


def restore(
    *,
    by: User,
    kind: str,
    pk: int,
    words: str,
    seen: int | None = None,
    now: datetime | None = None,
) -> Decision:
    """End all that holds against a thing that is hidden, limited, labelled or suspended."""
    now = now or timezone.now()
    with on_record(by=by, about=f"{kind} {pk}", act=Act.RESTORE, now=now):
        checked(Verdict(act=Act.RESTORE, words=words), by=by, now=now, needs_rule=False)
        with locked(kind, pk, seen=seen) as (thing, _case):
            held = standing.in_force(thing)
            if not held or (not isinstance(thing, User) and thing.deleted_at is not None):
                raise AlreadyDecided(state_of(thing))
            _check(by, held)
            end([decision.pk for decision in held], as_=End.RESTORED, now=now)
            standing.settle(thing, now=now)
            return _write_down(thing, by, words, now)


def undelete(
    *, by: User, note_id: int, words: str, seen: int | None = None, now: datetime | None = None
) -> Decision:
    """Bring a deleted note back; one that was hidden too stays hidden."""
    now = now or timezone.now()
    with on_record(by=by, about=f"note {note_id}", act=Act.RESTORE, now=now):
        checked(Verdict(act=Act.RESTORE, words=words), by=by, now=now, needs_rule=False)
        with locked("note", note_id, seen=seen) as (note, _case):
            if not isinstance(note, Note) or note.deleted_at is None:
                raise AlreadyDecided(state_of(note))
            removals = [row for row in standing.in_force(note) if row.act == Act.REMOVE]
            _check(by, removals)
            if removals:
                end([row.pk for row in removals], as_=End.RESTORED, now=now)
                standing.settle(note, now=now)
            else:
                _undelete(note, now)
            return _write_down(note, by, words, now)


def _undelete(note: Note, now: datetime) -> None:
    Note.objects.filter(pk=note.pk).update(deleted_at=None, revision=F("revision") + 1)
    note.refresh_from_db()
    if note.is_shown:
        signals.note_returned.send(sender=Note, note_id=note.pk, now=now)


def _check(by: User, held: Collection[Decision]) -> None:
    """Whoever takes back a verdict needs the right to give it, and may not gain by it."""
    if any(row.author_id == by.pk for row in held):
        raise OwnCase
    if not all(may(by, row.act) for row in held):
        raise NotAllowed


def _write_down(thing: Thing, by: User, words: str, now: datetime) -> Decision:
    """The decision that says so, told to the author."""
    given = checked(Verdict(act=Act.RESTORE, words=words), by=by, now=now, needs_rule=False)
    if not given.verdict.words:
        raise Invalid(_("Give a reason: the author will read it."), field="reason")
    decision = Decision.objects.create(
        **{kind_of(thing): thing},
        about=kind_of(thing),
        author=author_of(thing),
        act=Act.RESTORE,
        reason=given.verdict.words,
        moderator=by,
        decided_at=now,
    )
    telling.tell_restored(decision)
    about, said = f"{kind_of(thing)} {thing.pk}", f"{decision.get_act_display()}: {decision.reason}"
    note_down(actor=by, act=LogLine.Act.DECIDED, about=about, words=said, now=now)
    return decision
