"""Filters: each drops candidates for one stated reason and keeps the order of the rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q

from accounts.models import Block, Mute

from .models import Event, Impression, LessOf
from .pipeline import Candidate, FeedRequest


class DropNotRecommended:
    """Below the quality bar a note is for its author's followers only."""

    def keep(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        return [c for c in candidates if c.facts.recommended or c.source == "followed"]


class DropOtherChannels:
    """On a channel's page nothing but that channel."""

    def keep(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        wanted = request.channel_id
        if wanted is None:
            return candidates
        return [c for c in candidates if wanted in (c.facts.channel_id, c.facts.root_channel_id)]


class DropOwn:
    def keep(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        return [c for c in candidates if c.facts.author_id != request.viewer_id]


class DropAlreadySeen:
    """What the viewer saw in any feed, or acted on wherever they met it, does not come back for
    `seen_days`: who liked a note on a tag's page saw it, though no card was reported."""

    def keep(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        if request.viewer_id is None:
            return candidates
        ids = [c.note_id for c in candidates]
        since = request.now - timedelta(days=request.policy.discover.seen_days)
        lately = {"person": request.viewer_id, "note__in": ids, "at__gt": since}
        sights = Impression.objects.filter(**lately).values_list("note_id", flat=True)
        acts = Event.objects.filter(**lately).values_list("note_id", flat=True)
        seen = {*sights, *acts}
        return [c for c in candidates if c.note_id not in seen]


class DropParted:
    """Authors with a block between them and the viewer, or muted by the viewer."""

    def keep(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        me = request.viewer_id
        if me is None:
            return candidates
        parted = set(Mute.objects.filter(muter=me).values_list("muted", flat=True))
        for pair in Block.objects.filter(Q(blocker=me) | Q(blocked=me)).values_list(
            "blocker", "blocked"
        ):
            parted.update(pair)
        return [c for c in candidates if c.facts.author_id not in parted]


class DropLessOf:
    """What the viewer asked for less of, for `less_days`; it returns slowly (LessOfReturns)."""

    def keep(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        days = request.policy.discover.less_days
        unwanted = {thing for thing, age in request.less.items() if age < days}
        if not unwanted:
            return candidates
        return [c for c in candidates if unwanted.isdisjoint(things_of(c))]


def things_of(candidate: Candidate) -> Iterator[tuple[int, int]]:
    """(kind of LessOf, target) of all that a candidate is: note, author, channels, place, tags."""
    facts, kind = candidate.facts, LessOf.Kind
    yield kind.NOTE, candidate.note_id
    yield kind.AUTHOR, facts.author_id
    yield kind.CHANNEL, facts.channel_id
    yield kind.CHANNEL, facts.root_channel_id
    if facts.place_id is not None:
        yield kind.PLACE, facts.place_id
    for tag in facts.tags:
        yield kind.TAG, tag
