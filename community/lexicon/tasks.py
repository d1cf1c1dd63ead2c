"""Doorbells of the clock: what is counted and learnt of words, tags and channels."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.outbox.jobs import handler
from community.outbox.schedule import periodic
from community.services import channel_guess, learnt_words, related_tags


@periodic("lexicon.relate_tags", slot=timedelta(minutes=10))
def relate_tags() -> int:
    return related_tags.relate_tags(now=timezone.now())


@periodic("lexicon.count_words", slot=timedelta(minutes=30))
def count_words() -> str:
    return str(learnt_words.count_words(now=timezone.now()))


@periodic("lexicon.learn_channels", slot=timedelta(hours=1))
def learn_channels() -> str:
    return str(channel_guess.learn_channels(now=timezone.now()))


@handler("lexicon.learn", atomic=False)
def learn_all() -> None:
    """After an import: all of it at once, so that nobody waits for the clock."""
    now = timezone.now()
    related_tags.relate_tags(now=now)
    learnt_words.count_words(now=now)
    channel_guess.learn_channels(now=now)
