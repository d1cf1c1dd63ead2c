"""Note a job with a write; lease, do, retry or set aside jobs later.

    @handler("feeds.fan_out", queue="fanout")
    def fan_out(*, note: int) -> None: ...

    enqueue("feeds.fan_out", key=note.pk, note=note.pk)     # inside the write's transaction

A handler may be called twice and must then change nothing more. With `atomic=True` (the default)
it runs in one transaction with the removal of its job, so its rows appear exactly once; a handler
that computes for long (pictures) says `atomic=False` and holds no lock while it computes. One that
takes minutes (videos) calls `hold_on` again and again while it works.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Count, F, Min, Q
from django.utils import timezone

from community.operations import counters, logs
from community.rows import insert_rows

from . import stopping
from .models import Job

logger = logging.getLogger(__name__)

# Of a job that is noted, in the order of enqueue_many.
COLUMNS = ("key", "kind", "arguments", "queue", "run_at", "created_at")

# Longer than the longest job that does not hold on (a picture has 20 s), short enough that a death
# is mended in a minute.
LEASE = timedelta(seconds=40)
# A job that holds on asks the database this often.
RENEW_EVERY = timedelta(seconds=5)
# Queues whose jobs take minutes: never two at once, of one or of different ones, so that one of the
# two task processes is there for everybody else.
ONE_AT_A_TIME = frozenset({"video", "archives"})
MAX_TRIES = 5
# A worker that is asked to stop has a few seconds; what is left is rung for again.
WORK_BUDGET = timedelta(seconds=3)
FIRST_RETRY = timedelta(seconds=2)

# One statement, because most bells find nothing: those due are chosen once, whatever the planner
# makes of the rest.
TAKE = """
WITH due AS MATERIALIZED (
  SELECT id FROM outbox_job WHERE queue = %s AND state = 'ready' AND run_at <= %s
  ORDER BY run_at, id LIMIT %s {lock}
)
UPDATE outbox_job SET state = 'leased', lease = %s, lease_until = %s, tries = tries + 1
WHERE id IN (SELECT id FROM due) RETURNING *
"""

HandlerFunction = Callable[..., None]


class LetGo(Exception):
    """Raised by `hold_on`: this worker is asked to stop, or somebody else has the job by now."""


@dataclass(frozen=True)
class Handler:
    run: HandlerFunction
    queue: str
    atomic: bool
    # Called with the job's arguments, in the transaction that sets it aside: somebody waits for it.
    given_up: HandlerFunction | None


HANDLERS: dict[str, Handler] = {}
# Entered before each job and left when its transaction is over, whatever became of it.
AROUND_EACH: list[Callable[[], AbstractContextManager[None]]] = []
_IN_HAND: ContextVar[Job | None] = ContextVar("job in hand", default=None)


def handler(
    kind: str,
    *,
    queue: str = "default",
    atomic: bool = True,
    given_up: HandlerFunction | None = None,
) -> Callable[[HandlerFunction], HandlerFunction]:
    """Register the function that does jobs of this kind."""

    def register(function: HandlerFunction) -> HandlerFunction:
        HANDLERS[kind] = Handler(function, queue, atomic, given_up)
        return function

    return register


def enqueue(
    kind: str, /, *, key: object = "", after: timedelta = timedelta(0), **arguments: Any
) -> None:
    """Note a job. Call it inside the transaction that makes the job necessary.

    A waiting job of the same kind and key is left as it is: the work is noted already.
    """
    enqueue_many(kind, [(key, arguments)], after=after)


def enqueue_many(
    kind: str,
    rows: Iterable[tuple[object, dict[str, Any]]],
    *,
    after: timedelta = timedelta(0),
) -> None:
    """Note many jobs of one kind: rows of (key, arguments)."""
    now = timezone.now()
    queue = HANDLERS[kind].queue
    jobs = [
        (str(key), kind, json.dumps(arguments), queue, now + after, now) for key, arguments in rows
    ]
    if connection.vendor == "postgresql":
        # In one order, so that two who note the same never wait for each other.
        jobs.sort(key=itemgetter(0))
    while jobs:
        with transaction.atomic(savepoint=False):
            insert_rows(Job, COLUMNS, jobs)
        if connection.vendor != "postgresql" or not connection.in_atomic_block:
            return
        waiting = _hold(kind, {key for key, *_rest in jobs if key})
        jobs = [job for job in jobs if job[0] and job[0] not in waiting]


def _hold(kind: str, keys: set[str]) -> set[str]:
    """Keep waiting jobs from being leased until the transaction ends; the keys of those that wait.

    A job that waited already says "the work is noted" to a transaction that has not committed yet:
    a worker who did it now would not see the rows it was noted for, and nobody would look again.
    """
    held: set[str] = set()
    ordered = sorted(keys)
    with connection.cursor() as cursor:
        for start in range(0, len(ordered), 500):
            cursor.execute(
                "SELECT key FROM outbox_job WHERE kind = %s AND key = ANY(%s) AND state = 'ready'"
                " ORDER BY key FOR KEY SHARE",
                [kind, ordered[start : start + 500]],
            )
            held.update(row[0] for row in cursor.fetchall())
    return held


class Waiting(NamedTuple):
    """What is due in a queue: since when, how much, and how many jobs of it are being done now."""

    oldest: datetime
    due: int
    in_hand: int


def queues_with_work(now: datetime) -> dict[str, Waiting]:
    """Queues that have a job due."""
    due, in_hand = Q(state=Job.State.READY), Q(state=Job.State.LEASED, lease_until__gte=now)
    rows = Job.objects.filter(due & Q(run_at__lte=now) | in_hand).values_list("queue")
    counted = rows.annotate(
        oldest=Min("run_at", filter=due),
        due=Count("pk", filter=due),
        in_hand=Count("pk", filter=in_hand),
    )
    found = {queue: Waiting(*figures) for queue, *figures in counted}
    long_job_runs = any(queue in ONE_AT_A_TIME and of.in_hand for queue, of in found.items())
    return {
        queue: waiting
        for queue, waiting in found.items()
        if waiting.due and not (long_job_runs and queue in ONE_AT_A_TIME)
    }


def work_off(queue: str, *, batch: int = 1, budget: timedelta | None = None) -> int:
    """Do due jobs of a queue until none is left or the budget is spent; how many went well."""
    started, done = timezone.now(), 0
    budget = budget or WORK_BUDGET
    while timezone.now() - started < budget and not stopping.is_asked():
        jobs = lease(queue, limit=batch, now=timezone.now())
        if not jobs:
            break
        done += sum(do(job) for job in jobs)
    return done


def lease(queue: str, *, limit: int, now: datetime) -> list[Job]:
    """Take up to `limit` due jobs for LEASE: nobody else gets them before it ends."""
    ticket = secrets.token_hex(16)
    if queue in ONE_AT_A_TIME:
        with transaction.atomic():
            due = Job.objects.filter(queue=queue, state=Job.State.READY, run_at__lte=now)
            first = due.order_by("run_at", "pk")[:1]
            # Who may not work beside another waits for the other's answer, and then looks.
            if not list(first.select_for_update()) or _is_taken(now):
                return []
            return _take(queue, 1, ticket, now)
    return _take(queue, limit, ticket, now)


def _take(queue: str, limit: int, ticket: str, now: datetime) -> list[Job]:
    skip = connection.features.has_select_for_update_skip_locked
    taking = TAKE.format(lock="FOR UPDATE SKIP LOCKED" if skip else "")
    values = [queue, now, limit, ticket, now + LEASE]
    jobs = list(Job.objects.db_manager(connection.alias).raw(taking, values))
    return sorted(jobs, key=lambda job: (job.run_at, job.pk))


def _is_taken(now: datetime) -> bool:
    """Whether somebody who may still live is at a job that takes minutes."""
    held = Job.objects.filter(queue__in=ONE_AT_A_TIME, state=Job.State.LEASED, lease_until__gte=now)
    return held.exists()


def do(job: Job) -> bool:
    """Do one leased job and remove it; on failure, retry later or set it aside."""
    started = time.perf_counter()
    with ExitStack() as around:
        around.enter_context(logs.about(job=f"{job.kind}#{job.pk}"))
        for each in AROUND_EACH:
            around.enter_context(each())
        well = _do(job)
    seconds = time.perf_counter() - started
    known = job.kind if job.kind in HANDLERS else "unknown"
    counters.count_job(kind=known, queue=job.queue, well=well, seconds=seconds)
    return well


def _do(job: Job) -> bool:
    chosen = HANDLERS.get(job.kind)
    in_hand = _IN_HAND.set(job)
    try:
        if chosen is None:
            raise LookupError(f"No handler for {job.kind}")
        if chosen.atomic:
            with transaction.atomic():
                if _finish(job):
                    chosen.run(**job.arguments)
        else:
            chosen.run(**job.arguments)
            _finish(job)
    except LetGo:
        _give_back(job)
        return False
    except Exception as error:
        logger.exception("Job %s %s failed (try %d)", job.kind, job.key, job.tries)
        _fail(job, repr(error), now=timezone.now())
        return False
    finally:
        _IN_HAND.reset(in_hand)
    return True


def hold_on(*, now: datetime) -> None:
    """Keep the job that is being done for another LEASE. Raises LetGo when it must be left.

    Cheap enough to be called every second; where no job is being done, there is nothing to hold.
    """
    job = _IN_HAND.get()
    if job is None:
        return
    if stopping.is_asked():
        raise LetGo
    if job.lease_until is not None and now < job.lease_until - LEASE + RENEW_EVERY:
        return
    job.lease_until = now + LEASE
    held = Job.objects.filter(pk=job.pk, lease=job.lease, state=Job.State.LEASED)
    if not held.update(lease_until=job.lease_until):
        raise LetGo


def _give_back(job: Job) -> None:
    """As if it had never been taken; where the same work was noted again, that is enough."""
    held = Job.objects.filter(pk=job.pk, lease=job.lease, state=Job.State.LEASED)
    if job.key and _waits_already(job):
        held.delete()
        return
    held.update(state=Job.State.READY, lease="", lease_until=None, tries=F("tries") - 1)


def _finish(job: Job) -> bool:
    """Remove the job if this lease still holds it; False when somebody else retook it."""
    return bool(Job.objects.filter(pk=job.pk, lease=job.lease, state=Job.State.LEASED).delete()[0])


def _fail(job: Job, error: str, *, now: datetime) -> None:
    """Give the job back with a growing pause, or set it aside after MAX_TRIES."""
    aside = job.tries >= MAX_TRIES
    pause = FIRST_RETRY * 4 ** (job.tries - 1)
    held = Job.objects.filter(pk=job.pk, lease=job.lease, state=Job.State.LEASED)
    if not aside and job.key and _waits_already(job):
        held.delete()  # the same work was noted again meanwhile
        return
    with transaction.atomic():
        given = held.update(
            state=Job.State.ASIDE if aside else Job.State.READY,
            run_at=now + pause,
            lease="",
            lease_until=None,
            last_error=error[:2000],
        )
        chosen = HANDLERS.get(job.kind)
        if given and aside and chosen and chosen.given_up:
            chosen.given_up(**job.arguments)


def _waits_already(job: Job) -> bool:
    return Job.objects.filter(kind=job.kind, key=job.key, state=Job.State.READY).exists()


def retake_expired(*, now: datetime) -> int:
    """Give back the jobs whose worker died holding them; return how many."""
    lost = list(Job.objects.filter(state=Job.State.LEASED, lease_until__lt=now)[:500])
    for job in lost:
        _fail(job, "The worker that held this job is gone.", now=now)
    return len(lost)


def put_back(jobs: Iterable[Job], *, now: datetime) -> int:
    """Try again jobs that were set aside (an operator's decision)."""
    count = 0
    for job in jobs:
        if job.state == Job.State.ASIDE and not (job.key and _waits_already(job)):
            count += Job.objects.filter(pk=job.pk, state=Job.State.ASIDE).update(
                state=Job.State.READY, tries=0, run_at=now
            )
    return count
