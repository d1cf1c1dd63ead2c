"""A moderator's look at what passed a gate, before it rises: asked for, decided once, or late.

A note that nobody looks at does not wait for ever: after the policy's hours it rises by itself, or
stays where the policy says so. Each decision is a compare-and-set on the look and on the entry, in
one transaction with its line in the log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.models import User

from .experiments.assignment import pool_policy
from .models import PoolEntry, PoolTransition, SecondLook
from .pool_admission import Readers
from .pool_steps import change_of, lift
from .pools import Move, Reason
from .told import announce_steps

DECIDE = "feeds.decide_secondlook"
State = SecondLook.State
# Looks held in memory at a time.
AT_ONCE = 500


class Decided(Conflict):
    code = "decided"


def ask(
    found: Sequence[tuple[int, Mapping[str, float]]], *, tier: int, until: datetime, now: datetime
) -> None:
    """Put notes with the figures of their gate into the queue, in the tick's transaction."""
    SecondLook.objects.bulk_create(
        [
            SecondLook(note_id=pk, tier=tier, figures=dict(figures), asked_at=now, until=until)
            for pk, figures in found
        ],
        ignore_conflicts=True,
        batch_size=500,
    )


def decide(*, look_id: int, by: User, rises: bool, words: str = "", now: datetime) -> SecondLook:
    """Let a note rise or keep it where it is. The same decision again changes nothing.

    Raises NotAllowed, NotFound, Invalid without words for a note that stays, and Decided when it
    was decided otherwise or the note was withdrawn.
    """
    if not by.has_perm(DECIDE):
        raise NotAllowed
    look = SecondLook.objects.filter(pk=look_id).first()
    if look is None:
        raise NotFound
    words = words.strip()
    if not rises and not words:
        raise Invalid(_("Tell the author why it stays."), field="words")
    to = State.RISES if rises else State.STAYS
    reason = Reason.LOOK_RISES if rises else Reason.LOOK_STAYS
    if not _apply(look, to, reason, words=words[:500], by=by, readers=Readers(now), now=now):
        look.refresh_from_db()
        if look.state != to:
            raise Decided(_("Somebody decided this already, or the note was withdrawn."))
    look.refresh_from_db()
    return look


def decide_late(*, now: datetime) -> int:
    """Decide what nobody looked at in time, as the policy says; returns how many."""
    late = SecondLook.objects.filter(state=State.WAITING, until__lte=now)
    readers, moved = Readers(now), 0
    # Each one leaves the state it is looked for in, by us or by somebody else.
    while some := list(late[:AT_ONCE]):
        for look in some:
            rules = pool_policy(_trial_of(look.note_id)).pools
            rises = rules.second_look_late == "rises"
            to = State.RISES if rises else State.STAYS
            reason = Reason.LATE_RISES if rises else Reason.LATE_STAYS
            moved += _apply(look, to, reason, words="", by=None, readers=readers, now=now)
    return moved


def _trial_of(note_id: int) -> str:
    return PoolEntry.objects.filter(pk=note_id).values_list("trial", flat=True).first() or ""


@transaction.atomic
def _apply(
    look: SecondLook,
    to: str,
    reason: Reason,
    *,
    words: str,
    by: User | None,
    readers: Readers,
    now: datetime,
) -> bool:
    """Move the look and its entry; False where somebody else did."""
    mine = SecondLook.objects.filter(pk=look.pk, state=State.WAITING)
    if not mine.update(state=to, decided_by=by, decided_at=now, words=words):
        return False
    waiting = PoolEntry.objects.filter(pk=look.note_id, state=PoolEntry.State.LOOK, tier=look.tier)
    entry = waiting.select_for_update(no_key=True).first()
    if entry is None:
        return True
    policy = pool_policy(entry.trial)
    last = look.tier + 1 >= len(policy.pools.ladder)
    move = Move.SETTLE if to == State.STAYS else Move.FINISH if last else Move.PROMOTE
    change = change_of(move, look.tier, policy, readers, now)
    waiting.update(**change)
    lift([look.note_id], move, look.tier, policy)
    _log(look, entry, change, reason, words, now)
    announce_steps([look.note_id], now=now)
    return True


def _log(
    look: SecondLook,
    entry: PoolEntry,
    change: Mapping[str, Any],
    reason: Reason,
    words: str,
    now: datetime,
) -> None:
    """A step without a rate: the gate's own step is the channel's record."""
    PoolTransition.objects.create(
        note_id=look.note_id,
        from_tier=look.tier,
        to_tier=change.get("tier"),
        state=change.get("state", PoolEntry.State.RUNNING),
        reason=reason,
        figures={**look.figures, "words": words} if words else look.figures,
        root_channel_id=entry.root_channel_id,
        at=now,
    )
