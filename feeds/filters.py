"""Filters: each drops candidates for one stated reason and keeps the order of the rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import Block, Mute
from accounts.prepared import Ids, Prepared

from .languages import things_of_language
from .models import Event, Impression, LessOf
from .pipeline import Candidate, FeedRequest


def _lately(rows: type[Impression] | type[Event]) -> Prepared:
    """Notes among these that a person has a row of since then."""
    return Prepared(
        lambda person, ids, since: rows.objects.filter(
            person=person, note__in=ids, at__gt=since
        ).values_list("note_id", flat=True),
        int, Ids, datetime,
    )  # fmt: skip


SIGHTS, ACTS = _lately(Impression), _lately(Event)
MUTED = Prepared(lambda me: Mute.objects.filter(muter=me).values_list("muted", flat=True), int)
BLOCKS = Prepared(
    lambda me: Block.objects.filter(Q(blocker=me) | Q(blocked=me)).values_list(
        "blocker", "blocked"
    ),
    int,
)


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
        asked = (request.viewer_id, ids, since)
        seen = {*SIGHTS(*asked), *ACTS(*asked)}
        return [c for c in candidates if c.note_id not in seen]


class DropParted:
    """Authors with a block between them and the viewer, or muted by the viewer."""

    def keep(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        me = request.viewer_id
        if me is None:
            return candidates
        parted = set(MUTED(me))
        for pair in BLOCKS(me):
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
    """(kind of LessOf, target) of all that a candidate is: note, author, channels, place, tags; and
    its language."""
    facts, kind = candidate.facts, LessOf.Kind
    yield kind.NOTE, candidate.note_id
    yield kind.AUTHOR, facts.author_id
    yield kind.CHANNEL, facts.channel_id
    yield kind.CHANNEL, facts.root_channel_id
    if facts.place_id is not None:
        yield kind.PLACE, facts.place_id
    for tag in facts.tags:
        yield kind.TAG, tag
    yield from things_of_language(facts.language)
