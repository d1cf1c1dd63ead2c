"""Queues by kind of work: everything has one, nothing outlasts the broker's patience, and a worker
rings only for what it does itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from celery import Celery
from django.utils import timezone

from community import task_queues
from community.databases import broker
from community.health import check_health
from community.outbox import jobs
from community.outbox.models import Heartbeat
from community.outbox.relay import Rounds
from community.runner.options import parse
from community.runner.services import services_of
from community.task_queues import OF_JOBS, OF_TASKS, QUEUES
from community.timetable import TIMETABLE


class Bell:
    """In the place of the Celery application: what was rung for, and with what."""

    def __init__(self):
        self.rung = {}

    def send_task(self, name, *, args, **told):
        self.rung[args[0]] = told


@pytest.fixture
def split():
    """An application set up as where the broker is a server."""
    app = Celery("split", broker="memory://", set_as_current=False)
    app.conf.task_queues = task_queues.declared()
    app.conf.task_default_queue = task_queues.DEFAULT
    app.conf.task_routes = (task_queues.route,)
    return app


def sent(app, name, args=()):
    route = app.amqp.router.route({}, name, args=list(args), kwargs={})
    return route["queue"].name, route["priority"]


def test_every_kind_of_job_has_a_queue():
    assert {handler.queue for handler in jobs.HANDLERS.values()} | {"default"} == OF_JOBS.keys()
    assert set(OF_JOBS.values()) | set(OF_TASKS.values()) == QUEUES.keys()


def test_every_task_with_a_queue_of_its_own_is_in_the_timetable():
    assert OF_TASKS.keys() <= {entry["task"] for entry in TIMETABLE.values()}


@pytest.mark.parametrize(
    ("task", "args", "queue", "priority"),
    [
        ("outbox.work_off", ["fanout"], "fanout", 0),
        ("outbox.work_off", ["video"], "media", 3),
        ("outbox.work_off", ["a kind of next year"], "now", 0),
        ("outbox.sweep", [], "now", 0),
        ("feeds.precompute_discover", [], "feeds", 3),
        ("feeds.train_ranker", [], "learning", 9),
    ],
)
def test_a_task_goes_to_the_queue_of_its_kind(split, task, args, queue, priority):
    assert sent(split, task, args) == (queue, priority)


def test_priorities_are_those_that_redis_tells_apart():
    pytest.importorskip("redis", reason="needs requirements-scaled.txt")
    from kombu.transport.redis import PRIORITY_STEPS

    assert {queue.priority for queue in QUEUES.values()} <= set(PRIORITY_STEPS)


def test_no_task_outlasts_the_patience_of_the_broker(monkeypatch, tmp_path):
    monkeypatch.setattr("community.databases.find_spec", lambda package: package)
    told = broker({"ROCKPOOL_BROKER_URL": "redis://r/0"}, folder=tmp_path)[1]
    longest = max(task_queues.limits_of(name)["time_limit"] for name in QUEUES)
    assert told["visibility_timeout"] > longest


def test_every_periodic_task_has_limits():
    from community.celery import app

    app.loader.import_default_modules()
    for entry in TIMETABLE.values():
        task = app.tasks[entry["task"]]
        assert 0 < task.soft_time_limit < task.time_limit <= task_queues.LONGEST.total_seconds()


@pytest.mark.django_db
def test_a_worker_rings_only_for_what_its_queues_carry():
    jobs.enqueue("feeds.fan_out", key=1, note=1)
    jobs.enqueue("pictures.process", key=1, picture=1)
    everything, media = Bell(), Bell()
    Rounds(everything, consumed=["celery"]).once(0.0)
    Rounds(media, consumed=["media", "sending"]).once(0.0)
    assert everything.rung.keys() == {"fanout", "media"}
    assert media.rung.keys() == {"media"}
    assert media.rung["media"]["soft_time_limit"] == QUEUES["media"].longest.total_seconds()


@pytest.mark.django_db
def test_a_queue_that_nobody_serves_is_named_and_people_are_served(settings):
    settings.TASK_QUEUES = task_queues.NAMES
    now = timezone.now()
    Heartbeat.objects.create(name="beat", beaten_at=now)
    Rounds(Bell(), consumed=[name for name in QUEUES if name != "media"]).once(0.0)
    report = check_health(now=now)
    assert report.serves
    assert report.missing == {"queues": "no worker serves media"}
    Rounds(Bell(), consumed=["media"]).once(0.0)
    assert check_health(now=now).missing == {}
    later = check_health(now=now + timedelta(minutes=1))
    assert later.queues.why.endswith(", ".join(QUEUES))


# ---------------------------------------------------------------- the command of a worker
def arguments_of(*told):
    worker = services_of(parse(told))[0]
    return dict(zip(worker.command, worker.command[1:], strict=False))


def test_a_worker_without_queues_serves_all_of_them():
    told = arguments_of()
    assert "--queues" not in told
    assert told["--concurrency"] == "2"


def test_a_worker_of_one_queue_has_its_number_of_processes():
    told = arguments_of("--queues", "learning")
    assert (told["--queues"], told["--concurrency"]) == ("learning", "1")
    assert told["--hostname"] == "learning@%h"
    assert arguments_of("--queues", "media,learning")["--concurrency"] == "2"
    assert arguments_of("--queues", "media", "--processes", "7")["--concurrency"] == "7"


@pytest.mark.parametrize(
    "told", [("--queues", "films"), ("--queues", ""), ("--processes", "0"), ("--processes", "two")]
)
def test_what_is_no_queue_or_number_is_refused(told, capsys):
    with pytest.raises(SystemExit):
        parse(told)
    assert "queue" in capsys.readouterr().err
