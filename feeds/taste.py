"""A person's taste as the recipes read it: stored weights decayed to now, plus chosen interests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.models import ChosenInterest, Profile
from community.models import Channel

from .models import Interest
from .pipeline import Taste
from .policy import Interests
from .profiles import NEGLIGIBLE, Weight, decay, normalised


def taste_of(person_id: int | None, *, now: datetime, rules: Interests) -> Taste:
    """The person's taste, each kind scaled to a strongest weight of 1; empty for visitors."""
    if person_id is None:
        return Taste()
    half_life = timedelta(days=rules.half_life_days)
    weights: dict[int, dict[int, float]] = {kind: {} for kind in Interest.Kind.values}
    rows = Interest.objects.filter(person=person_id).values_list(
        "kind", "target", "weight", "as_of"
    )
    for kind, target, weight, as_of in rows:
        value = decay(Weight(weight, as_of), to=now, half_life=half_life)
        if abs(value) > NEGLIGIBLE:
            weights[kind][target] = value
    chosen = ChosenInterest.objects.filter(person=person_id).values("channel_slug")
    for channel_id in Channel.objects.filter(slug__in=chosen).values_list("pk", flat=True):
        channels = weights[Interest.Kind.CHANNEL]
        channels[channel_id] = channels.get(channel_id, 0.0) + rules.chosen
    return Taste(
        tags=normalised(weights[Interest.Kind.TAG]),
        channels=normalised(weights[Interest.Kind.CHANNEL]),
        authors=normalised(weights[Interest.Kind.AUTHOR]),
    )


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
