"""/metrics: for monitors only, over all processes, and cheap."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from community.operations import counters, gauges
from community.operations.gauges import as_text, work_gauges
from community.operations.slots import Slots, folder_for
from community.outbox import jobs
from community.outbox.models import Heartbeat, Job

NOW = timezone.now()
TOKEN = {"Authorization": "Bearer a-long-secret"}


def samples(text: bytes) -> dict[tuple[str, ...], float]:
    """(name, label values in order of their names) -> value; raises where it is no such text."""
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


@pytest.fixture
def monitor(client: Any, settings: Any, db: None) -> Any:
    settings.METRICS_TOKEN = "a-long-secret"

    def ask() -> dict[tuple[str, ...], float]:
        answer = client.get("/metrics", headers=TOKEN)
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "private, no-store"
        return samples(answer.content)

    return ask


@pytest.mark.parametrize(
    ("networks", "proxies", "address", "passed", "status"),
    [
        ([], 0, "10.0.0.9", None, 404),
        (["10.0.0.0/24"], 0, "10.0.0.9", None, 200),
        (["10.0.0.0/24"], 0, "10.0.1.9", None, 404),
        (["10.0.0.0/24"], 0, "192.0.2.1", "10.0.0.9", 404),  # nobody is believed who just says so
        (["10.0.0.0/24"], 1, "127.0.0.1", "10.0.0.9, 192.0.2.1", 404),
        (["10.0.0.0/24"], 1, "127.0.0.1", "10.0.0.9", 200),
        (["::1/128"], 0, "::1", None, 200),
        (["10.0.0.0/24"], 0, "::ffff:10.0.0.9", None, 200),
        (["10.0.0.0/24"], 0, "unix:", None, 404),
    ],
)
def test_from_which_networks(
    db: None, client: Any, settings: Any, networks: list[str], proxies: int, address: str,
    passed: str | None, status: int,
) -> None:  # fmt: skip
    settings.METRICS_NETWORKS, settings.TRUSTED_PROXIES = networks, proxies
    extra = {} if passed is None else {"HTTP_X_FORWARDED_FOR": passed}
    assert client.get("/metrics", REMOTE_ADDR=address, **extra).status_code == status


def test_a_strange_token_is_no_error(db: None, client: Any, settings: Any) -> None:
    settings.METRICS_TOKEN = "a-long-secret"
    for given in ("Bearer \u00e9\u00e9", "Basic x", "Bearer", ""):
        assert client.get("/metrics", headers={"Authorization": given}).status_code == 404


def test_requests_are_counted_by_route_and_never_by_address(monitor: Any, client: Any) -> None:
    name = "rockpool_http_requests_total"
    before = monitor()
    assert client.get("/healthz").status_code == 503
    for number in range(3):
        assert client.get(f"/nothing-{number}/like-this").status_code == 404
    client.generic("BREW", "/healthz")
    after = monitor()

    def more(*labels: str) -> float:
        return after.get((name, *labels), 0) - before.get((name, *labels), 0)

    assert more("GET", "healthz", "503") == 1
    assert more("other", "healthz", "405") == 1
    assert more("GET", "none", "404") == 3
    assert not [key for key in after if any("nothing-" in part for part in key)]
    assert after[("rockpool_http_request_seconds_count", "healthz")] >= 2


def test_queues_with_their_oldest_and_what_was_given_up(db: None) -> None:
    queue = next(iter(jobs.HANDLERS.values())).queue
    said = {"kind": "tide", "created_at": NOW, "queue": queue}
    Job.objects.create(**said, run_at=NOW - timedelta(seconds=90))
    Job.objects.create(**said, run_at=NOW - timedelta(seconds=30))
    Job.objects.create(**said, run_at=NOW, state=Job.State.ASIDE)
    Heartbeat.objects.create(name="worker", beaten_at=NOW - timedelta(seconds=7))
    found = samples(as_text(work_gauges(now=NOW)))
    assert found[("rockpool_queue_jobs", queue, "ready")] == 2
    assert found[("rockpool_queue_jobs", queue, "aside")] == 1
    assert found[("rockpool_queue_oldest_seconds", queue)] == pytest.approx(90)
    assert found[("rockpool_process_silent_seconds", "worker")] == pytest.approx(7)
    empty = {chosen.queue for chosen in jobs.HANDLERS.values()} - {queue}
    assert all(found[("rockpool_queue_oldest_seconds", name)] == 0 for name in empty)


def test_a_process_that_never_came_up_is_silent_for_as_long_as_we_look(
    db: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The heartbeats of the last run were forgotten, and beat does not start."""
    settings.TASK_QUEUES = ("now", "media")
    for name in ("worker", "worker:now"):
        Heartbeat.objects.create(name=name, beaten_at=NOW - timedelta(seconds=7))
    monkeypatch.setattr(gauges, "_BEGAN", time.monotonic() - 90)
    found = samples(as_text(work_gauges(now=NOW)))
    silent = {key[1]: value for key, value in found.items() if "process_silent" in key[0]}
    assert {"beat", "worker", "worker:now", "worker:media"} == silent.keys()
    assert silent["worker"] == silent["worker:now"] == pytest.approx(7)
    assert silent["beat"] == silent["worker:media"] == pytest.approx(90, abs=5)


def test_jobs_are_counted_by_what_became_of_them(db: None) -> None:
    before = samples(counters.counted())
    Job.objects.create(kind="no such", queue="default", created_at=NOW, run_at=NOW)
    jobs.work_off("default")
    after = samples(counters.counted())
    key = ("rockpool_jobs_total", "unknown", "failed")
    assert after[key] - before.get(key, 0) == 1


def test_a_task_that_ends_is_counted(db: None) -> None:
    from community.outbox.tasks import sweep

    key = ("rockpool_tasks_total", "success", "outbox.sweep")
    before = samples(counters.counted()).get(key, 0)
    sweep.apply()
    assert samples(counters.counted())[key] - before == 1


def test_the_page_has_the_promises_and_costs_few_queries(
    monitor: Any, django_assert_max_num_queries: Any
) -> None:
    found = monitor()
    assert found[("rockpool_wallet_ledger_sum",)] == 0
    assert ("rockpool_pool_notes_running",) in found
    with django_assert_max_num_queries(6):  # what is remembered for a minute is not asked again
        monitor()


COUNTING = """
import os, sys
from pathlib import Path
from community.operations.slots import Slots
folder = Path(sys.argv[1])
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
from prometheus_client import values, Counter
values.ValueClass = values.MultiProcessValue(Slots(folder))
counter = Counter("tide", "t", ["pool"]).labels("a")
children = int(sys.argv[2])
for _ in range(children):
    if not os.fork():
        for _ in range(100): counter.inc()
        sys.stdout.flush(); sys.stdin.read(); os._exit(0)
for _ in range(100): counter.inc()
print("counted", flush=True); sys.stdin.read()
for _ in range(children): os.wait()
"""


def test_counts_of_all_processes_are_one_and_outlive_them(tmp_path: Path) -> None:
    """Forked and not, in turn and at once; the files are as many as processes were at once."""
    from prometheus_client import CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector

    def total() -> float:
        registry = CollectorRegistry()
        MultiProcessCollector(registry, str(tmp_path))
        return registry.get_sample_value("tide_total", {"pool": "a"}) or 0.0

    for turn in range(1, 4):
        running = [
            subprocess.Popen(
                [sys.executable, "-c", COUNTING, str(tmp_path), "1"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                cwd=Path(__file__).parents[2],
            )
            for _ in range(2)
        ]  # fmt: skip
        assert [process.stdout.readline() for process in running] == ["counted\n"] * 2
        for process in running:
            process.communicate("", timeout=30)
        assert total() == turn * 400
    assert len(list(tmp_path.glob("counter_*.db"))) <= 4


def test_what_cannot_be_counted_costs_no_request_and_is_said_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def no_room(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(counters.REQUESTS, "labels", no_room)
    counters._complain.cache_clear()
    for _ in range(3):
        counters.count_request(route="tide", method="GET", status=418, seconds=0.1)
    assert len([r for r in caplog.records if "cannot be counted" in r.getMessage()]) == 1


def test_a_slot_is_taken_once(tmp_path: Path) -> None:
    first, second = Slots(tmp_path), Slots(tmp_path)
    assert (first(), second(), first()) == ("slot0", "slot1", "slot0")


def test_a_folder_in_shared_memory_that_is_not_ours_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shm"
    shared.mkdir()
    monkeypatch.setattr("community.operations.slots.SHARED_MEMORY", shared)
    data = tmp_path / "data"
    mine = folder_for(data, "")
    assert mine.parent == shared
    assert mine.stat().st_mode & 0o777 == 0o700
    assert folder_for(data, "") == mine
    mine.chmod(0o777)
    assert folder_for(data, "") == data / "metrics"
    mine.rmdir()
    mine.symlink_to(tmp_path)
    assert folder_for(data, "") == data / "metrics"
    assert folder_for(data, str(tmp_path / "own")) == tmp_path / "own"


# ---------------------------------------------------------------- by which name it is asked
@pytest.mark.parametrize("allowed", [["pool.example.org"], [".example.org"]])
@pytest.mark.parametrize("host", ["10.0.0.5:8000", "elsewhere.example.net", "no such name", ""])
def test_who_watches_may_ask_by_address(
    db: None, client: Any, settings: Any, allowed: list[str], host: str
) -> None:
    settings.ALLOWED_HOSTS, settings.METRICS_TOKEN = allowed, "a-long-secret"
    expected = {"/livez": 200, "/healthz": 503, "/readyz": 503, "/metrics": 200}
    for path, status in expected.items():
        assert client.get(path, headers=TOKEN, HTTP_HOST=host).status_code == status, path
    assert client.get("/metrics", HTTP_HOST=host).status_code == 404


@pytest.mark.parametrize("path", ["/", "/livez/", "/healthz/more", "//metrics", "/account/login/"])
def test_everything_else_is_refused_under_a_name_that_is_not_ours(
    db: None, client: Any, settings: Any, path: str
) -> None:
    settings.ALLOWED_HOSTS = ["pool.example.org"]
    assert client.get(path, HTTP_HOST="10.0.0.5:8000").status_code == 400
    assert client.get(path, HTTP_HOST="pool.example.org").status_code != 400
