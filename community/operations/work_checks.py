"""Checks of what works behind the pages: database, worker, beat, and the jobs that wait."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.db.models import Count, Max, Min, Q

from community import forgotten_files, servers
from community.health import check_health, pending_migrations
from community.outbox.models import Job, ScheduleSlot
from community.replica import MOST_LAG, REPLICA, ask_the_replica

from .findings import Finding, must, watch, well

# Work is looked for five times a second; what waits longer than this is not being done.
LONGEST_WAIT = timedelta(minutes=5)
# The most frequent tasks come every few seconds.
LONGEST_PAUSE = timedelta(minutes=5)
LARGEST_LOG_BYTES = 500_000_000
ANSWERED_WITHIN_SECONDS = 5.0


def database(now: datetime) -> Iterator[Finding]:
    started = time.monotonic()
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        yield must("database", str(error).splitlines()[0], "start it, or correct its settings")
        return
    if connection.vendor == "sqlite":
        yield from _sqlite(started)
    else:
        yield well("database", f"{connection.display_name} {_version()}")
    if REPLICA in connections:
        yield _replica()
    yield _migrations()
    yield _cache()


def _replica() -> Finding:
    """Whether the standby follows closely enough to be read."""
    try:
        _position, lag = ask_the_replica()
    except DatabaseError as error:
        said = f"does not answer ({type(error).__name__}); the primary is read"
        return watch("replica", said, "start it, or take ROCKPOOL_REPLICA_URL away")
    if lag > MOST_LAG:
        said = f"{lag.total_seconds():.0f} s behind, so that nobody reads it"
        return watch("replica", said, "look at its log, its disk and the network in between")
    return well("replica", f"follows, {lag.total_seconds():.1f} s behind")


def _sqlite(started: float) -> Iterator[Finding]:
    """The pragmas that a like storm needs, and that no page of the file is damaged."""
    with connection.cursor() as cursor:
        answers = {}
        for name in ("journal_mode", "foreign_keys", "quick_check(1)"):
            cursor.execute(f"PRAGMA {name}")
            answers[name] = cursor.fetchone()[0]
    in_memory = answers["journal_mode"] == "memory"
    if answers["quick_check(1)"] != "ok":
        yield must(
            "database", f"damaged: {answers['quick_check(1)']}", "restore the newest good backup"
        )
    elif answers["journal_mode"] != "wal" and not in_memory:
        yield must("database", f"journal {answers['journal_mode']}", "it has to be on a local disk")
    elif not answers["foreign_keys"]:
        yield must("database", "foreign keys are not kept", "leave init_command as it is")
    else:
        took = time.monotonic() - started
        yield well("database", f"SQLite {_version()}, whole ({took:.1f} s)")
    log = Path(f"{connection.settings_dict['NAME']}-wal")
    if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES:
        size = log.stat().st_size / 1e6
        yield watch("write-ahead log", f"{size:,.0f} MB", "a process reads for very long: end it")


def _version() -> str:
    return ".".join(map(str, connection.get_database_version()))


def _migrations() -> Finding:
    pending = pending_migrations()
    if not pending:
        return well("migrations", "all there")
    return must("migrations", f"{len(pending)} pending, first {pending[0]}", "manage.py migrate")


def _cache() -> Finding:
    if servers.is_redis_the_cache():
        return _redis_as_the_cache()
    alias = "cache" if "cache" in settings.DATABASES else "default"
    backend, table = (str(settings.CACHES["default"].get(n, "")) for n in ("BACKEND", "LOCATION"))
    if "Database" not in backend:
        return well("cache", backend.rsplit(".", 1)[-1])
    if table in connections[alias].introspection.table_names():
        return well("cache", f"table {table}")
    return must("cache", "has no table", f"manage.py createcachetable --database {alias}")


def _redis_as_the_cache() -> Finding:
    """Asked for itself: the broker may be another server, and pages do not say that it is away."""
    why = servers.answers({"cache": servers.ask_cache}, ANSWERED_WITHIN_SECONDS)["cache"]
    if not why:
        return well("cache", "Redis answers")
    said = f"Redis {why}; pages are slower, and limits of rates count nothing"
    return must("cache", said, "start it, or correct ROCKPOOL_REDIS_URL")


def processes(now: datetime) -> Iterator[Finding]:
    """Worker and beat have shown that they live; beat's slots are taken, so its tasks run."""
    report = check_health(now=now)
    for name, part in (("worker", report.worker), ("beat", report.beat)):
        if part.ok:
            yield well(name, "lives")
        else:
            yield must(name, part.why, f"systemctl start rockpool-{name}, or make run")
    if not report.queues.ok:
        yield must("queues", report.queues.why, "start a worker with --queues, or one without")
    newest = ScheduleSlot.objects.aggregate(newest=Max("taken_at"))["newest"]
    if report.beat.ok and (newest is None or now - newest > LONGEST_PAUSE):
        yield must("schedule", "beat lives and no periodic task runs", "look at worker and broker")


def jobs(now: datetime) -> Iterator[Finding]:
    """Jobs that wait too long, and jobs that were given up."""
    ready, aside = Q(state=Job.State.READY, run_at__lte=now), Q(state=Job.State.ASIDE)
    lost = Q(state=Job.State.LEASED, lease_until__lt=now - LONGEST_WAIT)
    found = Job.objects.aggregate(
        due=Count("pk", filter=ready),
        oldest=Min("run_at", filter=ready),
        aside=Count("pk", filter=aside),
        lost=Count("pk", filter=lost),
    )
    if found["oldest"] is not None and now - found["oldest"] > LONGEST_WAIT:
        minutes = (now - found["oldest"]).total_seconds() / 60
        yield must(
            "backlog",
            f"{found['due']} jobs due, the oldest for {minutes:.0f} minutes",
            "more workers, or find what stops them in their log",
        )
    else:
        yield well("backlog", f"{found['due']} jobs due")
    if kept := forgotten_files.refused():
        said = f"{kept} that nothing names any more; the store did not take their removal"
        yield watch("files", said, "let the key of ROCKPOOL_MEDIA_URL delete; it is tried again")
    if found["lost"]:
        yield must("leases", f"{found['lost']} ended and not taken back", "see that beat runs")
    if found["aside"]:
        yield must(
            "dead jobs",
            f"{found['aside']} were given up",
            "read why and put them back: /admin/outbox/job/?state__exact=aside",
        )
    else:
        yield well("dead jobs", "none")
