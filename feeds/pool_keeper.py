"""The pools' rules applied to rows: admit, count, credit, advance.

Every step is compare-and-set and derivable from rows: two workers, a task run twice, or a day of
standstill change nothing twice and lose nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from accounts.models import Profile

from .models import LiveNote, PoolDelivery, PoolEngagement, PoolEntry, PoolTransition
from .policies import current
from .policy import Policy, Pools
from .pools import Move, PoolStats, Reason, Verdict, judge, promise, usual_rate

State = PoolEntry.State
# Settled gates that the usual rate of a channel is taken from.
RECORDS = 200
# Notes judged in one transaction of a tick.
AT_ONCE = 2_000


# ---------------------------------------------------------------- admission
def follow_catalogue(note_ids: Sequence[int], *, now: datetime) -> None:
    """After notes changed: admit the new ones, hold those withdrawn, release those returned."""
    live = dict(LiveNote.objects.filter(note__in=note_ids).values_list("note_id", "recommended"))
    entries = PoolEntry.objects.filter(note__in=note_ids)
    gone = [pk for pk in note_ids if pk not in live]
    _switch(entries.filter(note__in=gone, state=State.RUNNING), State.HELD, Reason.WITHDRAWN, now)
    _switch(entries.filter(note__in=live, state=State.HELD), State.RUNNING, Reason.RETURNED, now)
    mended = [pk for pk, recommended in live.items() if recommended]
    PoolEntry.objects.filter(note__in=mended, state=State.SETTLED, promised=0, started_at__gt=_oldest(now)).delete()
    admit(LiveNote.objects.filter(note__in=note_ids), now=now)


def admit(notes: QuerySet[LiveNote], *, now: datetime) -> int:
    """Open a pool entry for live notes that have none; returns how many."""
    policy = current()[1]
    known = PoolEntry.objects.values("note_id")
    rows = list(
        notes.exclude(note__in=known).values_list(
            "note_id", "author_id", "root_channel_id", "quality", "recommended", "published_at"
        )[:AT_ONCE]
    )
    reachable = reachable_readers(now) if rows else 0
    entries = [_entry(row, policy, reachable, now) for row in rows]
    PoolEntry.objects.bulk_create(entries, ignore_conflicts=True, batch_size=500)
    PoolTransition.objects.bulk_create([_admission(e, now) for e in entries], batch_size=500)
    return len(entries)


def _entry(row: tuple[Any, ...], policy: Policy, reachable: int, now: datetime) -> PoolEntry:
    note_id, author_id, root, quality, recommended, published_at = row
    first = policy.pools.ladder[0]
    runs = recommended and published_at > _oldest(now)
    return PoolEntry(
        note_id=note_id,
        author_id=author_id,
        root_channel_id=root,
        state=State.RUNNING if runs else State.SETTLED,
        # Nothing is promised to a note below the bar or too old to be new.
        promised=promise(first, quality=quality, reachable=reachable) if runs else 0,
        started_at=published_at,
        due_at=max(now, published_at) + timedelta(hours=first.hours),
    )


def _admission(entry: PoolEntry, now: datetime) -> PoolTransition:
    if entry.state == State.RUNNING:
        reason = Reason.ADMITTED
    else:
        reason = Reason.BELOW_BAR if entry.started_at > _oldest(now) else Reason.OLD
    return PoolTransition(
        note_id=entry.note_id,
        to_tier=0,
        state=entry.state,
        reason=reason,
        figures={"promised": entry.promised},
        root_channel_id=entry.root_channel_id,
        at=now,
    )


def _oldest(now: datetime) -> datetime:
    return now - timedelta(days=current()[1].pools.admit_days)


def reachable_readers(now: datetime) -> int:
    """People who came lately: a promise cannot be larger than the community."""
    days = current()[1].discover.active_days
    return Profile.objects.filter(active_on__gte=(now - timedelta(days=days)).date()).count()


def _switch(
    entries: QuerySet[PoolEntry], state: str, reason: Reason, now: datetime
) -> None:
    """Move entries to a state, with a line in the log for each that moved."""
    for entry in entries:
        with transaction.atomic():
            moved = PoolEntry.objects.filter(pk=entry.pk, state=entry.state).update(state=state)
            if moved:
                _log(entry, entry.tier, state, reason, {}, now)


# ---------------------------------------------------------------- delivery
def confirm(*, note_id: int, source: str, viewer_id: int, now: datetime) -> bool:
    """Count one qualified impression on discover at the note's present tier; True if it counted.

    Reserved slots count, and so does discover's own ranking: a promise is a promise of readers. What
    a reader of the author saw ("followed") does not count, here or at the gate.
    """
    if source == "followed":
        return False
    running = PoolEntry.objects.filter(note=note_id, state=State.RUNNING)
    tier = running.values_list("tier", flat=True).first()
    if tier is None or not _reach(note_id, tier, viewer_id, now):
        return False
    running.filter(tier=tier).update(delivered=F("delivered") + 1)
    # The promise is kept: due now, whatever hour it is.
    running.filter(tier=tier, delivered__gte=F("promised"), due_at__gt=now).update(due_at=now)
    return True


def _reach(note_id: int, tier: int, viewer_id: int, now: datetime) -> bool:
    """Confirm the reservation, or note a sight nothing was reserved for; False when known."""
    row = {"note_id": note_id, "tier": tier, "person_id": viewer_id}
    if PoolDelivery.objects.filter(**row, seen_at=None).update(seen_at=now):
        return True
    _row, created = PoolDelivery.objects.get_or_create(
        **row, defaults={"reserved_at": now, "seen_at": now}
    )
    return created


def credit(acts: Iterable[tuple[int, int, int, float]]) -> int:
    """Credit acts (note, person, kind, score; score <= 0 takes back) to the tier that reached the
    person, each kind once. Acts of people whom no open pool reached count for no gate."""
    changed = 0
    for note_id, person_id, kind, score in acts:
        entry = PoolEntry.objects.filter(note=note_id, state=State.RUNNING).first()
        if entry is None:
            continue
        reached = PoolDelivery.objects.filter(
            note=note_id, tier=entry.tier, person=person_id, seen_at__isnull=False
        )
        if reached.exists():
            changed += _credit(entry, person_id, kind, score)
    return changed


def _credit(entry: PoolEntry, person_id: int, kind: int, score: float) -> bool:
    row = {"note_id": entry.pk, "tier": entry.tier, "person_id": person_id, "kind": kind}
    if score > 0:
        _row, moved = PoolEngagement.objects.get_or_create(**row, defaults={"score": score})
    else:
        known = PoolEngagement.objects.filter(**row).first()
        moved = known is not None
        if known is not None:
            score = -known.score
            known.delete()
    if moved:
        PoolEntry.objects.filter(pk=entry.pk, tier=entry.tier).update(engagement=F("engagement") + score)
    return moved


# ---------------------------------------------------------------- the tick
def advance(*, now: datetime) -> int:
    """Bring every pool to where it should be at this time; returns how many entries moved.

    1. admit live notes without an entry   2. judge every running entry that is due
    3. write each verdict once, with its figures
    """
    moved = admit(LiveNote.objects.filter(published_at__gt=_oldest(now)), now=now)
    policy = current()[1]
    usual: dict[tuple[int, int], float] = {}
    while True:
        due = list(PoolEntry.objects.filter(state=State.RUNNING, due_at__lte=now).order_by("due_at")[:AT_ONCE])
        verdicts = [(entry, _judge(entry, usual, policy.pools, now)) for entry in due]
        with transaction.atomic():
            moved += _write(verdicts, policy, now)
        if len(due) < AT_ONCE:
            return moved


def _judge(
    entry: PoolEntry, usual: dict[tuple[int, int], float], rules: Pools, now: datetime
) -> Verdict:
    key = (entry.root_channel_id, entry.tier)
    if key not in usual:
        usual[key] = usual_rate(gate_records(*key), rules)
    stats = PoolStats(entry.promised, entry.delivered, entry.engagement)
    return judge(entry.tier, stats, now - entry.started_at, usual[key], rules)


def gate_records(root_channel_id: int, tier: int) -> list[float]:
    """Rates of the last notes of a channel that finished a tier."""
    records = PoolTransition.objects.filter(
        root_channel_id=root_channel_id, from_tier=tier, rate__isnull=False
    ).order_by("-id")
    return list(records.values_list("rate", flat=True)[:RECORDS])


def _write(verdicts: list[tuple[PoolEntry, Verdict]], policy: Policy, now: datetime) -> int:
    """Verdicts to rows, grouped by what is written so that a tick is a handful of statements."""
    groups: dict[tuple[Move, int, int], list[tuple[PoolEntry, Verdict]]] = defaultdict(list)
    for entry, verdict in verdicts:
        groups[verdict.move, entry.tier, entry.promised].append((entry, verdict))
    moved = 0
    reachable = reachable_readers(now) if verdicts else 0
    for (move, tier, promised), members in groups.items():
        change = _change(move, tier, promised, policy, reachable, now)
        ids = [entry.pk for entry, _verdict in members]
        held = PoolEntry.objects.filter(pk__in=ids, state=State.RUNNING, tier=tier, due_at__lte=now)
        if held.count() != len(ids):  # another worker was here: log only what is still ours
            still = set(held.values_list("pk", flat=True))
            members = [(entry, verdict) for entry, verdict in members if entry.pk in still]
        moved += held.update(**change)
        if move in (Move.PROMOTE, Move.FINISH, Move.SETTLE):
            _log_all(members, move, change, now)
        if move == Move.PROMOTE:
            LiveNote.objects.filter(note__in=ids).update(boost=policy.pools.promoted_factor)
        elif move in (Move.FINISH, Move.SETTLE):
            LiveNote.objects.filter(note__in=ids).update(boost=1.0)
    return moved


def _change(
    move: Move, tier: int, promised: int, policy: Policy, reachable: int, now: datetime
) -> dict[str, Any]:
    """What an entry becomes. Waiting entries whose due time was pulled forward look again later."""
    rules = policy.pools
    if move == Move.PROMOTE:
        rung = rules.ladder[tier + 1]
        return {
            "tier": tier + 1,
            "promised": promise(rung, quality=0, reachable=reachable),
            "delivered": 0,
            "engagement": 0.0,
            "started_at": now,
            "due_at": now + timedelta(hours=rung.hours),
        }
    if move == Move.FINISH:
        return {"state": State.HOT}
    if move == Move.SETTLE:
        return {"state": State.SETTLED}
    # Short of its promise: carried over, looked at again within the hour.
    return {"due_at": now + timedelta(hours=1)}


def _log_all(
    members: list[tuple[PoolEntry, Verdict]], move: Move, change: dict[str, Any], now: datetime
) -> None:
    PoolTransition.objects.bulk_create(
        [
            PoolTransition(
                note_id=entry.pk,
                from_tier=entry.tier,
                to_tier=change.get("tier"),
                state=change.get("state", State.RUNNING),
                reason=verdict.reason,
                figures={name: round(value, 5) for name, value in verdict.figures.items()},
                root_channel_id=entry.root_channel_id,
                rate=verdict.figures["rate"],
                at=now,
            )
            for entry, verdict in members
        ],
        ignore_conflicts=True,
        batch_size=500,
    )


def _log(
    entry: PoolEntry, tier: int, state: str, reason: Reason, figures: dict[str, float], now: datetime
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
