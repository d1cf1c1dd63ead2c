"""What the pool page tells a note's author: where it stands, what was delivered, and why."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from community.models import Note
from community.originality.reading import originals_of
from community.text.quality import QualityReport, report_of

from .covers.reading import Choice, CoverTestView, choices_of, cover_test_of, waiting_words
from .experiments.assignment import pool_policy
from .models import PoolEntry, PoolTransition, QualityVerdict
from .policy import Policy
from .pool_keeper import gate_records
from .pools import PoolStats, Reason, arithmetic, usual_rate
from .pressure import Pressure, pressure_before
from .quality.judging import Rules, dimensions_of, rules_in_force
from .quality.report import Mark, Repeated, marks_of, repeated

State = PoolEntry.State
# Fewer discounted reactions than this are not told: the author might guess whose they were.
FEWEST_TOLD = 3

SENTENCES: dict[str, Promise | str] = {
    Reason.ADMITTED: gettext_lazy("Entered the first pool: %(promised)d views are promised."),
    Reason.BELOW_BAR: gettext_lazy(
        "Not recommended beyond your followers: see below under quality why, and what would help."
    ),
    Reason.OLD: gettext_lazy(
        "Too old to be new here: it is found in search, channels and your profile."
    ),
    Reason.PROMOTED: gettext_lazy(
        "Promoted: %(lower_bound).1f engagements per 100 readers for certain, the gate asks for"
        " %(gate).1f."
    ),
    Reason.THROUGH: gettext_lazy("Through all pools. From here on it lives in hot and discover."),
    Reason.BELOW_GATE: gettext_lazy(
        "Stayed in this pool: %(lower_bound).1f engagements per 100 readers for certain, the gate"
        " asks for more than %(gate).1f."
    ),
    Reason.FEW_READERS: gettext_lazy(
        "Only %(delivered)d of %(promised)d promised views were delivered: too few readers came."
    ),
    Reason.MAKE_GOOD: gettext_lazy(
        "The promise was not kept in time; what is missing is made good."
    ),
    Reason.WITHDRAWN: gettext_lazy("Paused: the note cannot be seen by everybody at the moment."),
    Reason.RETURNED: gettext_lazy("Goes on: the note can be seen again."),
    Reason.LIMITED: gettext_lazy(
        "Paused: a moderator limited its reach. The decision says why, and you may appeal."
    ),
    Reason.TIME_BACK: gettext_lazy(
        "A decision about it was overturned: the %(hours).1f hours it lost are given back."
    ),
    Reason.SECOND_LOOK: gettext_lazy(
        "Through the gate with %(lower_bound).1f engagements per 100 readers for certain (it asks"
        " for %(gate).1f). A moderator looks before it rises."
    ),
    Reason.LOOK_RISES: gettext_lazy("A moderator looked and let it rise."),
    Reason.LOOK_STAYS: gettext_lazy("A moderator looked and keeps it in this pool: %(words)s"),
    Reason.LATE_RISES: gettext_lazy("Nobody looked in time, so it rises by itself."),
    Reason.LATE_STAYS: gettext_lazy(
        "Nobody looked in time. It stays in this pool: that is the rule of this community."
    ),
}


@dataclass(frozen=True, slots=True)
class Rung:
    """One tier of the ladder as drawn: done, here, or ahead."""

    name: str
    promise: str
    standing: str


@dataclass(frozen=True, slots=True)
class Step:
    at: datetime
    text: str
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PoolView:
    state: str
    tier: int
    stage: str
    ladder: list[Rung]
    # What its pool promises where enough people read.
    usual_promise: int
    promised: int
    delivered: int
    hours_left: float
    figures: dict[str, float]
    steps: list[Step]
    quality: float | None
    quality_bar: float
    # What holds it back whatever its total: "spam", "originality" or nothing.
    stopped_by: str
    marks: list[Mark]
    originals: list[Repeated]
    # Reactions that did not count in full, over all pools; 0 for a few, which might name somebody.
    discounted: int = 0
    # Older notes of the same author in the first pool, which come before this one.
    older_notes: int = 0
    # Its time is over and what is missing is made good.
    owed: bool = False
    # More is written than read: what is owed before this note's promise is kept, and until when.
    pressure: Pressure | None = None
    # The promise is kept, and the verdict falls in so many minutes (rounded up).
    verdict_in: int | None = None
    # Waiting for a moderator: what happens by itself when nobody comes, "rises" or "stays".
    if_nobody_looks: str = ""
    cover_test: CoverTestView | None = None
    # What becomes of a second cover that was chosen and is not under test.
    cover_waits: str = ""
    # Pictures that may be made a second cover now.
    cover_choices: list[Choice] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Delivered of promised, 0 to 1."""
        return min(1.0, self.delivered / self.promised) if self.promised else 0.0

    @property
    def has_few_readers(self) -> bool:
        """Whether less is promised than the pool is made for, as fewer people read here."""
        return self.state == State.RUNNING and 0 < self.promised < self.usual_promise

    @property
    def rests(self) -> bool:
        """Whether the pools are done with it: nothing of this moves any more."""
        return self.state in (State.SETTLED, State.HOT)


def pool_page(note: Note, *, now: datetime) -> PoolView | None:
    """The pool page's content; None for a note that never met the pools (draft, private)."""
    entry = PoolEntry.objects.filter(note=note).first()
    if entry is None:
        return None
    policy, rules = pool_policy(entry.trial), rules_in_force()
    report = _kept_report(note, rules)
    transitions = list(PoolTransition.objects.filter(note=note))
    return PoolView(
        state=entry.state,
        tier=entry.tier,
        stage=policy.pools.ladder[min(entry.tier, len(policy.pools.ladder) - 1)].name,
        ladder=_ladder(entry, policy),
        usual_promise=policy.pools.ladder[min(entry.tier, len(policy.pools.ladder) - 1)].base,
        promised=entry.promised,
        delivered=entry.delivered,
        hours_left=max(0.0, (entry.due_at - now).total_seconds() / 3600),
        figures=_figures(entry, policy),
        steps=[_step(transition) for transition in transitions],
        quality=report.total if report else None,
        quality_bar=rules.bars.of(note.channel),
        stopped_by=rules.stopped_by(report) if report else "",
        marks=marks_of(report) if report else [],
        originals=[repeated(found) for found in originals_of(note, viewer=note.author)],
        discounted=_discounted(entry, transitions),
        older_notes=_older_notes(entry),
        owed=_is_owed(entry, policy, now),
        pressure=_pressure(entry, policy, now),
        verdict_in=_verdict_in(entry, now),
        if_nobody_looks=_if_nobody_looks(entry, policy),
        cover_test=cover_test_of(note, now=now),
        cover_waits=waiting_words(note),
        cover_choices=choices_of(note),
    )


def _older_notes(entry: PoolEntry) -> int:
    if entry.state != State.RUNNING or entry.tier:
        return 0
    running = PoolEntry.objects.filter(author=entry.author_id, state=State.RUNNING, tier=0)
    earlier = Q(started_at=entry.started_at, note__lt=entry.pk)
    return running.filter(Q(started_at__lt=entry.started_at) | earlier).count()


def _is_owed(entry: PoolEntry, policy: Policy, now: datetime) -> bool:
    if entry.state != State.RUNNING or entry.delivered >= entry.promised:
        return False
    rung = policy.pools.ladder[min(entry.tier, len(policy.pools.ladder) - 1)]
    return now >= entry.started_at + timedelta(hours=rung.hours)


def _pressure(entry: PoolEntry, policy: Policy, now: datetime) -> Pressure | None:
    """Told only where it costs this note something: its promise will be kept late."""
    if entry.state != State.RUNNING or entry.tier or entry.delivered >= entry.promised:
        return None
    found = pressure_before(entry, now=now)
    in_time = entry.started_at + timedelta(hours=policy.pools.ladder[0].hours)
    late = found.until is None or found.until > max(now, in_time)
    # Where nobody has read yet there is nothing to compare with.
    return found if late and found.is_high and found.places else None


def _verdict_in(entry: PoolEntry, now: datetime) -> int | None:
    if entry.state != State.RUNNING or entry.delivered < entry.promised:
        return None
    return max(0, math.ceil((entry.due_at - now) / timedelta(minutes=1)))


def _if_nobody_looks(entry: PoolEntry, policy: Policy) -> str:
    return policy.pools.second_look_late if entry.state == State.LOOK else ""


def _discounted(entry: PoolEntry, transitions: list[PoolTransition]) -> int:
    """Of the pools left behind by their steps, of the present or last one by the entry."""
    promotions = [step for step in transitions if step.reason == Reason.PROMOTED]
    total = entry.discounted_acts + sum(
        int(step.figures.get("discounted_acts", 0)) for step in promotions
    )
    return total if total >= FEWEST_TOLD else 0


def _kept_report(note: Note, rules: Rules) -> QualityReport | None:
    """The last verdict, weighed as it is now; None for a note that nobody judged yet."""
    verdict = QualityVerdict.objects.filter(note=note).first()
    kept = dimensions_of(verdict.dimensions) if verdict else []
    return report_of(kept, weights=rules.weights) if kept else None


def _figures(entry: PoolEntry, policy: Policy) -> dict[str, float]:
    usual = usual_rate(gate_records(entry.root_channel_id, entry.tier), policy.pools)
    stats = PoolStats(entry.promised, entry.delivered, entry.engagement)
    return arithmetic(stats, usual, policy.pools)


def _ladder(entry: PoolEntry, policy: Policy) -> list[Rung]:
    rungs = []
    for index, tier in enumerate(policy.pools.ladder):
        standing = "done" if index < entry.tier or entry.state == State.HOT else "ahead"
        if index == entry.tier and entry.state != State.HOT:
            standing = "here"
        promise = f"{tier.base}–{tier.base + tier.extra}" if tier.extra else f"{tier.base:,}"
        rungs.append(Rung(tier.name, promise, standing))
    return rungs


def _step(transition: PoolTransition) -> Step:
    return Step(transition.at, sentence(transition.reason, transition.figures), transition.figures)


def sentence(reason: str, figures: dict[str, Any]) -> str:
    """The reason of a step with its figures, in the language of the page."""
    counts = {name: figures.get(name, 0) for name in ("promised", "delivered")}
    per_hundred = {name: 100 * figures.get(name, 0) for name in ("lower_bound", "gate")}
    others = {"words": figures.get("words", ""), "hours": figures.get("hours", 0)}
    return str(SENTENCES[reason]) % (counts | per_hundred | others)
