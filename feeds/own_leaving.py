"""What the engine knew of somebody who leaves.

Other people's figures keep their sums: there, a number that leads nowhere, and that no two rows
share, stands in the place of the person.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from accounts.models import User
from accounts.owndata.leaving import BATCH, Stage, batch, takes_away

from .boosts.models import BoostDelivery
from .insights.models import FollowChange
from .models import Event, FeedList, Interest, LessOf, PoolDelivery, PoolEngagement

# Rows of narrow tables that one statement may touch.
NARROW = 4 * BATCH


def _nobodys(model: Any) -> Any:
    """A step that cuts the tie of rows whose number counts for somebody else."""

    def step(person: User, now: datetime) -> int:
        ids = batch(model.objects.filter(person=person), size=NARROW)
        return int(model.objects.filter(pk__in=ids).update(person_id=-F("pk")))

    return step


takes_away("sights in pools", stage=Stage.COUNTS)(_nobodys(PoolDelivery))
takes_away("acts in pools", stage=Stage.COUNTS)(_nobodys(PoolEngagement))
takes_away("sights of boosts", stage=Stage.COUNTS)(_nobodys(BoostDelivery))
takes_away("followers that others gained", stage=Stage.COUNTS)(_nobodys(FollowChange))


@takes_away("events", stage=Stage.COUNTS)
def events(person: User, now: datetime) -> int:
    """What was done stays counted, as an act of nobody."""
    ids = batch(Event.objects.filter(person=person), size=NARROW)
    return Event.objects.filter(pk__in=ids).update(person=None)


@takes_away("sights of boosts of their notes", stage=Stage.COUNTS)
def sights_of_boosted_notes(person: User, now: datetime) -> int:
    """What a boost delivered is proved by these rows, also when its note is gone."""
    rows = BoostDelivery.objects.filter(note__author=person)
    ids = batch(rows, size=NARROW)
    return BoostDelivery.objects.filter(pk__in=ids).update(note_id=-F("pk"))


@takes_away("what others think of them", stage=Stage.COUNTS)
def named_by_number(person: User, now: datetime) -> int:
    """Interests and wishes name an author by number, with no key of the database."""
    with transaction.atomic():
        liked = batch(Interest.objects.filter(kind=Interest.Kind.AUTHOR, target=person.pk))
        less = batch(LessOf.objects.filter(kind=LessOf.Kind.AUTHOR, target=person.pk))
        Interest.objects.filter(pk__in=liked).delete()
        LessOf.objects.filter(pk__in=less).delete()
    return len(liked) + len(less)


@takes_away("lists", stage=Stage.REST)
def lists(person: User, now: datetime) -> int:
    """Lists that were made for them; in those of others the gate lets nothing of theirs pass, and
    they are made anew within the hour."""
    whole = Q(kind="discover", key=str(person.pk)) | Q(
        kind="channel", key__endswith=f":{person.pk}"
    )
    return FeedList.objects.filter(whole).delete()[0]
