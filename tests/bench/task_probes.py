"""What Celery costs beside the work that it calls for, of a worker that runs beside this."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

BELL = "outbox.work_off"
PATIENCE_SECONDS, LOOK_SECONDS = 120, 0.02
# Pictures and films are long jobs beside which any overhead is small: not counted as work.
NOT_COUNTED = frozenset({"media", "video", "archives"})


def no_op_cost(tasks: str) -> dict[str, float]:
    """Seconds of a task that finds nothing to do, of many that wait: from the end of the first ones
    to that of the last, so that a worker's pause before it looks is not taken for work."""
    from community.outbox.tasks import work_off

    count, before, begun = int(tasks), _ended(), time.perf_counter()
    for _ in range(count):
        work_off.delay("nothing")
    _wait(lambda: _ended() > before, "no task ended")
    first = _ended() - before
    if first > count / 2:  # the worker keeps up with the sending, which is the greater part then
        first = 0
    else:
        begun = time.perf_counter()
    _wait(lambda: _ended() - before >= count, "the tasks did not end")
    return {"seconds": (time.perf_counter() - begun) / (count - first)}


def work_and_bells(notes: str, at_once: str) -> dict[str, float]:
    """Seconds of the jobs that follow from publishing so many notes, so many at a time, and the
    number of tasks that called for them."""
    before, seconds = _ended(), _job_seconds()
    people = _authors(int(notes))
    while some := [person for _, person in zip(range(int(at_once)), people, strict=False)]:
        for person in some:
            _publish(person)
        _wait(_nothing_waits, "jobs are left")
    return {"tasks": _ended() - before, "seconds": _job_seconds() - seconds}


def _authors(count: int) -> Iterator[Any]:
    from accounts.models import User

    people = User.objects.filter(username__regex="^(reader|seed)", profile__followers_count__gt=0)
    return iter(people.order_by("pk")[:count])


def _publish(person: Any) -> None:
    from community.services.writing import NoteContent, publish_note, save_draft

    content = NoteContent(title=f"Tide {time.time()}", body="The kiln burns slowly in spring. " * 9)
    note = save_draft(author=person, content=content)
    publish_note(author=person, note_id=note.pk)


def _nothing_waits() -> bool:
    """Nothing that is due now: digests and the like are noted for later."""
    from django.utils import timezone

    from community.outbox.models import Job

    jobs = Job.objects.exclude(queue__in=NOT_COUNTED)
    return not jobs.filter(run_at__lte=timezone.now()).exclude(state=Job.State.ASIDE).exists()


def _ended() -> float:
    return _counted("rockpool_tasks", "rockpool_tasks_total", task=BELL)


def _job_seconds() -> float:
    return _counted("rockpool_job_seconds", "rockpool_job_seconds_sum")


def _counted(family: str, name: str, **labels: str) -> float:
    """The sum over all processes of a community's own counters."""
    from community.operations.counters import counted

    return sum(
        sample.value
        for found in text_string_to_metric_families(counted().decode())
        if found.name == family
        for sample in found.samples
        if sample.name == name
        and sample.labels.get("queue") not in NOT_COUNTED
        and labels.items() <= sample.labels.items()
    )


def _wait(holds: Callable[[], bool], otherwise: str) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < give_up, otherwise
        time.sleep(LOOK_SECONDS)


PROBES: dict[str, Callable[..., Any]] = {
    "no_op_cost": no_op_cost, "work_and_bells": work_and_bells,
}  # fmt: skip
