"""Doorbells: judge anew what another bar or other weights concern; learn weights on schedule."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from community.outbox.jobs import enqueue, handler
from community.outbox.schedule import periodic
from feeds.models import QualityVerdict

from . import judging, standard, trainer

# Notes that one job judges anew; the next job goes on behind them.
AT_ONCE = 500


@handler("quality.judge_channel", queue="feeds")
def judge_channel(*, channel: int, behind: int = 0) -> None:
    """The channel's notes and those of its parts, which may take its bar."""
    of_channel = Q(note__channel=channel) | Q(note__channel__parent=channel)
    ids = _next(of_channel, behind)
    judging.judge_again(ids, now=timezone.now())
    if len(ids) == AT_ONCE:
        key = f"{channel}:{ids[-1]}"
        enqueue("quality.judge_channel", key=key, channel=channel, behind=ids[-1])


@handler("quality.judge_all", queue="feeds")
def judge_all(*, behind: int = 0) -> None:
    ids = _next(Q(), behind)
    judging.judge_again(ids, now=timezone.now())
    if len(ids) == AT_ONCE:
        enqueue("quality.judge_all", key=ids[-1], behind=ids[-1])


def _next(which: Q, behind: int) -> list[int]:
    rows = QualityVerdict.objects.filter(which, note__gt=behind).order_by("note")
    return list(rows.values_list("note_id", flat=True)[:AT_ONCE])


@periodic("quality.follow_standard", slot=timedelta(seconds=60))
def follow_standard() -> bool:
    return standard.follow(now=timezone.now())


@periodic("quality.learn_weights", slot=timedelta(hours=1))
def learn_weights() -> str:
    return str(trainer.learn(now=timezone.now()))
