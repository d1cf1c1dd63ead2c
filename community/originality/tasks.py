"""Doorbells: look at notes again, and find those that nobody looked at."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.outbox.jobs import handler
from community.outbox.schedule import periodic

from . import services


# On the queue of the feeds, and noted before their job: they judge what was found here.
@handler("originality.keep", queue="feeds", atomic=False)
def keep(*, notes: list[int]) -> None:
    services.keep_current(notes, now=timezone.now())


@handler("originality.compare", queue="feeds", atomic=False)
def compare(*, notes: list[int]) -> None:
    services.compare(notes, now=timezone.now())


@periodic("originality.repair", slot=timedelta(minutes=5))
def repair() -> int:
    now = timezone.now()
    return services.keep_current(services.what_is_missing(now=now), now=now)
