"""What the viewer said about the mix: less of something, and the four dials."""

from __future__ import annotations

import math

from feeds.filters import things_of
from feeds.geo import Point, rough_km
from feeds.pipeline import Candidate, FeedRequest

# Distance in km that is neither near nor far to somebody in a city.
ACROSS_TOWN_KM = 15.0


class LessOfReturns:
    """What was asked less of comes back slowly: from `less_floor` of its score to all of it."""

    def rerank(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        if not request.less:
            return candidates
        return by_score([c.scored(c.score * self._share(request, c)) for c in candidates])

    def _share(self, request: FeedRequest, candidate: Candidate) -> float:
        rules = request.policy.discover
        ages = [request.less[thing] for thing in things_of(candidate) if thing in request.less]
        if not ages:
            return 1.0
        back = max(0.0, min(ages) - rules.less_days) / rules.less_return_days
        return rules.less_floor + (1 - rules.less_floor) * min(1.0, back)


class TurnDials:
    """New or proven, followed or unknown, near or far: each step of a dial multiplies scores.

    A note lies between -1 and 1 on each dial; the factor is exp(dial_step x setting x position).
    """

    def rerank(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        mix = request.mix
        if not (mix.new or mix.unknown or mix.far):
            return candidates
        top = max((c.facts.popularity for c in candidates), default=0.0) or 1.0
        return by_score([c.scored(c.score * self._factor(request, c, top)) for c in candidates])

    def _factor(self, request: FeedRequest, candidate: Candidate, top: float) -> float:
        facts, mix, rules = candidate.facts, request.mix, request.policy.discover
        hours = max(0.0, (request.now - facts.published_at).total_seconds() / 3600)
        fresh = 0.5 ** (hours / rules.freshness_half_life_hours)
        pull = mix.new * (fresh - facts.popularity / top)
        pull += mix.unknown * (-1.0 if facts.author_id in request.followed else 1.0)
        pull += mix.far * distance_position(request.city, facts.latitude, facts.longitude)
        return math.exp(rules.dial_step * pull)


def distance_position(
    city: tuple[float, float] | None, latitude: float | None, longitude: float | None
) -> float:
    """-1 next door, 0 across town, towards 1 far away; 0 where one of the two has no place."""
    if city is None or latitude is None or longitude is None:
        return 0.0
    km = rough_km(Point(*city), Point(latitude, longitude))
    return math.tanh(math.log((km + 0.1) / ACROSS_TOWN_KM))


def by_score(candidates: list[Candidate]) -> list[Candidate]:
    """Best first; of equals the newer note."""
    return sorted(candidates, key=lambda c: (-c.score, -c.note_id))
