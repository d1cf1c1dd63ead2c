"""With which probability a policy puts each note at its place, given the places above. Pure.

The arithmetic of rerankers.PlaceByChannel (docs/decisions/0015): with probability `share` a place
goes to one of the first `window` channels' best notes, each alike likely; else to the best of them;
a channel rests for `rest` places.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chance:
    """Of one place: the probability of the note that stands there, and of every note that could."""

    shown: float
    heads: tuple[int, ...]
    # Probability of heads[0]; the others have `each`.
    first: float
    each: float


@dataclass(frozen=True, slots=True)
class Placing:
    rest: int
    share: float
    window: int


class Waiting:
    """Notes that wait for a place, channel by channel, by rank."""

    def __init__(self, order: Sequence[int], channels: Sequence[int]) -> None:
        """`order`: notes by rank, as indices into `channels`."""
        self._rank = {note: rank for rank, note in enumerate(order)}
        self._channels = channels
        self._queues: dict[int, deque[int]] = defaultdict(deque)
        for note in order:
            self._queues[channels[note]].append(note)
        self._back: dict[int, int] = {}
        self._resting: deque[tuple[int, int]] = deque()
        self._ready = set(self._queues)

    def heads(self, place: int, most: int) -> list[int]:
        """Notes that may come at this place, best first."""
        while self._resting and (not self._ready or self._resting[0][0] <= place):
            channel = self._resting.popleft()[1]
            if self._queues[channel]:
                self._ready.add(channel)
        firsts = (self._queues[channel][0] for channel in self._ready)
        return sorted(firsts, key=self._rank.__getitem__)[:most]

    def take(self, note: int, *, back_at: int) -> None:
        """Any waiting note, also one that this policy would not have put here."""
        channel = self._channels[note]
        queue = self._queues[channel]
        queue.remove(note)
        was_ready = channel in self._ready
        self._ready.discard(channel)
        if queue and was_ready:
            self._resting.append((back_at, channel))


def chances(
    order: Sequence[int], channels: Sequence[int], shown: Sequence[int], placing: Placing
) -> list[Chance]:
    """For each place of `shown` (indices of notes, all of them in `order`)."""
    waiting, found = Waiting(order, channels), []
    for place, note in enumerate(shown):
        heads = waiting.heads(place, placing.window)
        each = placing.share / len(heads)
        first = each + 1 - placing.share
        chance = first if note == heads[0] else each if note in heads else 0.0
        found.append(Chance(chance, tuple(heads), first, each))
        waiting.take(note, back_at=place + placing.rest)
    return found


def likeliest(
    order: Sequence[int], channels: Sequence[int], placing: Placing, *, most: int
) -> list[int]:
    """The list without any chance."""
    waiting, chosen = Waiting(order, channels), []
    for place in range(min(most, len(order))):
        best = waiting.heads(place, 1)[0]
        chosen.append(best)
        waiting.take(best, back_at=place + placing.rest)
    return chosen
