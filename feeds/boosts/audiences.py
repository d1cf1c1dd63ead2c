"""How many readers an order can reach, and how many of its impressions its period can bring."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Block, ChosenInterest, Follow, Mute, Profile
from community.models import Channel, Note
from feeds.models import Impression, Interest
from feeds.policies import current

from .models import Boost
from .rules import Audience, State, same_city

# Who came within so many days at the most is taken to come again.
LOOK_BACK = 30


@dataclass(frozen=True, slots=True)
class Estimate:
    """What an order may expect."""

    reachable: int
    expected: int
    ordered: int

    @property
    def is_enough(self) -> bool:
        return self.expected >= self.ordered


def estimate(
    note: Note,
    audience: Audience,
    *,
    impressions: int,
    daily_cap: int | None,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
) -> Estimate:
    """Each reader counts once; daily caps and the places that others paid for take their part."""
    found = reachable(note, audience, starts_at=starts_at, ends_at=ends_at, now=now)
    days = max(1, math.ceil((ends_at - starts_at) / timedelta(days=1)))
    expected = min(impressions, found)
    if daily_cap is not None:
        expected = min(expected, daily_cap * days)
    places = found * current()[1].boosts.most_per_reader * days - _promised_to_others(note, now)
    return Estimate(found, max(0, min(expected, places)), impressions)


def _promised_to_others(note: Note, now: datetime) -> int:
    """Impressions that other orders still want."""
    others = Boost.objects.filter(state=State.RUNNING, ends_at__gt=now).exclude(note=note)
    return sum(
        ordered - delivered for ordered, delivered in others.values_list("impressions", "delivered")
    )


def reachable(
    note: Note, audience: Audience, *, starts_at: datetime, ends_at: datetime, now: datetime
) -> int:
    """People of the audience who did not see the note yet and may be shown it, and who came
    within as many days as the order will run. Teens are sent nothing paid."""
    days = min(LOOK_BACK, max(1, math.ceil((ends_at - starts_at) / timedelta(days=1))))
    came = Profile.objects.filter(
        active_on__gte=(now - timedelta(days=days)).date(), person__is_active=True, teen=False
    )
    return _of(audience, note, _who_may_see(note, came)).count()


def _who_may_see(note: Note, people: QuerySet[Profile]) -> QuerySet[Profile]:
    author, person = note.author_id, OuterRef("person")
    away = (
        Exists(Block.objects.filter(blocker=author, blocked=person))
        | Exists(Block.objects.filter(blocker=person, blocked=author))
        | Exists(Mute.objects.filter(muter=person, muted=author))
        | Exists(Impression.objects.filter(person=person, note=note))
    )
    return people.exclude(person=author).exclude(away)


def _of(audience: Audience, note: Note, people: QuerySet[Profile]) -> QuerySet[Profile]:
    if audience.is_everybody:
        return people
    people = people.filter(personalised=True)
    if audience.city:
        people = people.filter(city__iexact=same_city(audience.city))
    follows = Exists(Follow.objects.filter(follower=OuterRef("person"), followed=note.author_id))
    if audience.followers == "only":
        people = people.filter(follows)
    elif audience.followers == "not":
        people = people.exclude(follows)
    if audience.tags or audience.channels:
        people = people.filter(_interested(audience))
    return people


def with_parts(channels: Collection[int]) -> frozenset[int]:
    """These channels and the channels inside them: readers like either."""
    if not channels:
        return frozenset()
    parts = Channel.objects.filter(parent__in=channels).values_list("pk", flat=True)
    return frozenset([*channels, *parts])


def _interested(audience: Audience) -> Q:
    person, kind = OuterRef("person"), Interest.Kind
    channels = with_parts(audience.channels)
    known = Interest.objects.filter(person=person, removed=False, weight__gt=0).filter(
        Q(kind=kind.TAG, target__in=audience.tags) | Q(kind=kind.CHANNEL, target__in=channels)
    )
    slugs = Channel.objects.filter(pk__in=channels).values("slug")
    chosen = ChosenInterest.objects.filter(person=person, channel_slug__in=slugs)
    return Q(Exists(known) | Exists(chosen))
