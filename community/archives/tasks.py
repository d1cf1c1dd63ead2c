"""Doorbells of archives."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.outbox.jobs import handler
from community.outbox.schedule import periodic

from . import building
from . import intake as intakes


@handler("archives.build", queue="archives", atomic=False)
def build(*, archive: int) -> None:
    """Minutes for a large account. Done, failed or thrown away: nothing to do."""
    building.build(archive)


@handler("archives.take_in", queue="archives", atomic=False)
def take_in(*, intake: int) -> None:
    """Minutes for a large file. Done, refused or stopped: nothing to do."""
    intakes.take_in(intake)


@periodic("archives.expire", slot=timedelta(minutes=10))
def expire() -> int:
    now = timezone.now()
    return building.expire(now=now) + intakes.forget_strays(now=now)
