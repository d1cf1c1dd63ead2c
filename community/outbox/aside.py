"""What workers have before them and what they gave up, for people who look after a community."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from .models import Job

# KeyError('bowl 7') and KeyError('bowl 8') are one trouble: values differ, kinds do not.
_VALUE = re.compile(r"\(.*|\d+", re.S)


@dataclass(frozen=True)
class Row:
    """All tasks of one kind in one queue."""

    queue: str
    kind: str
    ready: int
    leased: int
    aside: int
    # When the oldest one that is due was to begin.
    oldest: datetime | None
    # Kinds of trouble among those set aside, with how many have it.
    reasons: dict[str, int]


def summary(*, now: datetime) -> list[Row]:
    """A row for each kind that has tasks, those with something set aside first."""
    counts: dict[tuple[str, str], dict[str, int]] = {}
    rows = Job.objects.order_by().values_list("queue", "kind", "state").annotate(n=Count("pk"))
    for queue, kind, state, number in rows:
        counts.setdefault((queue, kind), {})[state] = number
    oldest = _oldest(now)
    found = [
        Row(
            queue=queue, kind=kind, ready=states.get("ready", 0), leased=states.get("leased", 0),
            aside=states.get("aside", 0), oldest=oldest.get(kind),
            reasons=_reasons(kind) if states.get("aside") else {},
        )
        for (queue, kind), states in counts.items()
    ]  # fmt: skip
    return sorted(found, key=lambda row: (-row.aside, -row.ready, row.kind))


def _oldest(now: datetime) -> dict[str, datetime]:
    due = Job.objects.filter(state=Job.State.READY, run_at__lte=now).order_by()
    return dict(due.values_list("kind").annotate(first=Min("run_at")))


def _reasons(kind: str) -> dict[str, int]:
    errors = Job.objects.filter(kind=kind, state=Job.State.ASIDE).values_list("last_error")
    found: dict[str, int] = {}
    for (error,) in errors[:500]:
        name = _VALUE.sub("", error).strip() or error[:40]
        found[name] = found.get(name, 0) + 1
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def number_aside() -> int:
    return Job.objects.filter(state=Job.State.ASIDE).count()


def discard(jobs: Iterable[Job]) -> list[Job]:
    """Let go of jobs that were set aside: nobody does them any more. Those that went."""
    return [job for job in jobs if Job.objects.filter(pk=job.pk, state=Job.State.ASIDE).delete()[0]]
