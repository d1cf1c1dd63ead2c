"""What the addresses of PostgreSQL and Redis become, and what is said about wrong ones."""

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from community import databases
from community.bounded_workers import SECONDS
from community.databases import broker, caches, postgresql

HOME = Path("/data")
PLAIN = "postgres://pool:secret@db.example.org:5433/rockpool"


@pytest.fixture(autouse=True)
def as_if_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "find_spec", lambda name: name)


def made(environment: dict[str, str], *, web: bool = False, patient: bool = False) -> Any:
    return databases.databases(environment, folder=HOME, web=web, patient=patient)


def test_without_an_address_rows_and_cache_are_files_and_tasks_a_folder() -> None:
    rows = made({})
    assert {alias: one["NAME"] for alias, one in rows.items()} == {
        "default": HOME / "db.sqlite3",
        "cache": HOME / "cache.sqlite3",
    }
    assert all(one["OPTIONS"]["transaction_mode"] == "IMMEDIATE" for one in rows.values())
    assert caches({})["default"]["BACKEND"].endswith("CountingDatabaseCache")
    address, told = broker({}, folder=HOME)
    assert address == "atomicfiles://localhost"
    assert told == {"folder": "/data/broker", "polling_interval": 0.1}


@pytest.mark.parametrize(
    ("address", "user", "password", "host", "port", "name"),
    [
        (PLAIN, "pool", "secret", "db.example.org", "5433", "rockpool"),
        ("postgresql://pool@db/rockpool", "pool", "", "db", "", "rockpool"),
        ("postgres://a%40b:p%3A%2F%23@db/rock", "a@b", "p:/#", "db", "", "rock"),
        ("postgres:///rockpool", "", "", "", "", "rockpool"),
        ("postgres://pool@/rock?host=/run/postgresql", "pool", "", "/run/postgresql", "", "rock"),
        ("postgres://pool@[::1]:5432/rockpool", "pool", "", "::1", "5432", "rockpool"),
    ],
)
def test_an_address_is_taken_apart(
    address: str, user: str, password: str, host: str, port: str, name: str
) -> None:
    made = postgresql(address)
    found = [made[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")]
    assert found == [user, password, host, port, name]


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("mysql://pool:secret@db/rockpool", "begins with postgres://"),
        ("rockpool", "begins with postgres://"),
        ("postgres://pool:secret@db", "names no database"),
        ("postgres://pool:secret@db/", "names no database"),
        ("postgres://pool:secret@db/one/two", "names no database"),
        ("postgres://pool:secret/x@db:5432/rockpool", "cannot be read"),
        ("postgres://pool:secret@db:often/rockpool", "cannot be read"),
        ("postgres://pool:secret@[::1/rockpool", "cannot be read"),
        ("postgres://pool@db/rockpool#secret", "cannot be read"),
        ("postgres://pool:secret@db/rockpool?sslmod=require", "unknown sslmod"),
    ],
)
def test_a_wrong_address_is_refused_without_repeating_its_password(address: str, says: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=says) as refused:
        postgresql(address)
    assert "secret" not in str(refused.value)


def test_timeouts_and_pool_are_told() -> None:
    told = made({"ROCKPOOL_DATABASE_URL": PLAIN + "?sslmode=verify-full"}, web=True)["default"]
    assert told["OPTIONS"]["sslmode"] == "verify-full"
    assert told["OPTIONS"]["options"] == (
        "-c statement_timeout=30000 -c lock_timeout=10000"
        " -c idle_in_transaction_session_timeout=60000"
    )
    assert told["OPTIONS"]["pool"]["max_size"] == 12
    # Longer than the server gives a statement: who waits for it is told why it was ended.
    assert told["OPTIONS"]["pool"]["connection_class"].seconds == 35
    assert told["CONN_MAX_AGE"] == 0


def test_only_who_answers_requests_keeps_a_pool() -> None:
    told = made({"ROCKPOOL_DATABASE_URL": PLAIN})["default"]
    assert "pool" not in told["OPTIONS"]
    none = {"ROCKPOOL_DATABASE_URL": PLAIN, "ROCKPOOL_DATABASE_POOL": "0"}
    assert "pool" not in made(none, web=True)["default"]["OPTIONS"]


def test_long_results_are_read_piece_by_piece_unless_a_pooler_stands_in_between() -> None:
    assert made({"ROCKPOOL_DATABASE_URL": PLAIN})["default"]["DISABLE_SERVER_SIDE_CURSORS"] is False
    none = {"ROCKPOOL_DATABASE_URL": PLAIN, "ROCKPOOL_DATABASE_POOL": "0"}
    assert made(none)["default"]["DISABLE_SERVER_SIDE_CURSORS"] is True


def test_migrations_may_take_their_time_and_wait_for_nobody() -> None:
    told = made({"ROCKPOOL_DATABASE_URL": PLAIN}, patient=True)["default"]
    assert told["OPTIONS"]["options"] == "-c lock_timeout=10000"


def test_workers_wait_longer_than_a_statement_may_take_and_not_for_ever() -> None:
    told = {"ROCKPOOL_DATABASE_URL": PLAIN}
    assert made(told)["default"][SECONDS] == 60
    assert made(told | {"ROCKPOOL_DATABASE_STATEMENT_TIMEOUT": "5"})["default"][SECONDS] == 35
    assert SECONDS not in made(told | {"ROCKPOOL_DATABASE_STATEMENT_TIMEOUT": "0"})["default"]
    assert SECONDS not in made(told, patient=True)["default"]


def test_timeouts_can_be_changed_and_left_out() -> None:
    given = {
        "ROCKPOOL_DATABASE_URL": PLAIN,
        "ROCKPOOL_DATABASE_STATEMENT_TIMEOUT": "5",
        "ROCKPOOL_DATABASE_LOCK_TIMEOUT": "0",
    }
    assert made(given)["default"]["OPTIONS"]["options"] == (
        "-c statement_timeout=5000 -c idle_in_transaction_session_timeout=35000"
    )
    none = given | {"ROCKPOOL_DATABASE_STATEMENT_TIMEOUT": "0"}
    assert "options" not in made(none)["default"]["OPTIONS"]
    assert "connection_class" not in made(none, web=True)["default"]["OPTIONS"]["pool"]
    with pytest.raises(ImproperlyConfigured, match="whole number"):
        made(given | {"ROCKPOOL_DATABASE_LOCK_TIMEOUT": "soon"})


def test_the_cache_has_a_connection_of_its_own_or_lies_in_redis() -> None:
    rows = {"ROCKPOOL_DATABASE_URL": PLAIN}
    assert set(made(rows)) == {"default", "cache"}
    assert set(made(rows | {"ROCKPOOL_REDIS_URL": "redis://r/0"})) == {"default"}


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match=r"psycopg.*requirements-scaled\.txt"):
        postgresql(PLAIN)
    with pytest.raises(ImproperlyConfigured, match=r"redis.*requirements-scaled\.txt"):
        caches({"ROCKPOOL_REDIS_URL": "redis://r/0"})


# ---------------------------------------------------------------- secrets in files
def test_an_address_may_stand_in_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "url"
    secret.write_text(PLAIN + "\n")
    assert made({"ROCKPOOL_DATABASE_URL_FILE": str(secret)})["default"]["NAME"] == "rockpool"


# ---------------------------------------------------------------- Redis
@pytest.mark.parametrize(
    ("address", "cache"),
    [
        ("redis://r:6379/0", "redis://r:6379/1"),
        ("redis://r:6379", "redis://r:6379/1"),
        (
            "rediss://:p%40ss@r/4?ssl_cert_reqs=required",
            "rediss://:p%40ss@r/5?ssl_cert_reqs=required",
        ),
    ],
)
def test_cache_and_tasks_lie_beside_each_other(address: str, cache: str) -> None:
    given = {"ROCKPOOL_REDIS_URL": address}
    assert caches(given)["default"]["LOCATION"] == cache
    told = broker(given, folder=HOME)
    assert told[0] == address
    assert told[1]["visibility_timeout"] >= 3600
    assert told[1]["socket_timeout"] > 0


def test_tasks_may_go_elsewhere() -> None:
    rabbit = {"ROCKPOOL_REDIS_URL": "redis://r/0", "ROCKPOOL_BROKER_URL": "amqp://a:b@mq//"}
    assert broker(rabbit, folder=HOME) == ("amqp://a:b@mq//", {"confirm_publish": True})
    assert caches(rabbit)["default"]["LOCATION"] == "redis://r/1"


@pytest.mark.parametrize(
    "address", ["ampq://a:secret@mq//", "amqp://a:secret/x@mq:5672//", "sqs://"]
)
def test_a_wrong_address_of_the_broker_is_refused(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="ROCKPOOL_BROKER_URL") as refused:
        broker({"ROCKPOOL_BROKER_URL": address}, folder=HOME)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("address", ["http://:secret@r/0", "redis://:secret@r/zero", "redis://r:x"])
def test_a_wrong_address_of_redis_is_refused(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="ROCKPOOL_REDIS_URL") as refused:
        caches({"ROCKPOOL_REDIS_URL": address})
    assert "secret" not in str(refused.value)


# ---------------------------------------------------------------- a cache that may be away
@pytest.fixture
def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def redis_port(unused_port: int, tmp_path: Path) -> Iterator[int]:
    if not shutil.which("redis-server"):
        pytest.skip("needs redis-server: apt-get install redis-server")
    command = ["redis-server", "--port", str(unused_port), "--dir", str(tmp_path), "--save", ""]
    with subprocess.Popen([*command, "--bind", "127.0.0.1"], stdout=subprocess.DEVNULL) as server:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", unused_port), 0.2).close()
                break
            except OSError:
                time.sleep(0.02)
        yield unused_port
        server.terminate()


def a_cache(port: int) -> Any:
    pytest.importorskip("redis", reason="needs requirements-scaled.txt")
    from community.redis_cache import PatientRedisCache

    return PatientRedisCache(
        f"redis://127.0.0.1:{port}/1", {"OPTIONS": {"socket_connect_timeout": 0.2}}
    )


def test_a_redis_that_is_away_is_an_empty_cache(unused_port: int) -> None:
    cache = a_cache(unused_port)
    cache.set("a", 1)
    cache.set_many({"a": 1})
    cache.delete("a")
    assert cache.get("a", "none") == "none"
    assert cache.get_many(["a", "b"]) == {}
    assert cache.add("a", 1) is True
    assert "a" not in cache
    with pytest.raises(ValueError, match="not found"):
        cache.incr("a")


def test_a_redis_that_is_away_is_asked_once_and_not_for_each_question(
    unused_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    cache = a_cache(unused_port)
    for number in range(20):
        cache.get(str(number))
    assert [record.name for record in caplog.records] == ["community.redis_cache"]


def test_counts_of_many_threads_are_exact_and_end(redis_port: int) -> None:
    cache = a_cache(redis_port)
    cache.set("count", 0, 60)
    threads = [
        threading.Thread(target=lambda: [cache.incr("count") for _ in range(50)]) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cache.get("count") == 400
    client = cache._cache.get_client()
    assert 0 < client.ttl(cache.make_key("count")) <= 60
    with pytest.raises(ValueError, match="not found"):
        cache.incr("another")
    assert client.ttl(cache.make_key("another")) == -2
