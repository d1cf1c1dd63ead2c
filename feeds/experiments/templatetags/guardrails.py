"""What operators are told on the first page of the desk: what was taken back without them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import template
from django.utils import timezone

from ..models import Watch

register = template.Library()

TOLD_FOR = timedelta(days=7)


@register.inclusion_tag("admin/experiments/alerts.html")
def guardrail_alerts(user: Any) -> dict[str, Any]:
    """What guardrails found broken within a week, for who may look at it."""
    if not user.has_perm("experiments.view_watch"):
        return {"alerts": []}
    states = (Watch.State.ROLLED_BACK, Watch.State.BROKEN)
    found = Watch.objects.filter(state__in=states, checked_at__gt=timezone.now() - TOLD_FOR)
    return {"alerts": list(found.order_by("-checked_at")[:5])}
