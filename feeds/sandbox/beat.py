"""What workers and beat do, in this process: every periodic task at its time, jobs as they come.

The tasks and their times are those of the schedule that beat uses; what is left out is named.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.conf import settings

from community.outbox import jobs
from community.outbox.models import Job

# Lists of readers are made when they ask; guardrails would put another policy in the place of the
# one that is tried; the rest serves pages nobody opens here, or trains.
LEFT_OUT = {
    "feeds.precompute_discover", "feeds.precompute_nearby", "feeds.learn_from_behaviour",
    "feeds.train_ranker", "quality.learn_weights", "lexicon.relate_tags", "lexicon.count_words",
    "lexicon.learn_channels", "feeds.gather_words", "feeds.keep_searches", "artefacts.tidy",
    "feeds.find_topics", "webhooks.ring", "quality.follow_standard", "experiments.look_after",
    "insights.count_audiences",
}  # fmt: skip
# Tasks whose cost has nothing to do with pools, made rarer as an operator could.
RARER = {
    "feeds.precompute_hot": timedelta(hours=1),
    "community.repair_search": timedelta(hours=6),
    "originality.repair": timedelta(hours=6),
}
QUEUES = ("fanout", "feeds", "default")


class Beat:
    """Rings tasks that are due, each at most once a call."""

    def __init__(self, now: datetime) -> None:
        current_app.loader.import_default_modules()
        schedule: dict[str, Any] = settings.CELERY_BEAT_SCHEDULE
        times: dict[str, timedelta] = {row["task"]: row["schedule"] for row in schedule.values()}
        self.every = {
            name: max(every, RARER.get(name, every))
            for name, every in times.items()
            if name not in LEFT_OUT
        }
        self.rung = dict.fromkeys(self.every, now)

    def ring(self, now: datetime) -> int:
        """Run what is due; returns how many tasks ran."""
        due = [name for name, every in self.every.items() if now - self.rung[name] >= every]
        for name in due:
            self.rung[name] = now
            current_app.tasks[name]()
        return len(due)


def work_off() -> int:
    """Do the jobs that wait. Pictures are not drawn: a text's card is ready at once."""
    done = 0
    while some := sum(jobs.work_off(queue, batch=50) for queue in QUEUES):
        done += some
    Job.objects.filter(queue="media").delete()
    return done
