"""Celery's queues by kind of work: what waits where, what goes first, and how long it may take.

Where the broker is a server each queue can have workers of its own (`community.runner.one worker
--queues media`), so that a film or a training never stands before a like. The embedded broker keeps
one queue for one worker: polling six folders for two task processes would win nothing.

Read by the settings, so nothing here may import Django's applications.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from kombu.entity import Queue

RING = "outbox.work_off"
# From being told to stop (SoftTimeLimitExceeded in the task) to being killed.
LAST_CHANCE = timedelta(minutes=1)
# Seconds in which a broker takes what it is sent. RabbitMQ confirms each message, and beat would
# wait for one that hangs without end: the plan would stand still when it is back (drill B3).
PATIENCE = {"timeout": 5, "confirm_timeout": 5}
# How much longer than any task a broker waits before it gives a message to somebody else.
MARGIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class TaskQueue:
    """One kind of work."""

    # Task processes of a worker that serves this queue alone.
    processes: int
    # How long one task may take.
    longest: timedelta
    # A task process that has grown beyond this is replaced after its task.
    memory_mb: int
    # Lower goes first where one worker serves several queues of a Redis (0, 3, 6 or 9).
    priority: int


QUEUES: dict[str, TaskQueue] = {
    # What must not wait: the sweeper, what falls due, and whatever has no queue of its own.
    "now": TaskQueue(2, timedelta(minutes=10), 250, priority=0),
    # Notes into the timelines of followers.
    "fanout": TaskQueue(2, timedelta(minutes=10), 250, priority=0),
    # Lists written ahead, digests of what was seen, pools.
    "feeds": TaskQueue(2, timedelta(minutes=20), 250, priority=3),
    # Mails, pushes, webhooks: waiting for other people's servers.
    "sending": TaskQueue(4, timedelta(minutes=10), 250, priority=3),
    # Pictures, films, archives.
    "media": TaskQueue(2, timedelta(minutes=40), 250, priority=6),
    # Training, replays and whatever reads the whole community.
    "learning": TaskQueue(1, timedelta(minutes=90), 250, priority=9),
}
NAMES = tuple(QUEUES)
DEFAULT = "now"

# The queue of the job table (`handler(…, queue=…)`) -> the queue its bell is rung in.
OF_JOBS: dict[str, str] = {
    "default": "now",
    "fanout": "fanout",
    "feeds": "feeds",
    "mail": "sending",
    "push": "sending",
    "webhooks": "sending",
    "media": "media",
    "video": "media",
    "archives": "media",
}
# Periodic tasks that do not belong into DEFAULT.
OF_TASKS: dict[str, str] = {
    "feeds.digest_events": "feeds",
    "feeds.advance_pools": "feeds",
    "feeds.admit_strays": "feeds",
    "feeds.precompute_hot": "feeds",
    "feeds.precompute_discover": "feeds",
    "feeds.precompute_nearby": "feeds",
    "feeds.tidy_timelines": "fanout",
    "notify.digests": "sending",
    "archives.expire": "media",
    "lexicon.relate_tags": "learning",
    "lexicon.count_words": "learning",
    "lexicon.learn_channels": "learning",
    "feeds.learn_supply": "learning",
    "feeds.find_topics": "learning",
    "feeds.learn_from_behaviour": "learning",
    "feeds.train_ranker": "learning",
    "lab.run_replays": "learning",
    "trust.watch": "learning",
    "quality.learn_weights": "learning",
    "collaborations.measure_creators": "learning",
    "originality.repair": "learning",
}

# Above the longest task, or a broker would give that task to a second worker while it runs.
LONGEST = max(queue.longest for queue in QUEUES.values()) + LAST_CHANCE
VISIBILITY = LONGEST + MARGIN


def declared() -> list[Queue]:
    """Celery's task_queues."""
    return [Queue(name, routing_key=name) for name in NAMES]


def queue_of_jobs(jobs: str) -> str:
    return OF_JOBS.get(jobs, DEFAULT)


def queue_of_task(name: str, jobs: str = "") -> str:
    """The queue of a task; of a bell, that of the jobs it is rung for."""
    return queue_of_jobs(jobs) if name == RING else OF_TASKS.get(name, DEFAULT)


def route(name: str, args: Any, kwargs: Any, options: Any, task: Any = None, **_: Any) -> Any:
    """One of Celery's task_routes."""
    queue = queue_of_task(name, args[0] if name == RING and args else "")
    # A bell asks for a few seconds of work that somebody waits for; a tick of a plan can wait.
    priority = QUEUES[queue].priority if name != RING else max(0, QUEUES[queue].priority - 3)
    return {"queue": queue, "priority": priority} | PATIENCE


def limits_of(queue: str) -> dict[str, float]:
    """Celery's time limits of a task in this queue, in seconds."""
    longest = QUEUES[queue].longest
    return {
        "soft_time_limit": longest.total_seconds(),
        "time_limit": (longest + LAST_CHANCE).total_seconds(),
    }


def limits_of_all(tasks: Collection[str]) -> Mapping[str, Any]:
    """Celery's task_annotations: the limits of each of these tasks."""
    return {name: limits_of(queue_of_task(name)) for name in tasks}


def served_by(consumed: Collection[str]) -> Callable[[str], bool]:
    """Whether a worker that consumes these of Celery's queues does the jobs of one of the table.

    A worker that consumes none of ours is that of an embedded community, and does all.
    """
    ours = frozenset(consumed) & QUEUES.keys()
    return lambda jobs: not ours or queue_of_jobs(jobs) in ours
