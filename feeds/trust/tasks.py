"""Doorbells: look for rings and farms, weigh again, forget marks."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.outbox.jobs import handler
from community.outbox.schedule import periodic
from feeds import popularity

from . import marks, weighing


@handler("trust.weigh_again", queue="feeds", atomic=False)
def weigh_again(*, people: list[int]) -> None:
    weighing.weigh_again(people, now=timezone.now())
    popularity.weigh_again(people)


@periodic("trust.watch", slot=timedelta(minutes=10))
def watch() -> int:
    # Here, so that processes which serve pages do not load scipy at their start.
    from . import watching

    return watching.watch(now=timezone.now())


@periodic("trust.forget_marks", slot=timedelta(hours=1))
def forget_marks() -> int:
    return marks.forget(now=timezone.now())
