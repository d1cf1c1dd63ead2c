"""The doctor finds each thing an operator can get wrong, and finds nothing where all is well."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone

from community.operations import broker_checks, machine_checks, settings_checks, work_checks
from community.operations.doctor import CHECKS, examine, is_well
from community.operations.findings import State, must, well
from community.outbox.models import Heartbeat, Job, ScheduleSlot

NOW = timezone.now()


def states(*checks: Any) -> dict[str, str]:
    return {finding.name: str(finding.state) for finding in examine(now=NOW, checks=checks)}


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    for name in ("DATA_DIR", "MEDIA_ROOT", "PRIVATE_ROOT", "MODELS_DIR"):
        setattr(settings, name, tmp_path)
    return tmp_path


@pytest.fixture
def public(settings: Any) -> Any:
    settings.PRODUCTION, settings.ENVIRONMENT = True, "production"
    settings.SECRET_KEY = "".join(chr(33 + n) for n in range(60))
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["pool.example.org"], "https://pool.example.org"
    settings.TRUSTED_PROXIES, settings.SECURE_SSL_REDIRECT = 1, True
    return settings


def test_a_public_site_that_is_set_up_well(public: Any, home: Path) -> None:
    found = states(
        settings_checks.environment, settings_checks.keys, settings_checks.names,
        settings_checks.proxies, settings_checks.figures, machine_checks.folders,
    )  # fmt: skip
    assert set(found.values()) == {"well"}


@pytest.mark.parametrize(
    ("setting", "value", "check", "name"),
    [
        ("DEBUG", True, settings_checks.environment, "debug"),
        ("SECRET_KEY", "short", settings_checks.keys, "secret key"),
        ("SECRET_KEY", "a" * 80, settings_checks.keys, "secret key"),
        ("VAPID_KEY", "no key", settings_checks.keys, "push key"),
        ("ALLOWED_HOSTS", ["*"], settings_checks.names, "hosts"),
        ("ALLOWED_HOSTS", ["other.example.org"], settings_checks.names, "hosts"),
        ("SITE_URL", "http://pool.example.org", settings_checks.names, "site address"),
        ("SITE_URL", "pool.example.org", settings_checks.names, "site address"),
        ("SITE_URL", "https://pool.example.org/x", settings_checks.names, "site address"),
        ("TRUSTED_PROXIES", 0, settings_checks.proxies, "proxies"),
        ("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend",
         settings_checks.post, "mail"),
    ],
)  # fmt: skip
def test_a_setting_that_is_wrong(
    public: Any, home: Path, setting: str, value: Any, check: Any, name: str
) -> None:
    setattr(public, setting, value)
    findings = {finding.name: finding for finding in examine(now=NOW, checks=[check])}
    assert findings[name].state == State.MEND
    assert findings[name].mend


def test_a_mail_server_that_is_away_and_one_that_answers(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_HOST_USER = "127.0.0.1", ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.DEFAULT_FROM_EMAIL = "Pool <tide@pool.example.org>"
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_PORT = server.getsockname()[1]
        thread = threading.Thread(target=_be_a_mail_server, args=(server,))
        thread.start()
        assert states(settings_checks.post) == {"mail": "well"}
        thread.join()
    assert states(settings_checks.post) == {"mail": "mend"}


def _be_a_mail_server(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection, connection.makefile("rb") as lines:
        connection.sendall(b"220 tide\r\n")
        for line in lines:
            connection.sendall(b"221 bye\r\n" if line.startswith(b"QUIT") else b"250 tide\r\n")
            if line.startswith(b"QUIT"):
                break


@pytest.fixture
def answering(settings: Any) -> Iterator[dict[str, int]]:
    said = {"status": 200}

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name is given
            self.send_response(said["status"])
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.SITE_URL = f"http://127.0.0.1:{server.server_port}"
    yield said
    server.shutdown()
    thread.join()
    server.server_close()


def test_whether_the_own_address_answers(answering: dict[str, int], settings: Any) -> None:
    for status, state in ((200, "well"), (503, "well"), (400, "mend"), (502, "mend")):
        answering["status"] = status
        assert states(settings_checks.reach) == {"reached": state}
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings.SITE_URL = f"http://127.0.0.1:{port}"
    assert states(settings_checks.reach) == {"reached": "mend"}


def test_a_folder_that_cannot_be_written(
    home: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = home / "a-file"
    settings.MEDIA_ROOT.write_text("in the way")
    assert states(machine_checks.folders) == {"folder media": "mend"}


def test_files_of_somebody_else_and_keys_that_all_may_read(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "secret_key").write_text("key")
    (home / "secret_key").chmod(0o600)
    assert states(machine_checks.folders) == {"folders": "well"}
    (home / "secret_key").chmod(0o644)
    assert states(machine_checks.folders) == {"owner": "mend"}
    (home / "secret_key").chmod(0o600)
    monkeypatch.setattr(os, "geteuid", lambda: 4_242_424)
    assert states(machine_checks.folders) == {"owner": "mend"}


def test_what_mkfs_left_is_nobodys_fault(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4_242_424)
    (home / "lost+found").mkdir()
    assert states(machine_checks.folders) == {"folders": "well"}


@pytest.mark.parametrize(("free", "state"), [(10**8, "mend"), (10**9, "watch"), (10**11, "well")])
def test_a_disk_that_fills(
    home: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: str
) -> None:
    usage = type("Usage", (), {"free": free, "total": 10**12})
    monkeypatch.setattr(machine_checks.shutil, "disk_usage", lambda path: usage)
    assert states(machine_checks.room)["disk"] == state


def test_a_clock_that_went_back(db: None, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_checks, "_is_synchronised", lambda: None)
    Heartbeat.objects.create(name="worker", beaten_at=NOW)
    assert states(machine_checks.clock) == {"clock": "well"}
    Heartbeat.objects.update(beaten_at=NOW + timedelta(minutes=3))
    assert states(machine_checks.clock) == {"clock": "mend"}
    Heartbeat.objects.all().delete()
    monkeypatch.setattr(machine_checks.time, "time", lambda: NOW.timestamp() + 60)
    assert states(machine_checks.clock) == {"clock": "mend"}


@pytest.mark.parametrize(
    ("behind", "state"), [(timedelta(0), "well"), (timedelta(minutes=1), "watch"), (None, "watch")]
)
def test_a_replica_that_lags_or_is_away(
    db: None, monkeypatch: pytest.MonkeyPatch, behind: timedelta | None, state: str
) -> None:
    def answer() -> tuple[int | None, timedelta]:
        if behind is None:
            raise DatabaseError
        return 1, behind

    assert "replica" not in states(work_checks.database)
    monkeypatch.setitem(work_checks.connections.settings, "replica", {})
    monkeypatch.setattr(work_checks, "ask_the_replica", answer)
    assert states(work_checks.database)["replica"] == state


def test_static_files_that_were_not_collected_or_are_old(home: Path, settings: Any) -> None:
    source, root = home / "source", home / "built"
    for folder in (source, root):
        folder.mkdir()
    (source / "a.css").write_text("a")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT, settings.LOCALE_PATHS = [source], root, []
    assert states(machine_checks.built)["static files"] == "mend"
    (root / "staticfiles.json").write_text(json.dumps({"paths": {"a.css": "a.1.css"}}))
    os.utime(source / "a.css", (1, 1))
    assert states(machine_checks.built)["static files"] == "well"
    (source / "b.css").write_text("b")
    assert states(machine_checks.built)["static files"] == "mend"


def test_translations_that_were_not_compiled(home: Path, settings: Any) -> None:
    po = home / "zh_Hans/LC_MESSAGES/django.po"
    po.parent.mkdir(parents=True)
    po.write_text("")
    settings.LOCALE_PATHS = [home]
    assert states(machine_checks.built)["translations"] == "mend"
    po.with_suffix(".mo").write_text("")
    assert states(machine_checks.built)["translations"] == "well"


def test_ffmpeg_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    assert states(machine_checks.video) == {"ffmpeg": "well"}
    monkeypatch.setattr(machine_checks.ffmpeg, "program", lambda: "/nowhere/ffmpeg")
    assert states(machine_checks.video) == {"ffmpeg": "mend"}


def test_a_database_in_order_and_one_with_migrations_to_come(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = states(work_checks.database)
    assert {found[name] for name in ("database", "migrations", "cache")} == {"well"}
    monkeypatch.setattr(work_checks, "pending_migrations", lambda: ["feeds.0009_tide"])
    assert states(work_checks.database)["migrations"] == "mend"


def test_processes_that_died_and_a_schedule_that_stands_still(db: None) -> None:
    assert states(work_checks.processes) == {"worker": "mend", "beat": "mend"}
    for name in ("worker", "beat"):
        Heartbeat.objects.create(name=name, beaten_at=NOW)
    assert states(work_checks.processes)["schedule"] == "mend"
    ScheduleSlot.objects.create(task="tide", slot=1, taken_at=NOW)
    assert states(work_checks.processes) == {"worker": "well", "beat": "well"}


def test_jobs_that_wait_died_or_were_lost(db: None) -> None:
    assert states(work_checks.jobs) == {"backlog": "well", "dead jobs": "well"}
    said = {"kind": "tide", "created_at": NOW, "run_at": NOW - timedelta(minutes=4)}
    Job.objects.create(**said)
    assert states(work_checks.jobs)["backlog"] == "well"
    Job.objects.create(**said | {"run_at": NOW - timedelta(minutes=6)})
    Job.objects.create(**said | {"run_at": NOW}, state=Job.State.ASIDE)
    Job.objects.create(
        **said | {"run_at": NOW}, state=Job.State.LEASED, lease_until=NOW - timedelta(hours=1)
    )
    found = states(work_checks.jobs)
    assert found == {"backlog": "mend", "leases": "mend", "dead jobs": "mend"}


def test_a_check_that_fails_is_a_finding_and_the_others_go_on() -> None:
    def breaks(now: Any) -> Any:
        raise RuntimeError("tide")

    found = examine(now=NOW, checks=[breaks, lambda now: iter([well("after", "fine")])])
    assert [str(finding.state) for finding in found] == ["mend", "well"]
    assert "tide" in found[0].said


def test_the_command_exits_with_1_when_something_must_be_mended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    findings = [well("disk", "large")]
    command = "community.management.commands.doctor"
    monkeypatch.setattr(f"{command}.absent_community", lambda: None)
    monkeypatch.setattr(f"{command}.examine", lambda now: list(findings))
    said = io.StringIO()
    call_command("doctor", "--json", stdout=said)
    assert json.loads(said.getvalue())["ok"] is True
    findings.append(must("worker", "silent", "start it"))
    lines = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("doctor", stdout=lines)
    assert end.value.code == 1
    assert "MEND   worker  silent -> start it" in lines.getvalue()
    assert not is_well(findings)


def test_a_folder_without_a_community_is_said_to_be_one_and_stays_so(tmp_path: Path) -> None:
    """In a process of its own: reading settings makes the key, and nothing else is made."""
    wrong = tmp_path / "wrong"
    environment = {"PATH": os.environ["PATH"], "ROCKPOOL_DATA": str(wrong)}
    command = [sys.executable, "manage.py", "doctor", "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    (found,) = json.loads(done.stdout)["findings"]
    assert (done.returncode, found["name"], found["state"]) == (1, "community", "mend")
    assert str(wrong) in found["said"]
    assert {path.name for path in wrong.iterdir()} == {"secret_key"}


def test_every_check_is_on_the_list() -> None:
    modules = (broker_checks, machine_checks, settings_checks, work_checks)
    public = {
        found for module in modules for name, found in vars(module).items()
        if not name.startswith("_") and getattr(found, "__module__", "") == module.__name__
        and callable(found)
    }  # fmt: skip
    assert public == set(CHECKS)


# ---------------------------------------------------------------- the broker
def test_a_broker_that_is_a_folder_needs_no_server(settings: Any) -> None:
    settings.CELERY_BROKER_URL = "atomicfiles://localhost"
    assert states(broker_checks.broker) == {"broker": "well"}


def test_a_broker_that_does_not_answer_is_found_and_its_password_kept(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    settings.CELERY_BROKER_URL = f"amqp://pool:secret@127.0.0.1:{port}//"
    (found,) = examine(now=NOW, checks=[broker_checks.broker])
    assert (found.state, "RabbitMQ does not let us in" in found.said) == (State.MEND, True)
    assert "secret" not in found.said + found.mend
