"""A community on a clock, in arrays: readers with tastes, notes with hidden worth, pools at work.

The rules are the engine's own (`feeds.pools`: promise, slot_worth, judge); what is simulated is
people. Time goes by the hour; a page has `page` cards of which one in `slot_every` is a slot of P0.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from feeds.policy import Policy
from feeds.pools import Move, PoolStats, judge, most_delivered, promise, slot_worth, usual_rate

# Impressions a note's rate is smoothed by, and half-life of freshness in the natural ranking.
SMOOTHING, FRESH_HOURS = 50.0, 48.0
# Pages after which notes at hand are looked up anew, as a web process does every two seconds.
LOOK_AGAIN = 25


@dataclass(frozen=True, slots=True)
class Scale:
    """How large the simulated community is."""

    readers: int = 4_000
    live: int = 3_000
    new_a_day: int = 100
    pages_a_day: int = 10_000
    page: int = 20
    topics: int = 16
    channels: int = 8
    days: int = 6
    warm_days: int = 1


@dataclass(slots=True)
class Notes:
    """One row a note, in order of birth; times in hours."""

    born: NDArray[np.float64]
    channel: NDArray[np.int64]
    content: NDArray[np.float64]  # quality as the engine sees it before anybody read it
    worth: NDArray[np.float64]  # what readers make of it: hidden from the engine
    running: NDArray[np.bool_]
    tier: NDArray[np.int64]
    promised: NDArray[np.int64]
    delivered: NDArray[np.int64]
    engagement: NDArray[np.float64]
    started: NDArray[np.float64]
    boost: NDArray[np.float64]
    seen: NDArray[np.int64]
    engaged: NDArray[np.float64]
    first_day: NDArray[np.int64]  # qualified impressions within 24 hours of birth
    passed: NDArray[np.bool_]  # through the first gate
    most: NDArray[np.int64]  # impressions that P0 counted


@dataclass(slots=True)
class Outcome:
    """What happened to the notes born in the measured days, and to readers."""

    first_day: NDArray[np.int64]
    kept: NDArray[np.bool_]
    over: NDArray[np.float64]
    passed: NDArray[np.bool_]
    appeal: NDArray[np.float64]
    engagement_rate: float = 0.0
    records: dict[tuple[int, int], list[float]] = field(default_factory=dict)


class Tidepool:
    """The simulation; `slots=False` is the same community under its natural ranking alone."""

    def __init__(self, scale: Scale, policy: Policy, *, seed: int, slots: bool = True) -> None:
        self.scale, self.policy, self.slots = scale, policy, slots
        self.world = np.random.default_rng(seed)  # the same people and notes in both arms
        self.chance = np.random.default_rng(seed + 1)
        total = scale.live + scale.new_a_day * scale.days
        topics = self.world.dirichlet(np.full(scale.topics, 0.15), total)
        tastes = self.world.dirichlet(np.full(scale.topics, 0.2), scale.readers)
        tastes /= tastes.max(axis=1, keepdims=True)
        self.match = (tastes @ topics.T).astype(np.float32)  # (readers, notes), 0 to 1
        self.notes = self._notes(total, topics)
        self.met = np.zeros((scale.readers, total), dtype=bool)
        self.activity = self.world.gamma(1.5, size=scale.readers)
        self.activity /= self.activity.sum()
        # The lower a card stands, the fewer look at it for a second.
        self.looks = np.linspace(0.95, 0.75, scale.page)
        self.records: dict[tuple[int, int], list[float]] = {}
        self.cards, self.value = 0, 0.0

    def _notes(self, total: int, topics: NDArray[np.float64]) -> Notes:
        scale, draw = self.scale, self.world
        old = -draw.uniform(0, 30 * 24, scale.live)
        new = draw.uniform(0, 24 * scale.days, total - scale.live)
        born = np.concatenate([np.sort(old), np.sort(new)])
        worth = draw.normal(0, 0.8, total)
        content = np.clip(0.6 + 0.15 * draw.normal(size=total) + 0.05 * worth, 0.35, 1)
        whole = np.zeros(total, dtype=np.int64)
        notes = Notes(
            born, topics.argmax(axis=1) % scale.channels, content, worth,
            np.zeros(total, bool), whole.copy(), whole.copy(), whole.copy(), np.zeros(total),
            np.zeros(total), np.ones(total), whole.copy(), np.zeros(total), whole.copy(),
            np.zeros(total, bool), whole.copy(),
        )  # fmt: skip
        # Older notes have been read before: their rates are known about as well as they can be.
        past = np.arange(total) < scale.live
        notes.seen[past] = draw.poisson(150, past.sum())
        mean = 1 / (1 + np.exp(3.6 - 2.0 * 0.25 - worth[past]))
        notes.engaged[past] = draw.binomial(notes.seen[past], mean)
        return notes

    def run(self) -> Outcome:
        """Let the days pass; measured are notes born after `warm_days` with a full day behind."""
        scale = self.scale
        opened = scale.live
        for hour in range(24 * scale.days):
            arriving = int(np.searchsorted(self.notes.born, hour + 1, side="left"))
            self._admit(range(opened, arriving))
            opened = max(opened, arriving)
            self._hour(float(hour), opened)
            self._tick(hour + 1.0, opened)
        born = self.notes.born
        measured = (born >= 24 * scale.warm_days) & (born < 24 * (scale.days - 1))
        promised = np.array(
            [promise(self.policy.pools.ladder[0], quality=q, reachable=scale.readers)
             for q in self.notes.content]
        )  # fmt: skip
        appeal = (1 / (1 + np.exp(3.6 - 2.0 * self.match - self.notes.worth))).mean(axis=0)
        return Outcome(
            self.notes.first_day[measured],
            (self.notes.first_day >= promised)[measured],
            (self.notes.most / promised)[measured],
            self.notes.passed[measured],
            appeal[measured],
            self.value / max(1, self.cards),
        )

    def _admit(self, arrived: range) -> None:
        notes, rung = self.notes, self.policy.pools.ladder[0]
        for note in arrived if self.slots else ():
            notes.running[note] = True
            notes.started[note] = notes.born[note]
            notes.promised[note] = promise(
                rung, quality=float(notes.content[note]), reachable=self.scale.readers
            )

    def _hour(self, hour: float, opened: int) -> None:
        """An hour of pages, busier in the evening than before dawn."""
        notes, scale = self.notes, self.scale
        live = np.arange(opened)[notes.born[:opened] > hour - 30 * 24]
        share = (1 + 0.8 * np.sin((hour % 24 - 12) / 24 * 2 * np.pi)) / 24
        pages = self.chance.poisson(scale.pages_a_day * share)
        readers = self.chance.choice(scale.readers, size=pages, p=self.activity)
        for index, reader in enumerate(readers):
            now = hour + index / max(1, pages)
            if index % LOOK_AGAIN == 0:
                weights, at_hand = self._weights(live, now), self._at_hand(live, now)
            self._page(int(reader), live, weights, at_hand, now)

    def _weights(self, live: NDArray[np.int64], now: float) -> NDArray[np.float64]:
        notes = self.notes
        rate = (notes.engaged[live] + SMOOTHING * 0.04) / (notes.seen[live] + SMOOTHING)
        fresh = 1 + 0.8 * 0.5 ** ((now - notes.born[live]) / FRESH_HOURS)
        visible = notes.born[live] <= now
        return np.asarray(rate * fresh * notes.boost[live] * visible)

    def _at_hand(
        self, live: NDArray[np.int64], now: float
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Notes of P0 with room left, and what a slot is worth to each."""
        notes, rules = self.notes, self.policy.pools
        is_open = notes.running[live] & (notes.tier[live] == 0) & (notes.born[live] <= now)
        ids = live[is_open]
        engaged = notes.engagement[ids]
        sampled = self.chance.beta(1 + engaged, 20 + np.maximum(0, notes.delivered[ids] - engaged))
        worth = [
            slot_worth(
                promised=int(notes.promised[note]),
                under_way=int(notes.delivered[note]),
                age_hours=now - notes.started[note],
                hours=rules.ladder[0].hours,
                sampled_rate=float(rate),
            )
            for note, rate in zip(ids, sampled, strict=True)
        ]
        return ids, np.array(worth)

    def _page(
        self,
        reader: int,
        live: NDArray[np.int64],
        weights: NDArray[np.float64],
        at_hand: tuple[NDArray[np.int64], NDArray[np.float64]],
        now: float,
    ) -> None:
        size, every = self.scale.page, self.policy.pools.slot_every
        slots = self._slots(reader, at_hand, size // every)
        scores = (0.1 + self.match[reader, live]) * weights
        scores[self.met[reader, live]] = -1
        top = np.argpartition(-scores, size)[:size]
        ranked = live[top[np.argsort(-scores[top])]]
        cards = ranked[~np.isin(ranked, slots)][: size - len(slots)]
        for place, note in enumerate(slots):
            cards = np.insert(cards, min(len(cards), place * every + every // 2), note)
        looked = cards[self.chance.random(len(cards)) < self.looks[: len(cards)]]
        self._seen(reader, looked, now)

    def _slots(
        self, reader: int, at_hand: tuple[NDArray[np.int64], NDArray[np.float64]], count: int
    ) -> NDArray[np.int64]:
        ids, worth = at_hand
        if not self.slots or not len(ids):
            return np.empty(0, dtype=np.int64)
        room = self.notes.delivered[ids] < [
            most_delivered(int(p), self.policy.pools) for p in self.notes.promised[ids]
        ]
        fits = worth * (0.5 + self.match[reader, ids]) * room * ~self.met[reader, ids]
        best = np.argsort(-fits)[:count]
        return ids[best[fits[best] > 0]]

    def _seen(self, reader: int, cards: NDArray[np.int64], now: float) -> None:
        notes = self.notes
        likes = 1 / (1 + np.exp(3.6 - 2.0 * self.match[reader, cards] - notes.worth[cards]))
        acts = self.chance.random(len(cards)) < likes
        self.cards += len(cards)
        self.value += float(likes.sum())
        self.met[reader, cards] = True
        notes.seen[cards] += 1
        notes.engaged[cards] += acts
        notes.first_day[cards] += now - notes.born[cards] <= 24
        # Counting ends a little above the promise, as it does in feeds/pool_delivery.py.
        limit = (notes.promised[cards] * (1 + self.policy.pools.over_delivery)).astype(int)
        counted = notes.running[cards] & (notes.delivered[cards] < limit)
        notes.delivered[cards] += counted
        notes.engagement[cards] += acts & counted
        notes.most[cards] += counted & (notes.tier[cards] == 0)

    def _tick(self, now: float, opened: int) -> None:
        """The gate, once an hour, with the engine's own verdicts."""
        notes, rules = self.notes, self.policy.pools
        for note in np.flatnonzero(notes.running[:opened]):
            tier, channel = int(notes.tier[note]), int(notes.channel[note])
            stats = PoolStats(
                int(notes.promised[note]), int(notes.delivered[note]), float(notes.engagement[note])
            )
            usual = usual_rate(self.records.get((channel, tier), [])[-200:], rules)
            verdict = judge(tier, stats, timedelta(hours=now - notes.started[note]), usual, rules)
            if verdict.move in (Move.WAIT, Move.EXTEND):
                continue
            self.records.setdefault((channel, tier), []).append(verdict.figures["rate"])
            notes.running[note] = verdict.move == Move.PROMOTE
            notes.boost[note] = rules.promoted_factor if verdict.move == Move.PROMOTE else 1.0
            if verdict.move == Move.PROMOTE:
                notes.passed[note] = True
                notes.tier[note] += 1
                notes.started[note], notes.delivered[note], notes.engagement[note] = now, 0, 0.0
                notes.promised[note] = promise(
                    rules.ladder[tier + 1], quality=0, reachable=self.scale.readers
                )
