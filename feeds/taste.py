"""A person's taste as recipes read it: what lasts, this sitting, chosen and pinned interests."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import ChosenInterest, Profile
from accounts.prepared import Prepared
from community.models import Channel

from .interests import Push, half_lives, pending
from .models import Interest
from .pipeline import Taste
from .policy import Interests
from .profiles import Weight, blended, decay, decay_recent, reinforce, sitting

Kind = Interest.Kind
INTERESTS = Prepared(
    lambda person: Interest.objects.filter(person=person).values_list(
        "kind", "target", "weight", "recent", "as_of", "pinned", "removed"
    ),
    int,
)
CHOSEN = Prepared(
    lambda person: Channel.objects.filter(
        slug__in=ChosenInterest.objects.filter(person=person).values("channel_slug")
    ).values_list("pk", flat=True),
    int,
)


@dataclass(slots=True)
class Points:
    """Points of one kind of subject at one moment, by primary key."""

    lasting: dict[int, float] = field(default_factory=dict)
    recent: dict[int, float] = field(default_factory=dict)


def taste_of(person_id: int | None, *, now: datetime, rules: Interests) -> Taste:
    """The person's taste, each kind scaled to a strongest weight of 1; empty for visitors."""
    if person_id is None:
        return Taste()
    points = points_of(person_id, now=now, rules=rules)
    tags, channels, authors = (
        blended(points[kind].lasting, points[kind].recent, share=rules.recent_share)
        for kind in (Kind.TAG, Kind.CHANNEL, Kind.AUTHOR)
    )
    return Taste(tags, channels, authors, recent_tags=sitting(points[Kind.TAG].recent))


def points_of(person_id: int, *, now: datetime, rules: Interests) -> dict[int, Points]:
    """Points by kind of subject, decayed to now, with what is not digested yet."""
    halves = half_lives(rules)
    weights: dict[tuple[int, int], Weight] = {}
    pinned, removed = set(), set()
    rows = INTERESTS(person_id)
    for kind, target, value, recent, as_of, is_pinned, is_removed in rows:
        weights[kind, target] = Weight(value, as_of, recent)
        if is_pinned:
            pinned.add((kind, target))
        if is_removed:
            removed.add((kind, target))
    for push in pending(person_id, rules):
        weights[push.subject] = _pushed(weights.get(push.subject), push, rules)
    points: dict[int, Points] = defaultdict(Points)
    for (kind, target), weight in weights.items():
        if (kind, target) in removed:
            continue
        lasting = decay(weight, to=now, half_life=halves.lasting)
        if (kind, target) in pinned:
            lasting = max(lasting, rules.pinned)
        points[kind].lasting[target] = lasting
        points[kind].recent[target] = decay_recent(weight, to=now, half_life=halves.recent)
    for channel_id in chosen_channels(person_id):
        if (Kind.CHANNEL, channel_id) not in removed:
            channels = points[Kind.CHANNEL].lasting
            channels[channel_id] = channels.get(channel_id, 0.0) + rules.chosen
    return points


def _pushed(weight: Weight | None, push: Push, rules: Interests) -> Weight:
    return reinforce(weight, by=push.points, at=push.at, halves=half_lives(rules))


def chosen_channels(person_id: int) -> list[int]:
    return CHOSEN(person_id)


def wants_personal(person_id: int) -> bool:
    """Whether the person left personal recommendations on."""
    return Profile.objects.filter(person=person_id, personalised=True).exists()


def strongest(weights: dict[int, float], count: int) -> list[int]:
    """Keys of the heaviest weights, heaviest first."""
    return sorted(weights, key=weights.__getitem__, reverse=True)[:count]


def as_json(taste: Taste, *, tags: int = 40) -> dict[str, Any]:
    """The part of a taste that matching a single note needs, small enough to keep with a list."""
    return {
        "tags": {str(key): round(taste.tags[key], 3) for key in strongest(taste.tags, tags)},
        "channels": {str(key): round(value, 3) for key, value in taste.channels.items()},
    }
