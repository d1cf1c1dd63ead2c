"""A search as pages of cards: match, weigh, pass the gate, keep the order for the next page."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from django.core.cache import cache
from django.utils import timezone

from accounts.models import User
from community.models import TaggedNote
from community.search.asked import Asked
from community.search.query import ask, first_shown, matches
from feeds.models import LiveNote
from feeds.pages import FeedPage, Placed, make_page, viewer_id_of
from feeds.pipeline import Taste
from feeds.policies import current
from feeds.policy import Policy
from feeds.taste import taste_of, wants_personal
from feeds.tokens import cursor_token, from_micros, micros, read_position

from .filters import Narrowed
from .scoring import Match, Scored, ranked

# The order of a search is kept this long for its next pages.
KEPT_SECONDS = 900
# Notes that the gate lets through and that are kept for paging.
MOST_SHOWN = 400
CHUNK = 500

Kept = list[tuple[int, str, int]]  # note, source, detail


@dataclass(frozen=True, slots=True)
class Found:
    page: FeedPage
    # No note holds all the words: these hold some of them.
    relaxed: bool = False
    # Whether the person's taste took part in the order.
    personal: bool = False


def serve_search(
    *,
    viewer: User | None,
    query: str,
    cursor: str | None = None,
    narrowed: Narrowed | None = None,
    personal: bool = True,
) -> Found:
    """Notes that hold the words of the query, best first or newest first. Raises Invalid for a
    cursor of another list."""
    policy, narrowed = current()[1], narrowed or Narrowed()
    size, offset, as_of = policy.discover.page_size, 0, timezone.now()
    if cursor is not None:
        offset, stamp = read_position(cursor, feed="search", parts=2)
        as_of = from_micros(stamp)
    personal = personal and viewer is not None and wants_personal(viewer.pk)
    key = _key(viewer, query, narrowed, personal, as_of)
    kept = cache.get(key) if cursor is not None else None
    if kept is None:
        kept = _search(viewer, query, narrowed, personal, as_of, policy)
        if len(kept[1]) > size:
            cache.set(key, kept, KEPT_SECONDS)
    relaxed, order = kept
    placed = [Placed(pk, source, detail) for pk, source, detail in order[offset : offset + size]]
    more = len(order) > offset + size
    page = make_page(
        "search",
        placed,
        viewer=viewer,
        now=timezone.now(),
        next_cursor=cursor_token("search", offset + size, micros(as_of)) if more else None,
        first_position=offset,
    )
    return Found(page, relaxed, personal)


def _search(
    viewer: User | None,
    query: str,
    narrowed: Narrowed,
    personal: bool,
    now: datetime,
    policy: Policy,
) -> tuple[bool, Kept]:
    """Whether the words were relaxed, and the whole order as this viewer may see it."""
    taste = taste_of(viewer.pk, now=now, rules=policy.interests) if personal and viewer else None
    asked = ask(query)
    order = _order(asked, viewer, narrowed, taste, now, policy)
    if order or not asked.can_relax:
        return False, order
    return True, _order(asked.relaxed(), viewer, narrowed, taste, now, policy)


def _order(
    asked: Asked,
    viewer: User | None,
    narrowed: Narrowed,
    taste: Taste | None,
    now: datetime,
    policy: Policy,
) -> Kept:
    newest = narrowed.order == "newest"
    most, within = policy.search.candidates, narrowed.within(now=now)
    found = matches(asked, most=most, newest=newest, within=within)
    if narrowed.around is not None:
        near = narrowed.near_enough([pk for pk, _relevance in found])
        found = [(pk, relevance) for pk, relevance in found if pk in near]
    if newest:
        order = [Scored(pk, 0.0) for pk, _relevance in found]
    else:
        order = ranked(hydrated(found, now=now, with_tags=taste is not None), policy.search, taste)
    shown = set(first_shown([one.note_id for one in order], viewer, count=MOST_SHOWN))
    return [(one.note_id, one.source, one.detail) for one in order if one.note_id in shown]


def hydrated(found: list[tuple[int, float]], *, now: datetime, with_tags: bool) -> list[Match]:
    """Matches with what is known of their notes; tags only where somebody's taste reads them."""
    facts, tags = {}, defaultdict(list)
    ids = [pk for pk, _relevance in found]
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        rows = LiveNote.objects.filter(note__in=chunk).values_list(
            "note_id", "published_at", "quality", "popularity", "channel_id", "root_channel_id"
        )
        facts.update({row[0]: row for row in rows})
        if with_tags:
            tagged = TaggedNote.objects.filter(content_object__in=chunk)
            for pk, tag in tagged.values_list("content_object_id", "tag_id"):
                tags[pk].append(tag)
    return [_match(pk, relevance, facts.get(pk), tuple(tags[pk]), now) for pk, relevance in found]


def _match(
    pk: int,
    relevance: float,
    facts: tuple[int, datetime, float, float, int, int] | None,
    tags: tuple[int, ...],
    now: datetime,
) -> Match:
    if facts is None:
        return Match(pk, relevance, tags=tags)
    _pk, published, quality, response, channel, root = facts
    age = (now - published).total_seconds() / 86_400
    return Match(pk, relevance, age, quality, response, (channel, root), tags)


def _key(
    viewer: User | None, query: str, narrowed: Narrowed, personal: bool, as_of: datetime
) -> str:
    said = f"{viewer_id_of(viewer)}|{query}|{narrowed.said()}|{personal}|{micros(as_of)}"
    return f"search:{blake2b(said.encode(), digest_size=16).hexdigest()}"
