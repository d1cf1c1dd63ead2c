"""Hot: what the community engages with now, site-wide and per channel.

Heat is decayed engagement (hot_rules.decayed) of distinct people, held back on small numbers,
raised where the last day exceeds what is usual in the channel and where an event is on. Each list
says how its notes moved since the list of about an hour before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db.models import Min

from community.models import Channel

from . import heat
from .hot_rules import (
    LOOKED_AT,
    Heated,
    burst_factor,
    decayed,
    held_back,
    hottest_first,
    lift_of,
    movement,
    spread_out,
)
from .lists import Item, Snapshot, store_list
from .models import FeedList, LiveNote
from .policies import current
from .topics.lifting import lifts_at

COMPARED_WITH = timedelta(hours=1)
# A list younger than this says nothing about movement.
LEAST_AGE = timedelta(minutes=10)
# Acts that say why a note is hot, the strongest first between equals.
DRIVES = ("collect", "share", "comment", "like", "follow")


class Ranked:
    """The recommended notes with engagement: heat, sub-channel, what drives each."""

    def __init__(self) -> None:
        self.notes: list[Heated] = []
        self.channel: dict[int, int] = {}
        # By note: [act, people today, event].
        self.drive: dict[int, list[Any]] = {}


def build_hot(*, now: datetime) -> list[Snapshot]:
    """Write the site's hot list and each channel's."""
    version, policy = current()
    rules = policy.hot
    ranked = rank_hot(now)
    before = _lists_before(now)
    lists = []
    for key, fitting in _by_list(ranked, most=LOOKED_AT * rules.list_size).items():
        kept = spread_out(
            fitting,
            per_author=rules.per_author,
            most=rules.list_size,
            topic_share=rules.topic_share,
            repeat=rules.repeat_factor,
        )
        items = [Item(note.note, "hot", ranked.channel[note.note]) for note in kept]
        marks = _marks(ranked, [note.note for note in kept], before.get(key))
        lists.append(store_list("hot", key, items, now=now, policy_version=version, taste=marks))
    return lists


def _by_list(ranked: Ranked, *, most: int) -> dict[str, list[Heated]]:
    """The hottest notes of the site, and of each channel with its sub-channels: one pass."""
    parents = dict(Channel.objects.values_list("pk", "parent_id"))
    lists: dict[str, list[Heated]] = {"site": [], **{str(pk): [] for pk in parents}}
    for note in hottest_first(ranked.notes):
        channel = ranked.channel[note.note]
        for key in ("site", str(channel), str(parents.get(channel))):
            if key in lists and len(lists[key]) < most:
                lists[key].append(note)
    return lists


def rank_hot(now: datetime) -> Ranked:
    """Recommended notes with engagement in the window, in no order; a fixed number of queries."""
    policy = current()[1]
    rules, weights = policy.hot, policy.engagement
    since = now - timedelta(days=rules.days)
    engaged = heat.engagement_since(since, now=now)
    seen, tags, lifts = heat.seen_since(since), heat.tags_since(since), lifts_at(now)
    drawn = heat.text_cards_since(since)
    # All recent notes are read and matched here: thousands of ids do not fit into one IN (...).
    notes = LiveNote.objects.filter(recommended=True, published_at__gt=since).values_list(
        "note_id", "author_id", "channel_id", "root_channel_id", "published_at"
    )
    rows = list(notes)
    usual = _usual_day([(row[3], row[0]) for row in rows], engaged, rules.days)
    ranked = Ranked()
    for note, author, channel, root, at in rows:
        if note not in engaged:
            continue
        mine = engaged[note]
        score = held_back(mine.score(weights), mine.most, seen.get(note, 0), z=rules.wilson_z)
        hotness = decayed(score, (now - at).total_seconds() / 3600, gravity=rules.gravity)
        hotness *= burst_factor(mine.score_today(weights), usual[root], weight=rules.burst_weight)
        topics: frozenset[Hashable] = frozenset(("tag", tag) for tag in tags.get(note, ()))
        places = frozenset([("channel", channel), ("channel", root)])
        factor, event = lift_of(topics | places, lifts)
        ranked.notes.append(Heated(note, author, hotness * factor, topics, note in drawn))
        ranked.channel[note] = channel
        ranked.drive[note] = [*_drive(mine), event]
    return ranked


def _usual_day(
    notes: list[tuple[int, int]], engaged: dict[int, heat.Engaged], days: int
) -> dict[int, float]:
    """Engagement that a recent note of each first-level channel gets on a usual day."""
    weights = current()[1].engagement
    total: dict[int, float] = defaultdict(float)
    count: dict[int, int] = defaultdict(int)
    for root, note in notes:
        count[root] += 1
        if note in engaged:
            total[root] += engaged[note].score(weights)
    return {root: total[root] / count[root] / days for root in count}


def _drive(engaged: heat.Engaged) -> tuple[str, int]:
    """The act of most people today, and how many they are."""
    act = max(DRIVES, key=lambda name: (engaged.today.get(name, 0), -DRIVES.index(name)))
    return act, engaged.today.get(act, 0)


# ---------------------------------------------------------------- how places moved
def _lists_before(now: datetime) -> dict[str, tuple[datetime, list[int]]]:
    """By key: when the list of about an hour ago was built, and its notes. Two queries."""
    old = FeedList.objects.filter(
        kind="hot", built_at__gte=now - 2 * COMPARED_WITH, built_at__lte=now - LEAST_AGE
    ).order_by()
    near = old.filter(built_at__gte=now - COMPARED_WITH - timedelta(minutes=10))
    oldest = dict(near.values_list("key").annotate(first=Min("built_at")))
    chosen = near.filter(built_at__in=set(oldest.values()))
    return {
        key: (at, [row[0] for row in orjson.loads(bytes(items))["items"]])
        for key, at, items in chosen.values_list("key", "built_at", "items")
        if oldest[key] == at
    }


def _marks(
    ranked: Ranked, notes: list[int], before: tuple[datetime, list[int]] | None
) -> dict[str, Any]:
    """What a page says: {"since": time or None, "of": {note: [move, act, people, event]}}.

    A move is places risen, 0 without an earlier list, None for a note that was not on it.
    """
    moved = movement(notes, before[1]) if before else dict.fromkeys(notes, 0)
    return {
        "since": before[0].isoformat() if before else None,
        "of": {str(note): [moved[note], *ranked.drive[note]] for note in notes},
    }
