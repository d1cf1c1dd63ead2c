"""Tasks that always fail, among tasks that do not."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from community.models import Channel
from community.outbox import jobs
from community.outbox.models import Job

GOOD, POISON = 1_000, 50


@pytest.fixture
def handlers(file_database, monkeypatch):
    monkeypatch.setattr(jobs, "HANDLERS", {})
    monkeypatch.setattr(jobs.logger, "disabled", True)

    @jobs.handler("test.good")
    def good(*, number):
        Channel.objects.create(slug=f"done-{number}")

    @jobs.handler("test.poison")
    def poison(*, number):
        raise ValueError(f"poison {number}")


def done():
    return Channel.objects.filter(slug__startswith="done-").count()


def work_until_nothing_waits(at):
    """Seconds of processor until the good tasks were done; every pause after a failure passes."""
    seconds = None
    begun = time.process_time()
    for _ in range(2 * jobs.MAX_TRIES):
        with time_machine.travel(at, tick=True):
            jobs.work_off("default", batch=20, budget=timedelta(minutes=5))
        if seconds is None and done() == GOOD:
            seconds = time.process_time() - begun
        at += timedelta(hours=1)
    return seconds


@pytest.mark.long
@pytest.mark.letter("B6")
def test_poison_is_set_aside_and_the_good_ones_hardly_notice(handlers, figure):
    now = timezone.now()
    jobs.enqueue_many("test.good", [(n, {"number": n}) for n in range(GOOD)])
    alone = work_until_nothing_waits(now)
    Channel.objects.filter(slug__startswith="done-").delete()

    every = GOOD // POISON
    for n in range(GOOD):
        jobs.enqueue("test.good", key=n, number=n)
        if n % every == 0:
            jobs.enqueue("test.poison", key=n, number=n)
    among = work_until_nothing_waits(now)

    aside = Job.objects.filter(state=Job.State.ASIDE)
    assert aside.count() == Job.objects.count() == POISON
    assert set(aside.values_list("tries", flat=True)) == {jobs.MAX_TRIES}
    assert all("poison" in error for error in aside.values_list("last_error", flat=True))
    assert done() == GOOD
    share = alone / among
    figure(
        f"{POISON} aside after {jobs.MAX_TRIES} tries; {GOOD:,} good ones at {share:.0%} of alone"
    )
    assert share >= 0.8
