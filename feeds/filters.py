"""Filters: each drops candidates for one stated reason and keeps the order of the rest."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from accounts.models import Block, Mute

from .models import Impression, LessOf
from .pipeline import Candidate, FeedRequest

# "Less of this" drops for this long; the weight that it took from the profile stays lower.
LESS_FOR = timedelta(days=14)


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
    """What the viewer saw, in any feed, does not come back."""

    def keep(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        if request.viewer_id is None:
            return candidates
        ids = [c.note_id for c in candidates]
        seen = set(
            Impression.objects.filter(person=request.viewer_id, note__in=ids).values_list(
                "note_id", flat=True
            )
        )
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
    """Tags, channels, authors and notes the viewer asked for less of, for LESS_FOR."""

    def keep(self, request: FeedRequest, candidates: list[Candidate]) -> list[Candidate]:
        if request.viewer_id is None:
            return candidates
        less: dict[int, set[int]] = {kind: set() for kind in LessOf.Kind.values}
        asked = LessOf.objects.filter(
            person=request.viewer_id, created_at__gt=request.now - LESS_FOR
        ).values_list("kind", "target")
        for kind, target in asked:
            less[kind].add(target)
        if not any(less.values()):
            return candidates
        return [c for c in candidates if not _unwanted(c, less)]


def _unwanted(candidate: Candidate, less: dict[int, set[int]]) -> bool:
    facts = candidate.facts
    return (
        candidate.note_id in less[LessOf.Kind.NOTE]
        or facts.author_id in less[LessOf.Kind.AUTHOR]
        or not less[LessOf.Kind.CHANNEL].isdisjoint((facts.channel_id, facts.root_channel_id))
        or not less[LessOf.Kind.TAG].isdisjoint(facts.tags)
    )
