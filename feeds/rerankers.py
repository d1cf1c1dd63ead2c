"""Re-rankers: the same candidates in a better order. None is lost, none added."""

from __future__ import annotations

import heapq
from collections import defaultdict, deque

from .pipeline import Candidate, FeedRequest


class SpreadAuthors:
    """The k-th note of one author counts (1-f)*d^k + f of its score, so that none floods a page."""

    def rerank(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        decay, floor = request.policy.discover.author_decay, request.policy.discover.author_floor
        notes_of: dict[int, int] = defaultdict(int)
        adjusted = []
        for candidate in candidates:
            nth = notes_of[candidate.facts.author_id]
            notes_of[candidate.facts.author_id] += 1
            adjusted.append(candidate.scored(candidate.score * ((1 - floor) * decay**nth + floor)))
        return sorted(adjusted, key=lambda c: (-c.score, -c.note_id))


class SpreadChannels:
    """No two notes of one channel within `channel_window` positions, where others remain.

    Channels wait in a heap by the score of their best note; a channel just shown rests for the
    window. When all that remain are resting, the one that rested longest comes. O(n log n).
    """

    def rerank(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        window = request.policy.discover.channel_window
        queues: dict[int, deque[Candidate]] = defaultdict(deque)
        rank = {candidate.note_id: place for place, candidate in enumerate(candidates)}
        for candidate in candidates:
            queues[candidate.facts.channel_id].append(candidate)
        ready = [(rank[queue[0].note_id], channel) for channel, queue in queues.items()]
        heapq.heapify(ready)
        resting: deque[tuple[int, int]] = deque()  # (position from which it may return, channel)
        ordered: list[Candidate] = []
        while ready or resting:
            while resting and (not ready or resting[0][0] <= len(ordered)):
                _, channel = resting.popleft()
                heapq.heappush(ready, (rank[queues[channel][0].note_id], channel))
            _, channel = heapq.heappop(ready)
            ordered.append(queues[channel].popleft())
            if queues[channel]:
                resting.append((len(ordered) + window - 1, channel))
        return ordered
