"""Figures of a person's notes; their readers are counted and never named."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.own_data import WHEN
from accounts.owndata.sections import Column, tell
from community.own_data import NOTE_ID
from feeds.policies import current

from . import rules
from .models import Acquaintance, Audience, FeedDay, FeedHour, FollowChange

# Kinds whose values may be told where enough people share one. Of ties there are three, so that the
# third follows from two: they are left to the studio's page.
SHARED = (Audience.Kind.CITY, Audience.Kind.TAG, Audience.Kind.MATCH)


def _shared_by_enough(person: User) -> QuerySet[Audience]:
    """As the studio: a city or interest is told where it stands for `least_people` and more."""
    least = current()[1].insights.least_people
    enough = Q(kind__in=SHARED, seen__gte=least) | Q(kind=Audience.Kind.ALL)
    return Audience.objects.filter(enough, author=person)


COUNTS = {name: Column(name, "how many") for name in rules.COUNTS if name != "dwell_seconds"}

tell(
    "insights_by_day",
    _("Figures of your notes by day and feed."),
    models=["insights.FeedDay"],
    source=lambda person: FeedDay.objects.filter(author=person),
    columns={
        "note": Column("note_id", NOTE_ID),
        "feed": Column("feed", "the feed"),
        "day": Column("day", "in UTC"),
        **COUNTS,
        "dwell_seconds": Column("dwell_seconds", "in all"),
    },
)
tell(
    "insights_by_hour",
    _("The same by hour, for the last while."),
    models=["insights.FeedHour"],
    source=lambda person: FeedHour.objects.filter(author=person),
    columns={
        "note": Column("note_id", NOTE_ID),
        "feed": Column("feed", "the feed"),
        "hour": Column("hour", "its beginning, in UTC"),
        **COUNTS,
        "dwell_seconds": Column("dwell_seconds", "in all"),
    },
)
tell(
    "audiences",
    _("How many people of which kind met your notes, where enough of them are alike."),
    models=["insights.Audience"],
    source=_shared_by_enough,
    columns={
        "note": Column("note_id", NOTE_ID),
        "day": Column("day", "in UTC"),
        "kind": Column("kind", "all, city, tag or match"),
        "value": Column("value", "which city or tag"),
        "seen": Column("seen", "how many saw it"),
        "opened": Column("opened", "how many opened it"),
        "score": Column("score", "of what they did"),
    },
)
tell(
    "follow_changes",
    _("Followers that you gained and lost, without their names."),
    models=["insights.FollowChange"],
    source=lambda person: FollowChange.objects.filter(author=person),
    columns={
        "gained": Column("gained", "gained, or lost"),
        "at": Column("at", WHEN),
    },
)
tell(
    "acquaintances",
    _("Days on which you first met somebody's notes."),
    models=["insights.Acquaintance"],
    source=lambda person: Acquaintance.objects.filter(person=person),
    columns={"day": Column("day", "in UTC")},
)
