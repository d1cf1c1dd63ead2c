"""How the community stands, on the first page of the desk."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from feeds import overview
from feeds.insights.drawing import chart
from feeds.policies import current
from feeds.remembered import Remembered

register = template.Library()

_known: Remembered[dict[str, Any]] = Remembered(most=4, seconds=60)


@register.inclusion_tag("admin/feeds/overview.html")
def overview_of(user: Any) -> dict[str, Any]:
    """Reading, pools, promises and tasks, for who may look at pools and tasks."""
    if not user.has_perms(("feeds.view_poolentry", "outbox.view_job")):
        return {}
    language = get_language()
    return _known.get(language) or _known.put(language, _look())


def _look() -> dict[str, Any]:
    now = timezone.now()
    hours, tiers = overview.reading(now), overview.tiers(current()[1])
    queues = overview.queues(now)
    names = [f"{timezone.localtime(hour.start):%m-%d %H:%M}" for hour in hours]
    return {
        "chart": chart(
            names,
            {
                _("Impressions"): [hour.impressions for hour in hours],
                _("Opens"): [hour.opens for hour in hours],
            },
        ),
        "hours": [*zip(names, hours, strict=True)][::-1],
        "tiers": tiers,
        "most_notes": max((tier.notes for tier in tiers), default=0),
        "days": overview.promises_by_day(now),
        "queues": queues,
        "most_tasks": max((queue.tasks for queue in queues), default=0),
    }
