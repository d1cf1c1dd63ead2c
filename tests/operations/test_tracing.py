"""Traces as a collector gets them: requests, statements, tasks and jobs, and nobody's name."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from celery import shared_task
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from community.operations import settings_checks, tracing
from community.operations.findings import State
from community.outbox import jobs

ROOT = Path(__file__).parents[2]
needs_packages = pytest.mark.skipif(
    tracing.is_missing(), reason="needs requirements-telemetry.txt: make test-scaled"
)


class Collector(ThreadingHTTPServer):
    """Takes what is sent; `bodies` as they came, uncompressed."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Receive)
        self.bodies, self.paths = [], []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"

    def spans(self):
        """All of them, as the messages that came."""
        from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
            ExportTraceServiceRequest,
        )

        for body in self.bodies:
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    yield from scope.spans

    def named(self, name):
        return [span for span in self.spans() if span.name == name]


class Receive(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.server.bodies.append(body)
        self.server.paths.append((self.path, self.headers["Content-Type"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def said(span):
    return {a.key: a.value.string_value or a.value.int_value for a in span.attributes}


@pytest.fixture
def collector(settings, monkeypatch):
    collector = Collector()
    settings.MIDDLEWARE = [
        settings.MIDDLEWARE[0],
        "community.operations.tracing.TraceRequests",
        *settings.MIDDLEWARE[1:],
    ]
    monkeypatch.setattr(jobs, "AROUND_EACH", [*jobs.AROUND_EACH, tracing.around_job])
    tracing.start(collector.address)
    with connection.execute_wrapper(tracing._traced):
        yield collector
    tracing.stop()
    collector.shutdown()
    collector.server_close()


@needs_packages
def test_a_request_is_told_by_its_route_with_its_statements_and_its_id(db, alice, collector):
    page = Client().get(reverse("profile", args=["alice"]), {"token": "a-secret-of-hers"})
    tracing._flush()
    assert set(collector.paths) == {("/v1/traces", "application/x-protobuf")}
    (request,) = collector.named("GET profile")
    assert said(request) == {
        "http.request.method": "GET",
        "http.route": "profile",
        "http.response.status_code": 200,
        "rockpool.request": page["X-Request-ID"],
    }
    statements = [span for span in collector.spans() if "db.query.text" in said(span)]
    assert len(statements) > 3
    assert {span.trace_id for span in statements} == {request.trace_id}
    assert {said(span)["rockpool.request"] for span in statements} == {page["X-Request-ID"]}
    assert any('SELECT "accounts_user"' in said(span)["db.query.text"] for span in statements)


@needs_packages
def test_nobody_is_named_in_a_trace(db, make_person, collector):
    make_person("genevieve")
    User.objects.update(email="genevieve@example.org")
    client = Client(headers={"user-agent": "Genevieves-Telephone", "referer": "http://genevieve/"})
    client.get(
        reverse("profile", args=["genevieve"]), {"q": "genevieve"}, REMOTE_ADDR="203.0.113.9"
    )
    client.get("/genevieve/was/never/here/")
    client.post("/account/login/", {"login": "genevieve", "password": "genevieve-9"})
    with connection.cursor() as cursor, tracing.span("control"):
        cursor.execute("SELECT username FROM accounts_user WHERE username = 'genevieve'")
    with pytest.raises(ValueError, match="genevieve"), tracing.span("broken"):
        raise ValueError("genevieve is not to be told")
    tracing._flush()
    everything = b"".join(collector.bodies).lower()
    for word in (b"genevieve", b"203.0.113.9", b"example.org"):
        assert word not in everything
    # The control: what is told stands there readably, the statement with the name left out.
    assert b"where username = '\xe2\x80\xa6'" in everything
    (broken,) = collector.named("broken")
    assert (said(broken), broken.status.message, len(broken.events)) == (
        {"error.type": "ValueError"}, "", 0,
    )  # fmt: skip


@shared_task(name="tests.traced")
def traced() -> int:
    return jobs.work_off("default")


@needs_packages
def test_tasks_and_their_jobs_are_told_together(db, collector, monkeypatch):
    monkeypatch.setitem(
        jobs.HANDLERS, "tests.kind", jobs.Handler(lambda: None, "default", True, None)
    )
    jobs.enqueue("tests.kind")
    done = traced.apply()
    tracing._flush()
    (task,) = collector.named("task tests.traced")
    (job,) = collector.named("job tests.kind")
    assert said(task)["rockpool.task"] == said(job)["rockpool.task"] == done.id
    assert (job.trace_id, said(job)["rockpool.job"][:11]) == (task.trace_id, "tests.kind#")
    deleted = [span for span in collector.named("DELETE") if span.parent_span_id == job.span_id]
    assert deleted


@needs_packages
def test_a_span_is_continued_for_a_trusted_proxy_only(db, collector, settings):
    given = {"traceparent": f"00-{'ab' * 16}-{'cd' * 8}-01"}
    for proxies in (0, 1):
        settings.TRUSTED_PROXIES = proxies
        Client(headers=given).get("/healthz", secure=True)
    tracing._flush()
    stranger, trusted = [span for span in collector.spans() if "http.route" in said(span)]
    assert stranger.trace_id.hex() != "ab" * 16
    assert (trusted.trace_id.hex(), trusted.parent_span_id.hex()) == ("ab" * 16, "cd" * 8)


@needs_packages
def test_a_collector_that_is_away_costs_nothing_but_the_traces(db, collector):
    collector.shutdown()
    collector.server_close()
    assert Client().get("/healthz").status_code in (200, 503)


def test_without_a_collector_nothing_is_imported():
    told = os.environ | {"ROCKPOOL_ENV": "test"}
    told.pop("ROCKPOOL_OTLP_ENDPOINT", None)
    code = (
        "import django, sys; django.setup();"
        "from django.conf import settings;"
        "from django.core.handlers.wsgi import WSGIHandler; WSGIHandler();"
        "assert not [m for m in sys.modules if m.startswith('opentelemetry')];"
        "assert not any('Trace' in m for m in settings.MIDDLEWARE)"
    )
    told["DJANGO_SETTINGS_MODULE"] = "community.settings"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=told, check=True)


def found_by_doctor():
    return [(f.state, f.mend) for f in settings_checks.traces(timezone.now())]


def test_doctor_says_when_the_packages_are_missing(settings, monkeypatch, caplog):
    assert found_by_doctor() == []
    settings.OTLP_ENDPOINT = "http://collector:4318"
    monkeypatch.setattr(tracing, "is_missing", lambda: True)
    assert found_by_doctor() == [(State.MEND, tracing.INSTALL)]
    # And it runs without them.
    tracing.start(settings.OTLP_ENDPOINT)
    assert "packages are missing" in caplog.text
    assert tracing._tracer is None
    monkeypatch.setattr(tracing, "is_missing", lambda: False)
    assert found_by_doctor()[0][0] == State.WELL
    settings.OTLP_ENDPOINT = "collector:4317"
    assert found_by_doctor()[0][0] == State.MEND
