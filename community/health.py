"""Is everything that serves people alive? `/healthz` for machines that watch, `/readyz` for people;
`/livez` for whoever starts a process anew that does not answer.

The worker and beat show that they live by a row that they touch. The rows are read here, and nobody
is asked over the broker: a watcher must get its answer also when the part it asks about hangs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from community.outbox.models import Heartbeat
from community.servers import SERVERS

# A process that has not shown itself for this long is taken for dead.
SILENT_FOR = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the house: whether it is well, and in words why not."""

    ok: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class HealthReport:
    """What `check_health` found. Without web, database and worker nobody is served properly."""

    web: Part
    database: Part
    worker: Part
    # Where work is split into queues: whether each has a worker.
    queues: Part
    beat: Part

    @property
    def serves(self) -> bool:
        """Web, database and a worker are well. Beat may be away, since its slots are made up
        later, and so may who serves one queue: another machine would not do better."""
        return self.web.ok and self.database.ok and self.worker.ok

    @property
    def missing(self) -> dict[str, str]:
        """The parts that are not well, each with its reason."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: part.why for name, part in parts.items() if not part.ok}


def check_health(*, now: datetime) -> HealthReport:
    """Look at every part: one small query, and never an exception."""
    here = Part(ok=True)  # whoever runs this line is the web
    try:
        beats = dict(Heartbeat.objects.values_list("name", "beaten_at"))
    except DatabaseError as error:
        unknown = Part(ok=False, why="unknown while the database cannot be read")
        queues = unknown if settings.TASK_QUEUES else Part(ok=True)
        return HealthReport(here, Part(ok=False, why=_in_words(error)), unknown, queues, unknown)
    return HealthReport(
        web=here,
        database=Part(ok=True),
        worker=_judge_beat(beats.get("worker"), now),
        queues=_judge_queues(beats, now),
        beat=_judge_beat(beats.get("beat"), now),
    )


def _judge_queues(beats: dict[str, datetime], now: datetime) -> Part:
    silent = [
        name
        for name in settings.TASK_QUEUES
        if not _judge_beat(beats.get(f"worker:{name}"), now).ok
    ]
    return Part(ok=not silent, why="no worker serves " + ", ".join(silent) if silent else "")


def _judge_beat(beaten_at: datetime | None, now: datetime) -> Part:
    if beaten_at is None:
        return Part(ok=False, why="has not shown itself yet")
    silence = now - beaten_at
    if silence > SILENT_FOR:
        return Part(ok=False, why=f"silent for {silence.total_seconds():.0f} s")
    return Part(ok=True)


def _in_words(error: DatabaseError) -> str:
    """A reason without table names, paths or addresses: anybody may ask."""
    return "has no tables yet" if "no such table" in str(error) else type(error).__name__


@require_safe
def livez(request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers: it asks nobody else, since starting it anew would mend
    nothing of what is away."""
    return _answer({"ok": True}, ok=True)


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when web, database and worker are well, else 503 with what is missing and why."""
    report = check_health(now=timezone.now())
    return _answer({"ok": report.serves, "missing": report.missing}, ok=report.serves)


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Every part by name, pending migrations and the servers that pages can do without among them;
    503 when any of them is not well."""
    parts = asdict(check_health(now=timezone.now()))
    parts |= {name: asdict(Part(not why, why)) for name, why in SERVERS.reasons().items()}
    parts["migrations"] = asdict(_judge_migrations(pending_migrations))
    ok = all(part["ok"] for part in parts.values())
    return _answer({"ok": ok, "parts": parts}, ok=ok)


def pending_migrations() -> list[str]:
    """Names of the migrations that this code brings and the database has not seen."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def _judge_migrations(list_pending: Callable[[], list[str]]) -> Part:
    try:
        pending = list_pending()
    except DatabaseError as error:
        return Part(ok=False, why=_in_words(error))
    return Part(ok=not pending, why="pending: " + ", ".join(pending) if pending else "")


def _answer(body: dict[str, object], *, ok: bool) -> JsonResponse:
    response = JsonResponse(body, status=200 if ok else 503)
    response["Cache-Control"] = "no-store"
    # Watchers ask every few seconds: Django must not log each 503 as an error of the site.
    vars(response)["_has_been_logged"] = True
    return response
