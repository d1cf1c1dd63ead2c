"""Doorbells of boosts."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.outbox.jobs import handler
from community.outbox.schedule import periodic

from . import keeper


@periodic("boosts.advance", slot=timedelta(seconds=30))
def advance() -> int:
    return keeper.advance(now=timezone.now())


@periodic("boosts.forget_unseen", slot=timedelta(hours=1))
def forget_unseen() -> int:
    return keeper.forget_unseen(now=timezone.now())


@handler("boosts.settle", queue="feeds")
def settle(*, boost: int) -> None:
    keeper.settle(boost, now=timezone.now())
