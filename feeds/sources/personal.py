"""Sources that look at the viewer's taste and follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from django.db import connection
from django.db.models import Q

from accounts.models import Follow, Mute
from accounts.prepared import Prepared
from community.models import Channel
from feeds.models import LiveNote, TimelineEntry
from feeds.pipeline import Candidate, FeedRequest
from feeds.taste import strongest

# Tags and channels that are asked for notes, and newest notes taken of each.
MOST_TAGS, NOTES_PER_TAG = 20, 40
MOST_CHANNELS, NOTES_PER_CHANNEL = 8, 40
# Followed people looked at, those of them whose likes are read, and how many of each.
MOST_ASKED, MOST_FRIENDS, LIKES_PER_PERSON = 400, 30, 6


# One part of a statement each: newest notes of a tag, of a first-level channel, of its part.
OF_TAG = (
    "SELECT content_object_id, tag_id FROM community_taggednote WHERE tag_id = %s"
    " ORDER BY content_object_id DESC LIMIT %s"
)
OF_CHANNEL = (
    "SELECT note_id, channel_id, root_channel_id FROM feeds_livenote"
    " WHERE {column} = %s AND recommended ORDER BY published_at DESC LIMIT %s"
)
LIKED_BY = (
    "SELECT note_id, person_id FROM community_like WHERE person_id = %s ORDER BY id DESC LIMIT %s"
)


ROOT_CHANNELS = Prepared(lambda: Channel.objects.top_level().values_list("pk", flat=True))


class InterestTags:
    """Newest notes under the viewer's strongest tags; the strongest shared tag is the reason."""

    def propose(self, request: FeedRequest) -> Iterable[Candidate]:
        weights = request.taste.tags
        tags = strongest(weights, MOST_TAGS)
        shared: dict[int, list[int]] = defaultdict(list)
        for note_id, tag_id in _together([(OF_TAG, tag, NOTES_PER_TAG) for tag in tags]):
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
        roots = request.once("root channels", lambda: set(ROOT_CHANNELS()))
        parts = [
            (
                # One index each: an OR over both columns would read and sort the whole channel.
                OF_CHANNEL.format(column="root_channel_id" if pk in roots else "channel_id"),
                pk,
                NOTES_PER_CHANNEL,
            )
            for pk in strongest(weights, MOST_CHANNELS)
        ]
        for note_id, channel, root in _together(parts)[: request.policy.discover.channels]:
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
        newest = _timeline(request.policy.discover.followed)
        for note_id, author_id in newest(request.viewer_id):
            yield Candidate(note_id, "followed", author_id, 0.4)


# Latest followed people, not muted, who agreed that their likes are shown.
WILLING = Prepared(
    lambda viewer: (
        Follow.objects.filter(
            follower=viewer, followed__is_active=True, followed__profile__likes_shown=True
        )
        .exclude(followed__in=Mute.objects.filter(muter=viewer).values("muted"))
        .order_by("-pk")
        .values_list("followed_id", flat=True)[:MOST_ASKED]
    ),
    int,
)


@cache
def _timeline(most: int) -> Prepared:
    """(note, author) of the newest entries of a timeline."""
    return Prepared(
        lambda owner: (
            TimelineEntry.objects.filter(owner=owner)
            .order_by("-published_at")
            .values_list("note_id", "author_id")[:most]
        ),
        int,
    )


class LikedByFollowed:
    """Newest likes of followed people who agreed to that; those whose notes the viewer likes most
    first. The reason is the person."""

    def propose(self, request: FeedRequest) -> Iterable[Candidate]:
        if request.viewer_id is None or not request.personal or not request.followed:
            return
        ties = request.taste.authors
        willing = sorted(WILLING(request.viewer_id), key=lambda pk: -ties.get(pk, 0.0))
        parts = [(LIKED_BY, pk, LIKES_PER_PERSON) for pk in willing[:MOST_FRIENDS]]
        for note_id, person in _together(parts)[: request.policy.discover.liked_by]:
            yield Candidate(note_id, "liked_by", person, 0.2 + 0.2 * min(1.0, ties.get(person, 0)))


def _together(parts: list[tuple[str, int, int]]) -> list[tuple[int, ...]]:
    """All rows of several small statements (SQL, what, how many) in one.

    Plain SQL: composing twenty querysets costs more than running them, and on SQLite
    `QuerySet.union` refuses parts with a LIMIT, which is the point of them.
    """
    if not parts:
        return []
    union = " UNION ALL ".join(f"SELECT * FROM ({sql}) AS part" for sql, _pk, _most in parts)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(union, [value for _sql, *values in parts for value in values])
        return cursor.fetchall()
