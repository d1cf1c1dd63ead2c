"""The last word on places: channels rest, quality has its share, and chance keeps us honest."""

from __future__ import annotations

import heapq
import random
from collections import defaultdict, deque

from feeds.pipeline import Candidate, FeedRequest

QUALITY = "quality"


class GiveQualityPlaces:
    """One place in `quality_every` belongs to a good note that was not chosen for this viewer."""

    def rerank(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        every = request.policy.discover.quality_every
        good = deque(c for c in candidates if c.source == QUALITY)
        rest = deque(c for c in candidates if c.source != QUALITY)
        draw = random.Random(request.seed)
        ordered: list[Candidate] = []
        place = draw.randrange(every)
        while good or rest:
            if good and (len(ordered) == place or not rest):
                ordered.append(good.popleft())
                place = (place // every + 1) * every + draw.randrange(every)
            else:
                ordered.append(rest.popleft())
                place = max(place, len(ordered))
        return ordered


class PlaceByChannel:
    """No two notes of one channel within `channel_window` places, where others remain; and now
    and then, by chance, not the best of those that may come next.

    With probability `explore_share` a place goes to one of the next `explore_window` channels'
    best notes, each alike likely; every note keeps the probability with which it got its place.
    O(n log n).
    """

    def rerank(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        rules = request.policy.discover
        chance = random.Random(request.seed + 1)
        waiting = _Channels(candidates)
        ordered: list[Candidate] = []
        while count := min(waiting.wake(len(ordered)), rules.explore_window):
            best = head = waiting.best()
            if chance.random() < rules.explore_share:
                head = chance.choice(waiting.heads(count))
            propensity = rules.explore_share / count
            if head == best:
                propensity += 1 - rules.explore_share
            back_at = len(ordered) + rules.channel_window
            ordered.append(waiting.take(head, back_at=back_at).placed(propensity))
        return ordered


class _Channels:
    """Channels by the rank of their best note that waits; one just shown rests for the window.

    When all that remain are resting, the one that rested longest may come.
    """

    def __init__(self, candidates: list[Candidate]) -> None:
        self._queues: dict[int, deque[Candidate]] = defaultdict(deque)
        self._rank = {candidate.note_id: place for place, candidate in enumerate(candidates)}
        for candidate in candidates:
            self._queues[candidate.facts.channel_id].append(candidate)
        self._ready = [self._head(channel) for channel in self._queues]
        heapq.heapify(self._ready)
        self._resting: deque[tuple[int, int]] = deque()  # (place of return, channel)

    def _head(self, channel: int) -> tuple[int, int]:
        return self._rank[self._queues[channel][0].note_id], channel

    def wake(self, place: int) -> int:
        """Channels whose note may come at this place; 0 when nothing waits."""
        while self._resting and (not self._ready or self._resting[0][0] <= place):
            _, channel = self._resting.popleft()
            heapq.heappush(self._ready, self._head(channel))
        return len(self._ready)

    def best(self) -> tuple[int, int]:
        """(rank, channel) of the best note that may come."""
        return self._ready[0]

    def heads(self, most: int) -> list[tuple[int, int]]:
        """(rank, channel) of what may come, best first."""
        return heapq.nsmallest(most, self._ready)

    def take(self, head: tuple[int, int], *, back_at: int) -> Candidate:
        """Take the note of this head; its channel may return at place `back_at`."""
        if head == self._ready[0]:
            heapq.heappop(self._ready)
        else:
            self._ready.remove(head)
            heapq.heapify(self._ready)
        queue = self._queues[head[1]]
        taken = queue.popleft()
        if queue:
            self._resting.append((back_at, head[1]))
        return taken
