"""The pools' rules applied to rows: the tick.

Every step is compare-and-set and derivable from rows: two workers, a task run twice, or a day of
standstill change nothing twice and lose nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from accounts.prepared import Prepared, these
from community.rows import insert_rows
from community.turns import breathe

from . import second_look
from .experiments.assignment import pool_policy, pool_trials_run
from .models import LiveNote, PoolEntry, PoolTransition
from .policies import current
from .policy import Pools
from .pool_admission import Readers, admit, oldest_new_note
from .pool_proof import grounds
from .pool_steps import LATER, change_of, lift
from .pools import Move, PoolStats, Verdict, judge, most_time, reachable, usual_rate
from .told import announce_steps

State = PoolEntry.State
# Settled gates that the usual rate of a channel is taken from.
RECORDS = 200
# A note is admitted by the job that makes it live. What a tick looks for beside that is of these
# hours; everything else is looked through by `admit_strays`.
LATELY = timedelta(hours=6)
# Notes judged in one transaction of a tick: on SQLite nobody else writes meanwhile.
AT_ONCE = 1_000
# Of a line in the log, in the order of _log_all.
COLUMNS = (
    "note", "from_tier", "to_tier", "state", "reason", "figures", "root_channel_id", "rate", "at",
)  # fmt: skip


class Usual(NamedTuple):
    """What notes of a channel usually reach in a tier, and the figures (as JSON: they are the same
    for all its notes) and rules it rests on."""

    rate: float
    grounds: str
    rules: Pools


class Due(NamedTuple):
    """What a verdict needs of a pool entry. No model object: a tick may meet every note."""

    note_id: int
    root_channel_id: int
    tier: int
    promised: int
    delivered: int
    engagement: float
    discounted_acts: int
    discounted_score: float
    discounted_views: int
    started_at: datetime
    # Arms of experiments whose policy judges it.
    trial: str

    @property
    def discounts(self) -> dict[str, float]:
        """What rings and farms would have added, to stand beside the figures of the gate."""
        if not (self.discounted_acts or self.discounted_score or self.discounted_views):
            return {}
        return {
            "discounted_acts": float(self.discounted_acts),
            "discounted_score": self.discounted_score,
            "discounted_views": float(self.discounted_views),
        }


class Judged(NamedTuple):
    """A verdict on its way to rows, with what it rests on."""

    entry: Due
    verdict: Verdict
    grounds: str
    age: timedelta

    def figures(self) -> str:
        """All that stands in the log, as JSON: who reads it can reach the verdict again."""
        own = self.verdict.figures | self.entry.discounts
        own["age_seconds"] = self.age.total_seconds()
        return f"{orjson.dumps(own).decode()[:-1]},{self.grounds[1:]}"


def advance(*, now: datetime) -> int:
    """Bring every pool to where it should be at this time; returns how many entries moved.

    1. admit live notes without an entry   2. raise promises where more readers came
    3. decide second looks that nobody gave   4. give time to due entries short of their promise
    5. judge every other one that is due, and write each verdict once, with its figures
    """
    moved = admit_strays(now=now, since=now - LATELY)
    usual: dict[tuple[int, int, str], Usual] = {}
    readers = Readers(now)
    raise_promises(readers=readers)
    moved += second_look.decide_late(now=now)
    moved += give_time(now=now)
    while True:
        with transaction.atomic():
            due = [Due._make(row) for row in DUE(now)]
            moved += _write([_judge(entry, usual, now) for entry in due], readers, now)
        if len(due) < AT_ONCE:
            return moved
        breathe()


def admit_strays(*, now: datetime, since: datetime | None = None) -> int:
    """Admit live notes that no job admitted: of all that are new, or published since then."""
    oldest = max(oldest_new_note(now), since) if since else oldest_new_note(now)
    return admit(LiveNote.objects.filter(published_at__gt=oldest), now=now)


def _due(now: datetime) -> QuerySet[PoolEntry]:
    waiting = PoolEntry.objects.filter(state=State.RUNNING, due_at__lte=now).order_by("due_at")
    return _ours(waiting).values_list(*Due._fields)[:AT_ONCE]


DUE = Prepared(_due, datetime)


def raise_promises(*, readers: Readers) -> int:
    """Entries that were promised less than their policy's base because few readers were there get
    what the community can give now; returns how many."""
    waiting = PoolEntry.objects.filter(state=State.RUNNING)
    return sum(_raise(entries, rules, readers) for entries, rules in _by_policy(waiting))


def _by_policy(entries: QuerySet[PoolEntry]) -> Iterator[tuple[QuerySet[PoolEntry], Pools]]:
    """The entries apart by the policy that judges them: that in force, and those of experiments."""
    trials: list[str] = []
    if pool_trials_run():
        trials = list(entries.exclude(trial="").values_list("trial", flat=True).distinct())
    yield entries.exclude(trial__in=trials), current()[1].pools
    for trial in trials:
        yield entries.filter(trial=trial), pool_policy(trial).pools


def _raise(entries: QuerySet[PoolEntry], rules: Pools, readers: Readers) -> int:
    raised = 0
    for tier, rung in enumerate(rules.ladder):
        possible = min(rung.base, reachable(tier, readers.within(rung.hours), rules))
        raised += entries.filter(tier=tier, promised__lt=possible).update(promised=possible)
    return raised


def give_time(*, now: datetime) -> int:
    """Look an hour later at due entries of which nothing can be said yet (`Move.EXTEND` of `judge`,
    and `Move.WAIT` where a due time was pulled forward); returns how many. Most that a quiet
    community has due are such, and no figure of theirs is needed."""
    given = 0
    due = PoolEntry.objects.filter(state=State.RUNNING, due_at__lte=now)
    for entries, rules in _by_policy(due):
        young = Q()
        for tier in range(len(rules.ladder)):
            young |= Q(tier=tier, started_at__gt=now - most_time(tier, rules))
        short = entries.filter(young, delivered__lt=F("promised")).order_by("due_at")
        while True:
            with transaction.atomic():
                some = PoolEntry.objects.filter(pk__in=_ours(short).values("pk")[:AT_ONCE])
                late = some.update(due_at=now + LATER)
            given += late
            if late < AT_ONCE:
                break
            breathe()
    return given


def _ours(entries: QuerySet[PoolEntry]) -> QuerySet[PoolEntry]:
    """The entries, ours until the transaction ends: SQLite has one writer at a time, other
    databases lock the rows and let a second worker take the next ones."""
    if connection.features.has_select_for_update_skip_locked:
        return entries.select_for_update(skip_locked=True)
    return entries


def _judge(entry: Due, usual: dict[tuple[int, int, str], Usual], now: datetime) -> Judged:
    """The verdict on an entry, with all that is needed to reach it again."""
    key = (entry.root_channel_id, entry.tier, entry.trial)
    known = usual.get(key) or usual.setdefault(key, _usual(*key))
    age = now - entry.started_at
    stats = PoolStats(entry.promised, entry.delivered, entry.engagement)
    verdict = judge(entry.tier, stats, age, known.rate, known.rules)
    return Judged(entry, verdict, known.grounds, age)


def _usual(root_channel_id: int, tier: int, trial: str) -> Usual:
    rules, records = pool_policy(trial).pools, gate_records(root_channel_id, tier)
    based_on = grounds(tier, records, rules, version=current()[0])
    return Usual(usual_rate(records, rules), orjson.dumps(based_on).decode(), rules)


def gate_records(root_channel_id: int, tier: int) -> list[float]:
    """Rates of the last notes of a channel that finished a tier."""
    records = PoolTransition.objects.filter(
        root_channel_id=root_channel_id, from_tier=tier, rate__isnull=False
    ).order_by("-id")
    return [rate for rate in records.values_list("rate", flat=True)[:RECORDS] if rate is not None]


def _write(verdicts: list[Judged], readers: Readers, now: datetime) -> int:
    """Verdicts to rows, grouped by what is written so that a tick is a handful of statements."""
    groups: dict[tuple[Move, int, str], list[Judged]] = defaultdict(list)
    for judged in verdicts:
        groups[judged.verdict.move, judged.entry.tier, judged.entry.trial].append(judged)
    for (move, tier, trial), members in groups.items():
        policy, note_ids = pool_policy(trial), [judged.entry.note_id for judged in members]
        change = change_of(move, tier, policy, readers, now)
        PoolEntry.objects.filter(pk__in=these(note_ids)).update(**change)
        if move in (Move.PROMOTE, Move.FINISH, Move.SETTLE, Move.ASK):
            _log_all(members, change, now)
            announce_steps(note_ids, now=now)
            lift(note_ids, move, tier, policy)
        if move == Move.ASK:
            found = [(judged.entry.note_id, judged.verdict.figures) for judged in members]
            second_look.ask(found, tier=tier, until=change["due_at"], now=now)
    return len(verdicts)


def _log_all(members: list[Judged], change: dict[str, Any], now: datetime) -> None:
    """A line in the log for each step, with the arithmetic that decided it."""
    to_tier, state = change.get("tier"), change.get("state", State.RUNNING)
    insert_rows(
        PoolTransition,
        COLUMNS,
        (
            (
                entry.note_id,
                entry.tier,
                to_tier,
                str(state),
                str(verdict.reason),
                judged.figures(),
                entry.root_channel_id,
                verdict.figures["rate"],
                now,
            )
            for judged in members
            for entry, verdict in [judged[:2]]
        ),
    )
