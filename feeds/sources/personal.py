"""Sources that look at the viewer's taste and follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from community.models import TaggedNote
from feeds.models import LiveNote, TimelineEntry
from feeds.pipeline import Candidate, FeedRequest
from feeds.taste import strongest

# Tags and channels that are asked for notes, and newest notes taken of each.
MOST_TAGS, NOTES_PER_TAG = 20, 40
MOST_CHANNELS, NOTES_PER_CHANNEL = 8, 40


class InterestTags:
    """Newest notes under the viewer's strongest tags; the strongest shared tag is the reason."""

    def propose(self, request: FeedRequest) -> Iterable[Candidate]:
        weights = request.taste.tags
        queries = [
            TaggedNote.objects.filter(tag=tag)
            .order_by("-content_object_id")
            .values_list("content_object_id", "tag_id")[:NOTES_PER_TAG]
            for tag in strongest(weights, MOST_TAGS)
        ]
        shared: dict[int, list[int]] = defaultdict(list)
        for note_id, tag_id in _together(queries):
            shared[note_id].append(tag_id)
        matches = sorted(
            ((sum(weights[tag] for tag in tags), note_id) for note_id, tags in shared.items()),
            reverse=True,
        )
        for match, note_id in matches[: request.policy.discover.interest_tags]:
            reason = max(shared[note_id], key=weights.__getitem__)
            yield Candidate(note_id, "tag", reason, match)


class InterestChannels:
    """Newest notes in the viewer's strongest channels."""

    def propose(self, request: FeedRequest) -> Iterable[Candidate]:
        weights = request.taste.channels
        queries = [
            LiveNote.objects.filter(
                Q(channel_id=channel) | Q(root_channel_id=channel), recommended=True
            )
            .order_by("-published_at")
            .values_list("note_id", "channel_id", "root_channel_id")[:NOTES_PER_CHANNEL]
            for channel in strongest(weights, MOST_CHANNELS)
        ]
        rows = _together(queries)
        for note_id, channel, root in rows[: request.policy.discover.channels]:
            reason = channel if weights.get(channel, 0) >= weights.get(root, 0) else root
            # Half of a tag's pull: a channel says less about a note than a word in it.
            yield Candidate(note_id, "channel", reason, 0.5 * weights.get(reason, 0))


class NotesOfChannel:
    """Newest and most engaging notes of the channel whose page this is."""

    def propose(self, request: FeedRequest) -> Iterable[Candidate]:
        if request.channel_id is None:
            return
        channel = Q(channel_id=request.channel_id) | Q(root_channel_id=request.channel_id)
        notes = LiveNote.objects.filter(channel, recommended=True)
        size = request.policy.discover.list_size
        for order in ("-published_at", "-popularity"):
            for note_id in notes.order_by(order).values_list("note_id", flat=True)[:size]:
                yield Candidate(note_id, "channel", request.channel_id, 0.1)


class FollowedAuthors:
    """Newest notes of followed people, from the viewer's timeline."""

    def propose(self, request: FeedRequest) -> Iterable[Candidate]:
        if request.viewer_id is None or not request.personal:
            return
        entries = TimelineEntry.objects.filter(owner=request.viewer_id).order_by("-published_at")
        rows = entries.values_list("note_id", "author_id")[: request.policy.discover.followed]
        for note_id, author_id in rows:
            yield Candidate(note_id, "followed", author_id, 0.4)


def _together(queries: list[QuerySet[Any, Any]]) -> list[tuple[int, ...]]:
    """All rows of several small queries in one statement.

    Not `QuerySet.union`: on SQLite it refuses parts with a LIMIT, which is the point of them.
    """
    if not queries:
        return []
    parts = [query.query.sql_with_params() for query in queries]
    union = [f"SELECT * FROM ({part}) AS part" for part, _params in parts]  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(union), [value for _part, params in parts for value in params]
        )
        return cursor.fetchall()
