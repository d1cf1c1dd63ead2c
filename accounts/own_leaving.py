"""Ties and log-ins of somebody who leaves: counts of others stay exact."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from .models import Follow, Profile, User
from .own_data import sessions_of
from .owndata.leaving import Stage, batch, hinders, keeps, takes_away

# Of a former member of staff: what they did at the desk is the community's record.
keeps("admin.LogEntry")


@hinders
def staff(person: User) -> list[str]:
    if person.is_staff or person.is_superuser:
        return [_("Your account belongs to the staff. Have your rights taken back first.")]
    return []


@takes_away("sessions", stage=Stage.MONEY)
def sessions(person: User, now: datetime) -> int:
    rows = list(sessions_of(person.pk, now=now))
    for session in rows:
        session.delete()
    return len(rows)


@takes_away("follows", stage=Stage.ACTS)
def follows(person: User, now: datetime) -> int:
    """Both ways, both counters."""
    return _untie(person, mine="follower", other="followed", counter="followers_count") or _untie(
        person, mine="followed", other="follower", counter="following_count"
    )


def _untie(person: User, *, mine: str, other: str, counter: str) -> int:
    own = "following_count" if mine == "follower" else "followers_count"
    with transaction.atomic():
        ids = batch(Follow.objects.filter(**{mine: person}))
        if not ids:
            return 0
        others = Follow.objects.filter(pk__in=ids).values(f"{other}_id")
        Profile.objects.filter(person__in=others).update(**{counter: F(counter) - 1})
        Follow.objects.filter(pk__in=ids).delete()
        Profile.objects.filter(person=person).update(**{own: F(own) - len(ids)})
    return len(ids)
