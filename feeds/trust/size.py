"""How large the community is, where it matters to what acts are worth."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import Profile
from feeds.policies import current
from feeds.policy import Trust
from feeds.remembered import Remembered

_ACTIVE: Remembered[int] = Remembered(most=1, seconds=600)


def active_people(now: datetime, trust: Trust) -> int:
    """People who were here in the days that are looked at."""
    since = (now - timedelta(days=trust.days)).date()
    return Profile.objects.filter(active_on__gte=since).count()


def is_small() -> bool:
    """Whether everybody here knows everybody, so that nothing is discounted. Known for minutes."""
    trust, active = current()[1].trust, _ACTIVE.get("active")
    if active is None:
        active = _ACTIVE.put("active", active_people(timezone.now(), trust))
    return active < trust.least_people
