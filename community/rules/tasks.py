"""Doorbells: dry runs, what was missed at the moment a rule went live, and undoing."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.outbox.jobs import enqueue, handler
from community.outbox.schedule import periodic

from . import catching_up, dry_runs, undoing


@handler("rules.dry_run", queue="feeds")
def dry_run(*, run: int) -> None:
    dry_runs.go_on(run, now=timezone.now())


@handler("rules.catch_up")
def catch_up(*, version: int) -> None:
    catching_up.catch_up(version, now=timezone.now())


@handler("rules.look_again")
def look_again(*, place: str, pk: int) -> None:
    catching_up.look_again(place, pk, now=timezone.now())


@handler("rules.undo")
def undo(*, version: int) -> None:
    if undoing.undo_some(version, now=timezone.now()):
        enqueue("rules.undo", key=version, version=version)


@periodic("rules.keep", slot=timedelta(minutes=1))
def keep() -> int:
    """What lost jobs left: notes written as a rule went live, dry runs that stopped, hits of rules
    that were rolled back; and texts too old to be compared."""
    return catching_up.keep(now=timezone.now())
