"""Doorbells of searches: learn from them soon, add them up by day, forget them in time."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.outbox.jobs import handler
from community.outbox.schedule import periodic

from . import keeping, learning, words


@handler("searches.digest", queue="feeds", atomic=False)
def digest() -> None:
    learning.digest()


@periodic("feeds.keep_searches", slot=timedelta(hours=1))
def keep_searches() -> int:
    """Learn from what was missed, roll up, forget."""
    now = timezone.now()
    return learning.digest() + keeping.roll_up(now=now) + keeping.forget_old(now=now)


@handler("searches.gather", queue="feeds", atomic=False)
def gather() -> None:
    words.build(now=timezone.now())


@periodic("feeds.gather_words", slot=timedelta(minutes=5))
def gather_words() -> int:
    """Bring the words behind suggestions and corrections to what is public now."""
    return words.build(now=timezone.now())
