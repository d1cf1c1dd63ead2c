"""/healthz and /readyz: 200 only when those who serve are alive, and a reason when not."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from community import health
from community.health import SILENT_FOR, check_health
from community.outbox.models import Heartbeat

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=timezone.get_default_timezone())


def beat(name: str, *, ago: timedelta = timedelta(0), now: datetime = NOW) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"beaten_at": now - ago})


def test_all_is_well_while_worker_and_beat_show_themselves(db: None) -> None:
    beat("worker", ago=SILENT_FOR)
    beat("beat")
    report = check_health(now=NOW)
    assert report.serves
    assert report.missing == {}


def test_a_worker_that_never_came_or_fell_silent_is_missing(db: None) -> None:
    beat("beat")
    assert check_health(now=NOW).missing == {"worker": "has not shown itself yet"}
    beat("worker", ago=timedelta(seconds=31))
    report = check_health(now=NOW)
    assert not report.serves
    assert report.missing == {"worker": "silent for 31 s"}


def test_a_silent_beat_is_named_but_people_are_served(db: None) -> None:
    beat("worker")
    report = check_health(now=NOW)
    assert report.serves
    assert set(report.missing) == {"beat"}


def test_a_clock_that_runs_ahead_is_no_death(db: None) -> None:
    beat("worker", ago=-timedelta(hours=1))
    assert check_health(now=NOW).worker.ok


def test_a_database_that_cannot_be_read_is_said_without_its_secrets(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise DatabaseError("password authentication failed for user tide at 10.0.0.3")

    monkeypatch.setattr(Heartbeat.objects, "values_list", refuse)
    report = check_health(now=NOW)
    assert not report.serves
    assert set(report.missing) == {"database", "worker", "beat"}
    assert "tide" not in str(report.missing)


def test_healthz_costs_one_query(db: None, client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        check_health(now=NOW)


def test_healthz_answers_200_when_well_and_503_with_what_is_missing(
    db: None, client: Client
) -> None:
    sick = client.get("/healthz")
    assert sick.status_code == 503
    assert sick.json()["missing"]["worker"] == "has not shown itself yet"
    beat("worker", now=timezone.now())
    well = client.get("/healthz")
    assert well.status_code == 200
    assert well.json()["ok"] is True
    assert well["Cache-Control"] == sick["Cache-Control"] == "no-store"


def test_healthz_changes_nothing_and_says_so(db: None, client: Client) -> None:
    assert client.head("/healthz").status_code == 503
    assert client.post("/healthz").status_code == 405


def test_readyz_names_each_part_and_the_pending_migrations(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("worker", "beat"):
        beat(name, now=timezone.now())
    ready = client.get("/readyz")
    assert ready.status_code == 200
    parts = {"web", "database", "worker", "queues", "beat", "migrations", "broker"}
    # And cache and files, where they are servers (test_servers.py).
    assert set(ready.json()["parts"]) - {"cache", "files"} == parts
    monkeypatch.setattr(health, "pending_migrations", lambda: ["feeds.0009_tide"])
    waiting = client.get("/readyz")
    assert waiting.status_code == 503
    assert waiting.json()["parts"]["migrations"] == {"ok": False, "why": "pending: feeds.0009_tide"}
