"""Hot: what the community engages with now, site-wide and per channel.

score = log(max(1, 3 + CES)) / (hours + 2)^gravity, CES by distinct people from the hourly roll-ups
of the last days: timely by its denominator, diverse by at most `per_author` notes an author.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import F, Sum

from community.models import Channel

from .lists import Item, Snapshot, store_list
from .models import LiveNote, NoteHour
from .policies import current
from .policy import EngagementWeights


def hot_score(engagement: float, hours: float, *, gravity: float) -> float:
    """Engagement damped by a logarithm, divided by age: newer wins between equals."""
    return math.log(max(1.0, 3.0 + engagement)) / (max(0.0, hours) + 2.0) ** gravity


def build_hot(*, now: datetime) -> list[Snapshot]:
    """Write the site's hot list and each channel's."""
    version, policy = current()
    ranked = rank_hot(now)
    families: dict[str, set[int]] = {"site": set()}
    for pk, parent_id in Channel.objects.values_list("pk", "parent_id"):
        for member in (pk, parent_id):
            if member:
                families.setdefault(str(member), set()).add(pk)
    lists = []
    for key, members in families.items():
        rows = [row for row in ranked if key == "site" or row[2] in members]
        kept = at_most_per_author(rows, policy.hot.per_author)[: policy.hot.list_size]
        items = [Item(note_id, "hot", channel) for note_id, _author, channel in kept]
        lists.append(store_list("hot", key, items, now=now, policy_version=version))
    return lists


def rank_hot(now: datetime) -> list[tuple[int, int, int]]:
    """(note, author, channel) of recommended notes with engagement in the window, hottest first."""
    policy = current()[1]
    since = now - timedelta(days=policy.hot.days)
    engagement = _engagement_since(since, policy.engagement)
    # All recent notes are read and matched here: thousands of ids do not fit into one IN (...).
    notes = LiveNote.objects.filter(recommended=True, published_at__gt=since)
    rows = [
        (
            hot_score(engagement[note_id], _hours(now - at), gravity=policy.hot.gravity),
            note_id,
            author,
            channel,
        )
        for note_id, author, channel, at in notes.values_list(
            "note_id", "author_id", "channel_id", "published_at"
        )
        if note_id in engagement
    ]
    rows.sort(reverse=True)
    return [(note_id, author, channel) for _score, note_id, author, channel in rows]


def at_most_per_author(
    rows: Iterable[tuple[int, int, int]], most: int
) -> list[tuple[int, int, int]]:
    """The rows in their order, the later ones of an author with `most` already left out."""
    notes_of: Counter[int] = Counter()
    kept = []
    for row in rows:
        notes_of[row[1]] += 1
        if notes_of[row[1]] <= most:
            kept.append(row)
    return kept


def _engagement_since(since: datetime, weights: EngagementWeights) -> dict[int, float]:
    """Weighted engagement by note: each act counts one person once (unique rows behind it)."""
    score = (
        F("likes") * weights.like
        + F("collects") * weights.collect
        + F("comments") * weights.comment
        + F("shares") * weights.share
        + F("follows") * weights.follow
    )
    recent = NoteHour.objects.filter(hour__gte=since).values("note_id").annotate(total=Sum(score))
    return {
        note_id: total for note_id, total in recent.values_list("note_id", "total") if total > 0
    }


def _hours(age: timedelta) -> float:
    return age.total_seconds() / 3600
