"""/readyz names the servers that pages can do without, soon and not anew for everybody."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.test import Client
from django.utils import timezone

from community import health, servers
from community.operations import work_checks
from community.operations.findings import State
from community.outbox.models import Heartbeat
from community.servers import Servers, answers, questions
from tests.operations.test_doctor import states

# Which of the two a busy machine comes to first.
AWAY = ("does not answer within", "does not let us in")


class PatientRedisCache(LocMemCache):
    """In the place of ours where redis is not installed: hides that it is away."""

    def ask(self) -> None:
        raise ConnectionError("redis://:a-password@10.0.0.3")


@pytest.fixture
def dead_cache(settings: Any) -> None:
    backend = f"{__name__}.PatientRedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "tide"}}


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that takes everything and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "SERVERS", Servers())


@pytest.fixture
def alive(db: None) -> None:
    for name in ("worker", "beat"):
        Heartbeat.objects.create(name=name, beaten_at=timezone.now())


def test_what_is_a_folder_or_a_table_needs_no_server(settings: Any) -> None:
    settings.CELERY_BROKER_URL = "atomicfiles://localhost"
    settings.STORAGES = {key: of for key, of in settings.STORAGES.items() if key != "media"}
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    assert questions() == {}
    assert Servers().reasons() == {"broker": ""}


def test_a_broker_that_hangs_is_named_within_a_second_and_serves_pages(
    alive: None, anew: None, client: Client, settings: Any, silent: int
) -> None:
    settings.CELERY_BROKER_URL = f"amqp://pool:a-password@127.0.0.1:{silent}//"
    started = time.monotonic()
    answer = client.get("/readyz")
    assert time.monotonic() - started < 5
    broker = answer.json()["parts"]["broker"]
    assert (answer.status_code, broker["ok"]) == (503, False)
    assert broker["why"].startswith(AWAY)
    assert "password" not in answer.content.decode()
    assert client.get("/healthz").status_code == 200


def test_a_store_that_hangs_is_named(settings: Any, silent: int) -> None:
    pytest.importorskip("boto3", reason="needs requirements-scaled.txt")
    from community.object_store import stores

    address = f"s3://key:a-password@127.0.0.1:{silent}/pool?tls=0"
    settings.STORAGES = settings.STORAGES | stores({"ROCKPOOL_MEDIA_URL": address})
    asked = {"files": questions()["files"]}
    assert answers(asked, 0.5) == {"files": "does not answer within 0.5 s"}


def test_a_dead_cache_is_named_by_readyz_and_by_the_doctor(
    alive: None, anew: None, client: Client, dead_cache: None
) -> None:
    parts = client.get("/readyz").json()["parts"]
    assert parts["cache"] == {"ok": False, "why": "does not let us in (ConnectionError)"}
    (found,) = [f for f in work_checks.database(timezone.now()) if f.name == "cache"]
    assert (found.state, "password" in found.said) == (State.MEND, False)
    assert found.mend


def test_a_cache_that_answers_is_well(
    db: None, dead_cache: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PatientRedisCache, "ask", lambda self: None)
    assert states(work_checks.database)["cache"] == "well"


def test_the_slowest_is_waited_for_and_not_their_sum() -> None:
    over = threading.Event()
    started = time.monotonic()
    found = answers({"broker": over.wait, "cache": over.wait, "files": lambda: None}, 0.3)
    assert time.monotonic() - started < 2
    over.set()
    silent = "does not answer within 0.3 s"
    assert found == {"broker": silent, "cache": silent, "files": ""}


def test_it_is_asked_once_in_a_while_and_nobody_waits_for_who_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[float] = []
    may_answer = threading.Event()

    def ask(_: Any) -> dict[str, str]:
        asked.append(time.monotonic())
        if len(asked) > 1:
            assert may_answer.wait(10)
        return {"broker": f"answer {len(asked)}"}

    monkeypatch.setattr(servers, "answers", ask)
    known = Servers()
    assert [known.reasons() for _ in range(3)] == [{"broker": "answer 1"}] * 3
    assert len(asked) == 1
    known._asked_at -= servers.KEPT_SECONDS
    asking = threading.Thread(target=known.reasons)
    asking.start()
    while len(asked) < 2:
        time.sleep(0.01)
    assert known.reasons() == {"broker": "answer 1"}
    may_answer.set()
    asking.join()
    assert known.reasons() == {"broker": "answer 2"}
    assert len(asked) == 2


# ---------------------------------------------------------------- a Redis
@pytest.fixture
def redis(settings: Any) -> Iterator[Any]:
    """A server of our own as cache and broker."""
    pytest.importorskip("redis", reason="needs requirements-scaled.txt")
    from community.databases import broker, caches
    from tests.scaled.server import Missing
    from tests.scaled.servers import redis_server

    try:
        with redis_server() as server:
            told = {"ROCKPOOL_REDIS_URL": server.address}
            settings.CACHES = caches(told)
            settings.CELERY_BROKER_URL = broker(told, folder=settings.DATA_DIR)[0]
            yield server
    except Missing as missing:
        pytest.skip(str(missing))


def test_a_redis_that_answers_freezes_and_comes_back(db: None, redis: Any) -> None:
    assert answers(questions()) == {"broker": "", "cache": ""}
    assert states(work_checks.database)["cache"] == "well"
    redis.freeze()
    started = time.monotonic()
    found = answers(questions())
    assert time.monotonic() - started < 2
    assert found.keys() == {"broker", "cache"}
    assert all(why.startswith(AWAY) for why in found.values())
    assert states(work_checks.database)["cache"] == "mend"
    redis.thaw()
    time.sleep(0.5)
    assert answers(questions()) == {"broker": "", "cache": ""}
