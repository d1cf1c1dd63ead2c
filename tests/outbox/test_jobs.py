"""Nothing that was accepted is lost, and nothing is done twice."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from community.models import Channel
from community.outbox import jobs
from community.outbox.models import Heartbeat, Job, ScheduleSlot
from community.outbox.relay import Rounds
from community.outbox.schedule import periodic, take_slot

pytestmark = pytest.mark.django_db


@pytest.fixture
def calls(monkeypatch):
    """Handlers for this test: `test.note` records its arguments, `test.fail` raises."""
    done = []
    monkeypatch.setattr(jobs, "HANDLERS", {})
    jobs.handler("test.note")(lambda **arguments: done.append(arguments))

    @jobs.handler("test.fail")
    def fail(**_):
        Channel.objects.create(slug="half-done", name_en="x", name_zh="x")
        raise RuntimeError("poison")

    return done


def test_a_job_is_done_once_and_gone(calls):
    jobs.enqueue("test.note", word="tide")
    assert jobs.work_off("default") == 1
    assert jobs.work_off("default") == 0
    assert calls == [{"word": "tide"}]
    assert not Job.objects.exists()


def test_the_same_waiting_work_is_noted_once(calls):
    for _ in range(3):
        jobs.enqueue("test.note", key=7)
    jobs.enqueue("test.note", key=8)
    assert jobs.work_off("default") == 2


def test_a_job_vanishes_with_the_write_that_failed(calls):

    def write():
        with transaction.atomic():
            jobs.enqueue("test.note")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write()
    assert not Job.objects.exists()


def test_a_leased_job_is_nobody_elses(calls):
    jobs.enqueue("test.note")
    assert len(jobs.lease("default", limit=5, now=timezone.now())) == 1
    assert jobs.lease("default", limit=5, now=timezone.now()) == []


def test_a_dead_workers_job_is_retaken_and_its_late_answer_changes_nothing(calls):
    jobs.enqueue("test.note")
    (held,) = jobs.lease("default", limit=1, now=timezone.now())
    later = timezone.now() + jobs.LEASE + timedelta(seconds=1)
    assert jobs.retake_expired(now=later) == 1
    (again,) = jobs.lease("default", limit=1, now=later + timedelta(minutes=1))
    assert jobs.do(again)
    jobs.do(held)
    assert len(calls) == 1


def test_poison_is_set_aside_after_five_tries_without_half_done_work(calls):
    jobs.enqueue("test.fail")
    jobs.enqueue("test.note")
    for _ in range(jobs.MAX_TRIES + 2):
        Job.objects.update(run_at=timezone.now() - timedelta(seconds=1))
        jobs.work_off("default")
    poison = Job.objects.get()
    assert (poison.state, poison.tries) == (Job.State.ASIDE, jobs.MAX_TRIES)
    assert "poison" in poison.last_error
    assert len(calls) == 1
    assert not Channel.objects.filter(slug="half-done").exists()


def test_what_was_set_aside_can_be_put_back(calls):
    jobs.enqueue("test.note")
    Job.objects.update(state=Job.State.ASIDE, tries=5)
    assert jobs.put_back(Job.objects.all(), now=timezone.now()) == 1
    assert jobs.work_off("default") == 1


def test_an_unknown_kind_is_set_aside_not_lost(calls):
    now = timezone.now()
    Job.objects.create(kind="gone", run_at=now, created_at=now)
    assert jobs.work_off("default") == 0
    assert "gone" in Job.objects.get().last_error


def test_a_slot_is_taken_by_the_first_beat_only():
    now = timezone.now()
    minute = timedelta(minutes=1)
    assert take_slot("t", slot=minute, now=now)
    assert not take_slot("t", slot=minute, now=now)
    assert take_slot("t", slot=minute, now=now + minute)


def test_a_periodic_task_fires_once_per_slot_and_shows_that_beat_lives():
    fired = []

    @periodic("test.tick", slot=timedelta(hours=1))
    def task():
        fired.append(1)

    task()
    task()
    assert len(fired) == 1
    assert ScheduleSlot.objects.filter(task="test.tick").count() == 1
    assert Heartbeat.objects.filter(name="beat").exists()


class Bell:
    """In the place of the Celery application."""

    rung = 0

    def send_task(self, *args, **kwargs):
        self.rung += 1

    def connection_for_write(self):
        return "another line"


def test_the_relay_rings_for_due_work_and_ever_more_seldom_where_nobody_comes(calls):
    rounds = Rounds(Bell())
    assert rounds.once(0.0) == 0
    jobs.enqueue("test.note")
    looks = [quarter / 4 for quarter in range(1, 120)]
    assert [at for at in looks if rounds.once(at)] == [0.25, 1.25, 3.25, 7.25, 15.25, 23.25]
    rounds.take_another_line()
    assert rounds.once(30.0) == 1
    assert Heartbeat.objects.filter(name="worker").exists()


def test_the_relay_does_not_ring_for_what_who_is_at_work_takes_next(calls):
    rounds = Rounds(Bell())
    jobs.enqueue("test.note")
    assert rounds.once(0.0) == 1
    jobs.lease("default", limit=1, now=timezone.now())
    jobs.enqueue("test.note")
    assert rounds.once(0.2) == 0
    jobs.enqueue("test.note")  # two wait, and one of them can be taken at once
    assert rounds.once(0.4) == 1


def test_the_relay_rings_again_where_who_is_at_work_took_nothing_for_a_second(calls):
    rounds = Rounds(Bell())
    jobs.enqueue("test.note")
    assert rounds.once(0.0) == 1
    jobs.lease("default", limit=1, now=timezone.now())
    jobs.enqueue("test.note")
    assert [rounds.once(at) for at in (0.2, 0.8, 1.0, 1.2)] == [0, 0, 1, 0]


# ---------------------------------------------------------------- jobs that take minutes
@pytest.fixture
def slow(monkeypatch):
    """`test.slow` calls `hold_on` at each of the times in the list it gives."""
    times = []
    monkeypatch.setattr(jobs, "HANDLERS", {})

    @jobs.handler("test.slow", queue="video", atomic=False)
    def work(*, number):
        for now in times:
            jobs.hold_on(now=now)

    return times


def test_a_job_that_holds_on_keeps_its_lease(slow):
    jobs.enqueue("test.slow", number=1)
    now = timezone.now()
    slow.extend(now + timedelta(seconds=second) for second in range(0, 120, 10))
    [job] = jobs.lease("video", limit=1, now=now)
    jobs._IN_HAND.set(job)
    try:
        for moment in slow:
            jobs.hold_on(now=moment)
            assert jobs.retake_expired(now=moment + timedelta(seconds=30)) == 0
    finally:
        jobs._IN_HAND.set(None)
    assert jobs.retake_expired(now=slow[-1] + jobs.LEASE + timedelta(seconds=1)) == 1


def test_holding_on_asks_the_database_only_now_and_then(slow, django_assert_num_queries):
    jobs.enqueue("test.slow", number=1)
    now = timezone.now()
    [job] = jobs.lease("video", limit=1, now=now)
    jobs._IN_HAND.set(job)
    try:
        with django_assert_num_queries(2):
            for second in range(1, 13):
                jobs.hold_on(now=now + timedelta(seconds=second))
    finally:
        jobs._IN_HAND.set(None)
    jobs.hold_on(now=now)  # nothing in hand: nothing to hold


def test_of_some_queues_one_job_is_done_at_a_time(slow):
    now = timezone.now()
    jobs.enqueue_many("test.slow", [(n, {"number": n}) for n in range(3)])
    assert jobs.queues_with_work(timezone.now()).keys() == {"video"}
    [first] = jobs.lease("video", limit=5, now=timezone.now())
    assert jobs.lease("video", limit=5, now=timezone.now()) == []
    assert jobs.queues_with_work(timezone.now()) == {}  # no bell is rung for what must wait
    assert jobs.do(first)
    assert len(jobs.lease("video", limit=5, now=timezone.now())) == 1
    later = now + jobs.LEASE * 2
    assert len(jobs.lease("video", limit=5, now=later)) == 1  # whoever held the other died
