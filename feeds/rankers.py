"""Rankers: one score a candidate. Before there is data to learn from, a formula."""

from __future__ import annotations

from .pipeline import Candidate, FeedRequest


class FormulaRanker:
    """(interest + channel + followed + popularity + quality) x freshness x pool factor.

    Freshness halves its bonus every `freshness_half_life_hours` and never reaches zero, so that a
    good old note still beats a poor new one.
    """

    def rank(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        top = max((c.facts.popularity for c in candidates), default=0.0) or 1.0
        scored = [c.scored(self._score(request, c, top)) for c in candidates]
        return sorted(scored, key=lambda c: (-c.score, -c.note_id))

    def _score(self, request: FeedRequest, candidate: Candidate, top_popularity: float) -> float:
        rules, taste, facts = request.policy.discover, request.taste, candidate.facts
        interest = min(1.0, sum(taste.tags.get(tag, 0.0) for tag in facts.tags))
        channel = max(
            taste.channels.get(facts.channel_id, 0.0),
            taste.channels.get(facts.root_channel_id, 0.0),
        )
        followed = (
            1.0 if candidate.source == "followed" else taste.authors.get(facts.author_id, 0.0)
        )
        value = (
            rules.interest_weight * interest
            + rules.channel_weight * channel
            + rules.followed_weight * followed
            + rules.popularity_weight * facts.popularity / top_popularity
            + rules.quality_weight * facts.quality
        )
        hours = max(0.0, (request.now - facts.published_at).total_seconds() / 3600)
        freshness = 1 + rules.freshness_weight * 0.5 ** (hours / rules.freshness_half_life_hours)
        return float(value * freshness * facts.boost)


class NewestFirst:
    """No score at all: by time."""

    def rank(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        return sorted(candidates, key=lambda c: (c.facts.published_at, c.note_id), reverse=True)
