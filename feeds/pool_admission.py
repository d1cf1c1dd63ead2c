"""Who enters the pools, and what happens to an entry when its note is withdrawn or returns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Profile
from community.models import Note
from community.turns import take_turn

from .covers import services as covers
from .experiments.assignment import pool_policy, trial_of
from .experiments.entering import note_entries
from .models import LiveNote, PoolEntry, PoolTransition, SecondLook
from .policies import current
from .pools import Reason, promise
from .told import announce_steps

State = PoolEntry.State
# Notes admitted in one statement.
AT_ONCE = 2_000


def follow_catalogue(note_ids: Sequence[int], *, now: datetime) -> None:
    """After notes changed: admit the new ones, hold those withdrawn or edited below the bar,
    release those that came back from either."""
    live = dict(LiveNote.objects.filter(note__in=note_ids).values_list("note_id", "recommended"))
    entries = PoolEntry.objects.filter(note__in=note_ids)
    gone = [pk for pk in note_ids if pk not in live]
    mended = [pk for pk, recommended in live.items() if recommended]
    alive = [State.RUNNING, State.LOOK]
    lowered = entries.filter(note__in=live.keys() - mended, state__in=alive)
    by_staff = Note.objects.filter(pk__in=live, limited_at__isnull=False).values("pk")
    withdrawn = entries.filter(note__in=gone, state__in=alive)
    hidden = Note.objects.filter(pk__in=gone, hidden_at__isnull=False).values("pk")
    _switch(withdrawn.filter(note__in=hidden), State.HELD, Reason.WITHDRAWN, now, {"hidden": 1.0})
    _switch(withdrawn.exclude(note__in=hidden), State.HELD, Reason.WITHDRAWN, now)
    _switch(lowered.filter(note__in=by_staff), State.HELD, Reason.LIMITED, now)
    _switch(lowered.exclude(note__in=by_staff), State.HELD, Reason.BELOW_BAR, now)
    _switch(entries.filter(note__in=mended, state=State.HELD), State.RUNNING, Reason.RETURNED, now)
    PoolEntry.objects.filter(
        note__in=mended, state=State.SETTLED, promised=0, started_at__gt=oldest_new_note(now)
    ).delete()
    admit(LiveNote.objects.filter(note__in=note_ids), now=now)
    # Those that wait for a picture were admitted before it was ready.
    covers.begin(note_ids, now=now)


def admit(notes: QuerySet[LiveNote], *, now: datetime) -> int:
    """Open a pool entry for live notes that have none; returns how many."""
    # NOT EXISTS and not NOT IN, which PostgreSQL answers by a walk through all entries a note.
    strays = notes.filter(~Exists(PoolEntry.objects.filter(note=OuterRef("note"))))
    if not strays.exists():  # nearly always: nobody's writes wait for this look
        return 0
    with transaction.atomic():  # two workers admit a note once, with one line in the log
        take_turn("admission")
        return _admit(strays, now)


def _admit(strays: QuerySet[LiveNote], now: datetime) -> int:
    readers = Readers(now)
    rows = strays.values_list(
        "note_id", "author_id", "root_channel_id", "quality", "recommended", "published_at"
    )[:AT_ONCE]
    held = Note.objects.filter(pk__in=[row[0] for row in rows], limited_at__isnull=False)
    limited = set(held.values_list("pk", flat=True))
    entries = [_entry(row, readers, now) for row in rows]
    quality = {row[0]: row[3] for row in rows}
    PoolEntry.objects.bulk_create(entries, ignore_conflicts=True, batch_size=500)
    note_entries(entries, now=now)
    PoolTransition.objects.bulk_create(
        [_admission(e, quality[e.pk], e.pk in limited, readers, now) for e in entries],
        batch_size=500,
    )
    covers.begin([e.pk for e in entries if e.state == State.RUNNING], now=now)
    announce_steps([e.pk for e in entries if e.state != State.RUNNING], now=now)
    return len(entries)


def _entry(row: tuple[Any, ...], readers: Readers, now: datetime) -> PoolEntry:
    note_id, author_id, root, quality, recommended, published_at = row
    runs = recommended and published_at > oldest_new_note(now)
    trial = trial_of(note_id=note_id, author_id=author_id) if runs else ""
    first = pool_policy(trial).pools.ladder[0]
    return PoolEntry(
        note_id=note_id,
        author_id=author_id,
        root_channel_id=root,
        state=State.RUNNING if runs else State.SETTLED,
        # Nothing is promised to a note below the bar or too old to be new.
        promised=promise(first, quality=quality, reachable=readers.within(first.hours))
        if runs
        else 0,
        started_at=published_at,
        due_at=max(now, published_at) + timedelta(hours=first.hours),
        trial=trial,
    )


def _admission(
    entry: PoolEntry, quality: float, limited: bool, readers: Readers, now: datetime
) -> PoolTransition:
    figures: dict[str, float] = {"promised": entry.promised, "quality": quality}
    if entry.state == State.RUNNING:
        reason = Reason.ADMITTED
        hours = pool_policy(entry.trial).pools.ladder[0].hours
        figures["reachable"] = readers.within(hours)
    elif limited:
        reason = Reason.LIMITED
    else:
        reason = Reason.BELOW_BAR if entry.started_at > oldest_new_note(now) else Reason.OLD
    return PoolTransition(
        note_id=entry.note_id,
        to_tier=0,
        state=entry.state,
        reason=reason,
        figures=figures,
        root_channel_id=entry.root_channel_id,
        at=now,
    )


def oldest_new_note(now: datetime) -> datetime:
    return now - timedelta(days=current()[1].pools.admit_days)


class Readers:
    """How many people come within some hours, less the author: a promise cannot be larger than
    what the community gives in its time. Each number is looked up once."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._known: dict[int, int] = {}

    def within(self, hours: float) -> int:
        """Those who came since the day that began so many hours ago or earlier."""
        days = math.ceil(hours / 24)
        if days not in self._known:
            since = (self._now - timedelta(days=days)).date()
            came = Profile.objects.filter(active_on__gte=since).count()
            self._known[days] = max(0, came - 1)
        return self._known[days]


def _switch(
    entries: QuerySet[PoolEntry],
    state: str,
    reason: Reason,
    now: datetime,
    figures: dict[str, float] | None = None,
) -> None:
    """Move entries to a state, with a line in the log for each that moved."""
    for entry in entries:
        with transaction.atomic():
            moved = PoolEntry.objects.filter(pk=entry.pk, state=entry.state).update(state=state)
            if moved:
                # Nobody need look at what is held; when it returns, its gate asks again.
                waiting = SecondLook.objects.filter(note=entry.pk, state=SecondLook.State.WAITING)
                waiting.update(state=SecondLook.State.VOID, decided_at=now)
                _log(entry, entry.tier, state, reason, figures or {}, now)
                announce_steps([entry.pk], now=now)


def _log(
    entry: PoolEntry,
    tier: int,
    state: str,
    reason: Reason,
    figures: dict[str, float],
    now: datetime,
) -> None:
    PoolTransition.objects.create(
        note_id=entry.pk,
        from_tier=None,
        to_tier=tier,
        state=state,
        reason=reason,
        figures=figures,
        root_channel_id=entry.root_channel_id,
        at=now,
    )
