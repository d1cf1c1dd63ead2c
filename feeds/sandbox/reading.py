"""Readers at work: a page is served, its cards are seen, some are opened, a few engaged with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from accounts.errors import DomainError
from accounts.models import User
from accounts.services import follow_user
from community.models import Note
from community.services.comments import add_comment
from community.services.reactions import collect_note, like_note
from feeds.impressions import intake
from feeds.pages import FeedPage
from feeds.serving import serve_discover

from .world import ACT_SHARES, ACTS, MOST_PAGES, World

if TYPE_CHECKING:
    from .community import Known

LOOKS_FOR = timedelta(seconds=2)
# Seconds that an opened note is read for on average.
DWELL = 12.0


class Readers:
    """Everybody who reads. Which of them comes is drawn by how active they are."""

    def __init__(
        self,
        world: World,
        people: Sequence[User],
        known: Known,
        chance: np.random.Generator,
        counts: Counter[str],
    ) -> None:
        self.world, self.people, self.known = world, people, known
        self.chance, self.counts = chance, counts
        self.value = {"open": 0.0, "engage": 0.0}

    def read(self, pages: int, *, now: datetime) -> None:
        """So many pages, in sittings of a few pages each."""
        while pages > 0:
            reader = int(self.chance.choice(len(self.people), p=self.world.activity))
            length = min(pages, int(self.chance.integers(1, MOST_PAGES + 1)))
            self._sit_down(reader, length, now)
            pages -= length

    def _sit_down(self, reader: int, pages: int, now: datetime) -> None:
        cursor = None
        for _ in range(pages):
            page = serve_discover(viewer=self.people[reader], cursor=cursor, now=now)
            self.counts["pages"] += 1
            self._look_at(reader, page, now)
            cursor = page.next_cursor
            if cursor is None:
                return

    def _look_at(self, reader: int, page: FeedPage, now: datetime) -> None:
        least, most = self.world.scale.least_seen, self.world.scale.page
        depth = int(self.chance.integers(least, most + 1))
        seen = [item.note_id for item in page.items[:depth]]
        if not seen:
            return
        channels = np.array([self.known.channel[n] for n in seen])
        worth = np.array([self.known.worth[n] for n in seen])
        opens, engages = self.world.rates(reader, channels, worth)
        self.value["open"] += float(opens.sum())
        self.value["engage"] += float(engages.sum())
        draw = self.chance.random(len(seen))
        opened = [n for n, d, p in zip(seen, draw, opens, strict=True) if d < p]
        events = [{"note": n, "kind": "open"} for n in opened] + [
            {"note": n, "kind": "dwell", "value": float(self.chance.exponential(DWELL))}
            for n in opened
        ]
        batch = {"token": page.token, "seen": [{"note": n} for n in seen], "events": events}
        answer = intake(viewer=self.people[reader], batch=batch, now=now + LOOKS_FOR)
        self.counts["cards"] += len(seen)
        self.counts["impressions"] += answer["seen"]
        # Whoever engages opened the note: the same draw decides both.
        for note_id, d, p in zip(seen, draw, engages, strict=True):
            if d < p:
                self._act(self.people[reader], note_id, now + LOOKS_FOR)

    def _act(self, person: User, note_id: int, now: datetime) -> None:
        what = str(self.chance.choice(ACTS, p=ACT_SHARES))
        self.counts[what] += 1
        if what == "like":
            like_note(person=person, note_id=note_id, now=now)
        elif what == "collect":
            collect_note(person=person, note_id=note_id, now=now)
        elif what == "comment":
            words = f"What I wanted to know, part {self.counts[what]}."
            add_comment(author=person, note_id=note_id, body=words, now=now)
        else:
            author = Note.objects.select_related("author").get(pk=note_id).author
            try:
                follow_user(follower=person, followed=author, now=now)
            except DomainError:  # one's own
                self.counts["refused"] += 1

    def push(self, note_id: int, *, by: Iterable[int], now: datetime) -> None:
        """A ring likes and collects what one of it wrote, whatever it is worth."""
        for member in by:
            like_note(person=self.people[member], note_id=note_id, now=now)
            collect_note(person=self.people[member], note_id=note_id, now=now)
