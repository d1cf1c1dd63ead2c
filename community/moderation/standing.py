"""How things stand follows from the decisions in force, and from nothing else.

Whenever a decision is taken, ends, or is overturned, `settle` makes the columns of its thing true:
hidden, removed, limited, labelled, suspended. So two decisions about one thing end one by one, and
the audit can compare the columns with the decisions at any time.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F

from accounts.models import User
from accounts.suspending import readmit_person, suspend_person
from community import signals
from community.models import Comment, Note
from community.services.comments import return_comment, withdraw_comment

from .models import Decision
from .models.subject import Thing, kind_of

Act = Decision.Act
HIDING = (Act.HIDE, Act.REMOVE)
CLOSING = (Act.SUSPEND, Act.BAN)


def in_force(thing: Thing) -> list[Decision]:
    """The decisions that hold for a thing, oldest first."""
    rows = Decision.objects.in_force().filter(**{kind_of(thing): thing})
    return list(rows.order_by("decided_at", "pk"))


def settle(thing: Thing, *, now: datetime) -> None:
    """Make a thing what the decisions in force say, and announce what changed. Call it in the
    transaction of the decision, with the row locked."""
    held = in_force(thing)
    if isinstance(thing, Note):
        _settle_note(thing, held, now)
    elif isinstance(thing, Comment):
        hides = any(row.act in HIDING for row in held)
        if hides and thing.hidden_at is None:
            withdraw_comment(thing, field="hidden_at", now=now)
        elif not hides and thing.hidden_at is not None:
            return_comment(thing)
    elif any(row.act in CLOSING for row in held):
        suspend_person(person_id=thing.pk, now=now)
    else:
        readmit_person(person_id=thing.pk, now=now)
    thing.refresh_from_db()


def _settle_note(note: Note, held: list[Decision], now: datetime) -> None:
    acts = {row.act for row in held}
    change: dict[str, Any] = {
        "hidden_at": _since(note.hidden_at, bool(acts & set(HIDING)), now),
        "deleted_at": _deleted_since(note, held),
        "limited_at": _since(note.limited_at, Act.LIMIT in acts, now),
        "label": next((row.label for row in reversed(held) if row.act == Act.LABEL), ""),
    }
    before = {name: getattr(note, name) for name in change}
    if change == before:
        return
    was_shown = note.is_shown
    Note.objects.filter(pk=note.pk).update(**change, revision=F("revision") + 1)
    for name, value in change.items():
        setattr(note, name, value)
    if was_shown != note.is_shown:
        signal = signals.note_returned if note.is_shown else signals.note_withdrawn
        signal.send(sender=Note, note_id=note.pk, now=now)
    elif change["limited_at"] != before["limited_at"]:
        signals.note_reach_changed.send(sender=Note, note_id=note.pk, now=now)
    if change["deleted_at"] != before["deleted_at"] and not note.is_shown:
        # Hidden before, removed now: what listens to its absence hears of it once more.
        signals.note_withdrawn.send(sender=Note, note_id=note.pk, now=now)


def _since(before: datetime | None, holds: bool, now: datetime) -> datetime | None:
    return (before or now) if holds else None


def _deleted_since(note: Note, held: list[Decision]) -> datetime | None:
    """What staff removed is deleted as of the decision; what its author deleted stays so."""
    removed = next((row.decided_at for row in held if row.act == Act.REMOVE), None)
    if removed is not None:
        return note.deleted_at or removed
    if note.deleted_at is not None and was_removed_by_staff(note):
        return None
    return note.deleted_at


def was_removed_by_staff(note: Note) -> bool:
    """Whether it is a decision of staff that deleted it, and not its author."""
    if note.deleted_at is None:
        return False
    return note.decisions.filter(act=Act.REMOVE, decided_at=note.deleted_at).exists()


def is_held_by_rule(thing: Thing) -> bool:
    """Whether only an automatic rule hides it: staff has not decided yet."""
    hiding = [row for row in in_force(thing) if row.act in HIDING]
    return bool(hiding) and all(row.by_rule for row in hiding)


def end_what_rules_hold(thing: Thing, *, now: datetime) -> int:
    """End what automatic rules decided about a thing; how many decisions."""
    held = Decision.objects.in_force().filter(**{kind_of(thing): thing}, by_rule=True)
    return held.update(ended_at=now, ended_as=Decision.End.RESTORED)


def can(act: str, thing: Thing) -> bool:
    """Whether an act still means something for how a thing stands."""
    if isinstance(thing, User):
        return act not in CLOSING or thing.is_active or thing.suspended_at is not None
    if act in (Act.KEEP, Act.WARN, *CLOSING):
        return True
    if act == Act.REMOVE and isinstance(thing, Note):
        return thing.is_published and thing.deleted_at is None
    shown = thing.is_shown if isinstance(thing, Note) else not (thing.hidden_at or thing.deleted_at)
    if act == Act.HIDE and not shown and thing.deleted_at is None and is_held_by_rule(thing):
        return True
    if act == Act.LIMIT and isinstance(thing, Note):
        return shown and thing.limited_at is None
    return shown
