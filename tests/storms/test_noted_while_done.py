"""Work noted in a transaction that commits after a worker took the job it was noted on."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from community.models import Channel
from community.outbox import jobs
from community.outbox.models import Job

KIND = "test.look"


@pytest.fixture
def looks(file_database, monkeypatch):
    """How many rows the handler saw each time."""
    seen = []
    monkeypatch.setattr(jobs, "HANDLERS", {})

    @jobs.handler(KIND)
    def look():
        seen.append(Channel.objects.filter(slug__startswith="noted-").count())

    return seen


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="one writer at a time: nobody can lease meanwhile"
)
def test_a_worker_leaves_a_job_to_a_transaction_that_noted_more_on_it(looks):
    jobs.enqueue(KIND, key="soon")
    noted, looked = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            Channel.objects.create(slug="noted-late")
            jobs.enqueue(KIND, key="soon")
            noted.set()
            looked.wait(20)
        connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    noted.wait(20)
    assert jobs.lease("default", limit=1, now=timezone.now()) == []
    looked.set()
    writer.join()
    assert jobs.work_off("default") == 1
    assert looks == [1]


def test_whatever_is_written_is_seen_by_a_job_that_was_done_later(looks, at_once):
    def write(number):
        with transaction.atomic():
            Channel.objects.create(slug=f"noted-{number}")
            jobs.enqueue(KIND, key="soon")

    works = [lambda n=n: write(n) for n in range(80)] + [lambda: jobs.work_off("default")] * 40
    works = [works[n * 7 % len(works)] for n in range(len(works))]
    assert not [answer for answer in at_once(works, threads=8) if isinstance(answer, Exception)]
    jobs.work_off("default")
    assert not Job.objects.exists()
    assert looks[-1] == max(looks) == 80
