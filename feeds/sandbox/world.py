"""Who lives in the sandbox and what they make of each other's notes. Pure: no Django.

Tastes and topics are mixtures over channels; a note has a worth that only readers know. Whether a
reader opens a note or engages with it is a draw from how well it fits and what it is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Engagement and opening per card seen, as logits of fit (0 to 1) and worth (about -2 to 2).
ENGAGE, OPEN, FIT = -3.6, -2.0, 2.0
# What an engagement is: like, collect, comment, follow.
ACTS, ACT_SHARES = ("like", "collect", "comment", "follow"), (0.70, 0.22, 0.05, 0.03)
# Pages of one sitting, at most and on average.
MOST_PAGES = 4
PAGES_OF_A_SITTING = (1 + MOST_PAGES) / 2
# Words of the texts: two syllables each, so that no two notes are copies of each other.
SYLLABLES = [c + v for c in "bdfghklmnprstvz" for v in "aeiou"]
WORDS = 45
SPAM = "Buy now!!! Cheap cheap, add my wechat 13800138000, best price, http://deal.example !!!"


@dataclass(frozen=True, slots=True)
class Scale:
    """How large the community is, and what happens in it in a day."""

    people: int = 4_000
    notes: int = 3_000
    new: int = 100
    impressions: int = 100_000
    # Of the new notes, the share that is advertising.
    spam: float = 0.03
    # Accounts that like whatever one of them writes, and whether they do.
    ring: int = 0
    ring_acts: bool = True
    ring_notes: int = 5  # a day
    # New notes a day whose authors buy impressions for them.
    boosts: int = 3

    # Cards that a page shows; how many of them are looked at.
    page: int = 20
    least_seen: int = 10


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note as its author writes it, and what the engine does not know of it."""

    author: int
    channel: int
    title: str
    body: str
    tags: tuple[str, ...]
    worth: float
    minute: int = 0
    by_ring: bool = False
    spam: bool = False
    boosted: bool = False


class World:
    """People and notes of one seed. What is drawn here does not depend on what the engine does."""

    def __init__(self, scale: Scale, channels: Sequence[str], *, seed: int) -> None:
        self.scale, self.channels, self.seed = scale, list(channels), seed
        self.draw = np.random.default_rng([seed, 1])
        count = scale.people + scale.ring
        tastes = self.draw.dirichlet(np.full(len(channels), 0.15), count)
        self.tastes: Floats = tastes / tastes.max(axis=1, keepdims=True)
        activity = self.draw.gamma(1.5, size=count)
        activity[scale.people :] = activity[: scale.people].mean()
        self.activity: Floats = activity / activity.sum()
        # One person in ten writes; some write better than others.
        self.authors = np.arange(max(1, scale.people // 10))
        self.skill = self.draw.normal(0, 0.4, len(self.authors))

    def came_yesterday(self) -> list[int]:
        """Who reads on a usual day, drawn by how active each is: what a promise may count on."""
        sittings = self.scale.impressions / (self.seen_on_a_page * PAGES_OF_A_SITTING)
        chance = 1 - np.exp(-self.activity * sittings)
        drawn = np.random.default_rng([self.seed, 3]).random(len(chance))
        return np.flatnonzero(drawn < chance).tolist()

    @property
    def seen_on_a_page(self) -> float:
        return (self.scale.least_seen + self.scale.page) / 2

    def ring(self) -> range:
        return range(self.scale.people, self.scale.people + self.scale.ring)

    def interests(self, person: int) -> list[str]:
        """The channels a person says they like: their three strongest."""
        return [self.channels[c] for c in np.argsort(-self.tastes[person])[:3]]

    def old_notes(self) -> list[NewNote]:
        return [self._note(0) for _ in range(self.scale.notes)]

    def notes_of_day(self) -> list[NewNote]:
        """The notes of a day in the order of their minutes."""
        minutes = np.sort(self.draw.integers(0, 24 * 60, self.scale.new))
        spam = self.draw.random(self.scale.new) < self.scale.spam
        # The middle ones of a day, so that an order has hours before it and behind it.
        first = max(0, (self.scale.new - self.scale.boosts) // 2)
        boosted = range(first, first + self.scale.boosts)
        notes = [
            replace(self._note(int(m), spam=bool(s)), boosted=n in boosted and not s)
            for n, (m, s) in enumerate(zip(minutes, spam, strict=True))
        ]
        if self.scale.ring:
            authors = self.draw.choice(list(self.ring()), self.scale.ring_notes)
            late = self.draw.integers(0, 24 * 60, self.scale.ring_notes)
            notes += [self._note(int(m), author=int(a)) for m, a in zip(late, authors, strict=True)]
        return sorted(notes, key=lambda note: note.minute)

    def _note(self, minute: int, *, author: int | None = None, spam: bool = False) -> NewNote:
        place = int(self.draw.integers(len(self.authors)))
        worth = float(self.skill[place] + self.draw.normal(0, 0.7))
        writer = int(self.authors[place]) if author is None else author
        channel = int(self.draw.choice(len(self.channels), p=self._topic(writer)))
        words = ["".join(pair) for pair in self.draw.choice(SYLLABLES, (WORDS, 3))]
        body = ". ".join(" ".join(words[i : i + 9]).capitalize() for i in range(0, WORDS, 9)) + "."
        tag = f"{self.channels[channel]} {int(self.draw.integers(6))}"
        return NewNote(
            writer,
            channel,
            " ".join(words[:4]).capitalize(),
            SPAM if spam else body,
            (self.channels[channel], tag),
            -3.0 if spam else 0.0 if author is not None else worth,
            minute,
            by_ring=author is not None,
            spam=spam,
        )

    def _topic(self, person: int) -> Floats:
        taste = self.tastes[person] + 0.02
        return np.asarray(taste / taste.sum())

    def rates(self, person: int, channels: NDArray[np.int64], worth: Floats) -> tuple[Floats, ...]:
        """(chance to open, chance to engage) for each of these notes once its card is seen."""
        pull = FIT * self.tastes[person, channels] + worth
        return 1 / (1 + np.exp(-OPEN - pull)), 1 / (1 + np.exp(-ENGAGE - pull))

    def appeal(self, channel: int, worth: float) -> float:
        """What readers at large would make of a note: mean engagement per impression."""
        pull = FIT * self.tastes[: self.scale.people, channel] + worth
        return float((1 / (1 + np.exp(-ENGAGE - pull))).mean())


def busy(hour: int) -> float:
    """Share of a day's pages in this hour: fewest at six in the morning, most in the evening."""
    return float((1 + 0.8 * np.sin((hour % 24 - 12) / 24 * 2 * np.pi)) / 24)
