"""Everything about one viewer that a recipe may read, looked up once for a whole list."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import Follow, Profile
from accounts.prepared import Prepared

from .languages import unread
from .models import Dials, LessOf
from .pipeline import FeedRequest, Mix, Taste
from .policy import Policy
from .taste import taste_of

PROFILE = Prepared(
    lambda person: Profile.objects.filter(person=person).values_list(
        "personalised", "latitude", "longitude"
    ),
    int,
)
FOLLOWED = Prepared(
    lambda person: Follow.objects.filter(follower=person).values_list("followed_id", flat=True),
    int,
)
DIALS = Prepared(
    lambda person: Dials.objects.filter(person=person).values_list(
        "new", "unknown", "far", "varied", "by_time", "languages"
    ),
    int,
)
ASKED_LESS_OF = Prepared(
    lambda person: LessOf.objects.filter(person=person).values_list("kind", "target", "created_at"),
    int,
)


def request_for(
    viewer_id: int | None,
    *,
    now: datetime,
    policy: Policy,
    channel_id: int | None = None,
    seed: int = 0,
    shared: dict[Any, Any] | None = None,
) -> FeedRequest:
    """A request of this viewer (None: a visitor).

    With personal recommendations off only what the person asked for by word is in it: less of
    this, by time, the languages they read. Their taste, follows and city are not even read.
    """
    shared = {} if shared is None else shared
    if viewer_id is None:
        return FeedRequest(None, now, policy, personal=False, channel_id=channel_id, seed=seed)
    profile = PROFILE.first(viewer_id)
    mix = mix_of(viewer_id)
    less = less_of(viewer_id, now=now, policy=policy) | dict.fromkeys(unread(mix.languages), 0.0)
    if profile is None or not profile[0]:
        return FeedRequest(
            viewer_id,
            now,
            policy,
            personal=False,
            channel_id=channel_id,
            mix=Mix(by_time=mix.by_time, languages=mix.languages),
            less=less,
            seed=seed,
            shared=shared,
        )
    _personal, latitude, longitude = profile
    return FeedRequest(
        viewer_id,
        now,
        policy,
        taste=Taste() if mix.by_time else taste_of(viewer_id, now=now, rules=policy.interests),
        personal=not mix.by_time,
        channel_id=channel_id,
        mix=mix,
        followed=frozenset(FOLLOWED(viewer_id)),
        city=None if latitude is None or longitude is None else (latitude, longitude),
        less=less,
        seed=seed,
        shared=shared,
    )


def mix_of(person_id: int) -> Mix:
    """How the person set their dials."""
    dials = DIALS.first(person_id)
    if dials is None:
        return Mix()
    new, unknown, far, varied, by_time, languages = dials
    return Mix(new, unknown, far, varied, by_time, tuple(languages.split()))


def less_of(person_id: int, *, now: datetime, policy: Policy) -> dict[tuple[int, int], float]:
    """(kind, target) of what the person wants less of, and how many days ago they said so."""
    asked = ASKED_LESS_OF(person_id)
    ages = {(kind, target): (now - at).total_seconds() / 86_400 for kind, target, at in asked}
    rules = policy.discover
    return {
        thing: days
        for thing, days in ages.items()
        if days < rules.less_days + rules.less_return_days
    }


def wishes_of(request: FeedRequest) -> list[list[int]]:
    """[kind, target] of what is not to be shown now, for what joins a list later (pool slots)."""
    days = request.policy.discover.less_days
    return [list(thing) for thing, age in request.less.items() if age < days]
