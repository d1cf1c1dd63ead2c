"""Doorbells of the clock."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.outbox.schedule import periodic
from feeds.policies import current

from . import logged, training


@periodic("feeds.train_ranker", slot=timedelta(hours=1))
def train_ranker() -> str:
    """Train when the last training is a day old; says what came of it."""
    now = timezone.now()
    if not training.is_due(now=now):
        return ""
    outcome = training.train(now=now)
    return outcome.refused or str(outcome.artefact)


@periodic("feeds.forget_ranked_lists", slot=timedelta(minutes=10))
def forget_ranked_lists() -> int:
    return logged.forget(now=timezone.now(), days=current()[1].ranking.log_days)
