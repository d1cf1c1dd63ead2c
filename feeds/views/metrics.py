"""`/metrics` for Prometheus, for who has the token or works here."""

from __future__ import annotations

from dataclasses import asdict

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

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


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not _may_look(request):
        return HttpResponse("Send the token.\n", status=401, content_type="text/plain")
    answer = HttpResponse(exported(promises(now=timezone.now())), content_type=CONTENT_TYPE_LATEST)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def exported(figures: Promises) -> bytes:
    """Prometheus' text format."""
    registry = CollectorRegistry()
    for field, value in asdict(figures).items():
        name, said = NAMES[field]
        if value is not None:
            Gauge(f"rockpool_{name}", said, registry=registry).set(value)
    return generate_latest(registry)


def _may_look(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and constant_time_compare(given, settings.METRICS_TOKEN):
        return True
    return request.user.is_staff and request.user.has_perm("feeds.view_poolentry")
