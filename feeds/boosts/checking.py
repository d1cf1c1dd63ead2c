"""Bounds of an order, each refused with a sentence that says which."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.errors import Invalid
from accounts.models import User
from community.models import Channel, Note, Tag
from feeds.policies import current

from . import audiences
from .models import Boost
from .rules import FOLLOWERS, Audience

if TYPE_CHECKING:
    from .services import Wanted

# A form that was filled in slowly still begins "now".
LATE = timedelta(hours=1)
SHORTEST = timedelta(hours=1)
MOST_CHOSEN = 20


def check(wanted: Wanted, *, note: Note, now: datetime) -> None:
    """Raises Invalid, naming the field."""
    _check_numbers(wanted)
    _check_period(wanted, now)
    check_audience(wanted.audience)
    refuse_empty_audience(note, wanted.audience, wanted.starts_at, wanted.ends_at, now=now)


def _check_numbers(wanted: Wanted) -> None:
    rules = current()[1].boosts
    if not rules.least_impressions <= wanted.impressions <= rules.most_impressions:
        raise Invalid(
            _("Buy from %(least)s to %(most)s impressions.")
            % {"least": f"{rules.least_impressions:,}", "most": f"{rules.most_impressions:,}"},
            field="impressions",
        )
    if wanted.daily_cap is not None and not 1 <= wanted.daily_cap <= rules.most_impressions:
        raise Invalid(
            _("The most per day is a number from 1 to %(most)s.")
            % {"most": f"{rules.most_impressions:,}"},
            field="daily_cap",
        )


def _check_period(wanted: Wanted, now: datetime) -> None:
    rules = current()[1].boosts
    if wanted.ends_at <= wanted.starts_at:
        raise Invalid(_("It must end after it starts."), field="ends_at")
    if wanted.ends_at <= now:
        raise Invalid(_("Its end is in the past."), field="ends_at")
    if wanted.starts_at < now - LATE:
        raise Invalid(_("It cannot start in the past."), field="starts_at")
    if wanted.ends_at - wanted.starts_at < SHORTEST:
        raise Invalid(_("It runs for an hour at least."), field="ends_at")
    if wanted.ends_at - wanted.starts_at > timedelta(days=rules.most_days):
        raise Invalid(
            _("It runs for %(days)d days at most.") % {"days": rules.most_days}, field="ends_at"
        )
    refuse_too_far_ahead(wanted.starts_at, now)


def refuse_too_far_ahead(starts_at: datetime, now: datetime) -> None:
    days = current()[1].boosts.ahead_days
    if starts_at > now + timedelta(days=days):
        raise Invalid(
            _("It may start %(days)d days from now at the latest.") % {"days": days},
            field="starts_at",
        )


def check_audience(audience: Audience) -> None:
    if audience.followers not in FOLLOWERS:
        raise Invalid(_("Followers are all, only or not."), field="followers")
    if len(audience.channels) > MOST_CHOSEN or len(audience.tags) > MOST_CHOSEN:
        raise Invalid(
            _("Choose %(most)d channels and %(most)d tags at most.") % {"most": MOST_CHOSEN},
            field="audience",
        )
    if Channel.objects.open().filter(pk__in=audience.channels).count() != len(audience.channels):
        raise Invalid(_("There is no such channel."), field="channels")
    if Tag.objects.filter(pk__in=audience.tags).shown().count() != len(audience.tags):
        raise Invalid(_("There is no such tag."), field="tags")
    if len(audience.city) > 80:
        raise Invalid(_("This is too long for a city."), field="city")


def refuse_empty_audience(
    note: Note, audience: Audience, starts_at: datetime, ends_at: datetime, *, now: datetime
) -> None:
    found = audiences.reachable(note, audience, starts_at=starts_at, ends_at=ends_at, now=now)
    if found == 0:
        raise Invalid(
            _("Nobody is in this audience at the moment. Widen it; nothing was spent."),
            field="audience",
            code="empty_audience",
        )


def check_still_possible(boost: Boost, *, now: datetime) -> None:
    """What may have changed between writing an order down and paying it. Raises Invalid."""
    if boost.note is None:
        raise Invalid(_("This note is deleted or not published, so it cannot be boosted."))
    if boost.ends_at <= now:
        raise Invalid(_("Its end is in the past."), field="ends_at")
    refuse_empty_audience(boost.note, boost.wants, boost.starts_at, boost.ends_at, now=now)


def zone_of(person: User) -> str:
    """The person's time zone, else the community's."""
    zone = person.profile.time_zone
    return zone if zone in available_timezones() else settings.TIME_ZONE


def local_day(zone: str, now: datetime) -> date:
    """The date that `now` is in a zone."""
    return now.astimezone(ZoneInfo(zone)).date()
