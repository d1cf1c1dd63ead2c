"""Notice that the community-wide standard is another, whoever changed it, and judge anew."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from community.outbox.jobs import enqueue
from feeds.policies import current

from .models import Standard
from .weights import weights_in_force

THE_ROW = 1
# Processes go on for seconds with the weights and the policy that they know.
EVERYBODY_KNOWS = timedelta(seconds=10)


def follow(*, now: datetime) -> bool:
    """Ask to judge all notes by the standard in force, if they were judged by another one."""
    policy = current()[1]
    in_force = {
        "weights": weights_in_force()[0],
        "bar": policy.pools.quality_bar,
        "least_originality": policy.quality.least_originality,
    }
    if Standard.objects.filter(pk=THE_ROW, **in_force).exists():
        return False
    with transaction.atomic():
        Standard.objects.update_or_create(pk=THE_ROW, defaults={**in_force, "since": now})
        enqueue("quality.judge_all", key="0", after=EVERYBODY_KNOWS)
    return True
