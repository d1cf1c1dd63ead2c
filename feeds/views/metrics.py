"""`/metrics` for Prometheus, for monitors and for who works here; for others there is none.

What processes counted, how work stands, and whether promises are kept, one after the other.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST
from prometheus_client.core import GaugeMetricFamily, Metric

from community.operations import counters
from community.operations.gauges import as_text, work_gauges
from community.operations.guard import is_monitor
from feeds.models import FeedList
from feeds.promises import Promises, promises

# Figure -> (name, what it says). Shares are 0 to 1; a figure that is unknown is not exported.
NAMES = {
    "guarantee_kept": ("pool_guarantee_kept_ratio", "Notes judged in P0 that got all promised"),
    "over_delivery": ("pool_over_delivery_ratio", "Most delivered beyond a promise"),
    "budget_used": ("pool_budget_used_ratio", "Promised views of running first pools delivered"),
    "running": ("pool_notes_running", "Notes in their first pool"),
    "views_owed": ("pool_views_owed", "Views that running first pools are still owed"),
    "places_ahead": ("pool_places_ahead", "Places for them forecast for the next 24 hours"),
    "hours_to_clear": ("pool_clear_hours", "Hours until all owed views are given"),
    "without_interaction": ("notes_without_interaction_ratio", "Day-old notes nobody reacted to"),
    "hours_to_first_interaction": (
        "notes_first_interaction_hours", "Median hours to the first reaction",
    ),
    "exposure_gini": ("exposure_gini", "Inequality of impressions among notes"),
    "boosts_running": ("boosts_running", "Boosts being delivered"),
    "boosts_delivered": ("boosts_delivered_ratio", "Of ended boosts, delivered of ordered"),
    "money_held": ("wallet_held", "Minor units held for orders"),
    "money_earned": ("wallet_earned", "Minor units earned so far"),
    "money_refunded": ("wallet_refunded", "Minor units given back in seven days"),
    "ledger_sum": ("wallet_ledger_sum", "Sum of all accounts; anything but 0 is a fault"),
    "jobs_waiting": ("jobs_waiting", "Jobs that are due"),
    "jobs_aside": ("jobs_aside", "Jobs set aside after too many tries"),
    "hot_age": ("feeds_hot_age_seconds", "Age of the newest list of hot"),
}  # fmt: skip

# Kind and key; found by the index of lists.
EVERYBODYS_LISTS = (("hot", "site"), ("discover", "0"))


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not _may_look(request):
        raise Http404
    now = timezone.now()
    gauges = [*work_gauges(now=now), *_promises(promises(now=now)), _ages(now)]
    answer = HttpResponse(as_text(gauges) + counters.counted(), content_type=CONTENT_TYPE_LATEST)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _promises(figures: Promises) -> list[Metric]:
    said = ((NAMES[field], value) for field, value in asdict(figures).items())
    return [
        GaugeMetricFamily(f"rockpool_{name}", about, value=value)
        for (name, about), value in said
        if value is not None
    ]


def _ages(now: datetime) -> Metric:
    """How old the lists are that everybody without one of their own gets."""
    family = GaugeMetricFamily("rockpool_feed_age_seconds", "Age of the list", labels=["feed"])
    for kind, key in EVERYBODYS_LISTS:
        newest = FeedList.objects.filter(kind=kind, key=key).order_by("-id")
        built_at = newest.values_list("built_at", flat=True).first()
        if built_at is not None:
            family.add_metric([kind], max(0.0, (now - built_at).total_seconds()))
    return family


def _may_look(request: HttpRequest) -> bool:
    return is_monitor(request) or (
        request.user.is_staff and request.user.has_perm("feeds.view_poolentry")
    )
