"""How often: a sliding window that all processes share and no header gets around."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connections
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from accounts.limits import Rate, address_of, take
from community.counting_cache import CountingDatabaseCache

from .conftest import Program, assert_problem

TEN = Rate(10, timedelta(minutes=5))
LOGIN = {"login": "alice", "password": "wrong"}


def test_a_rate_reads_as_it_is_written() -> None:
    assert Rate.parse("300/5m") == Rate(300, timedelta(minutes=5))
    assert Rate.parse("1/2h") == Rate(1, timedelta(hours=2))


@pytest.mark.parametrize("text", ["", "300", "0/5m", "300/m", "300/5d", "-1/5m", "300/5m ", "3.5/5m"])
def test_a_rate_that_is_none_stops_the_start(text: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        Rate.parse(text)


def test_ten_are_allowed_and_the_eleventh_is_told_how_long_to_wait() -> None:
    left = [take(scope="t", who="a", rate=TEN, now=1000).remaining for _ in range(10)]
    assert left == list(range(9, -1, -1))
    refused = take(scope="t", who="a", rate=TEN, now=1000)
    assert not refused.allowed
    assert take(scope="t", who="a", rate=TEN, now=1000 + refused.retry_in).allowed
    assert take(scope="t", who="b", rate=TEN, now=1000).allowed
    assert take(scope="u", who="a", rate=TEN, now=1000).allowed


@given(st.lists(st.floats(0, 120), min_size=1, max_size=80))
def test_no_window_holds_more_than_the_rate_whenever_one_asks(pauses: list[float]) -> None:
    cache.clear()
    now, taken = 1_000_000.0, []
    for pause in pauses:
        now += pause
        if take(scope="t", who="a", rate=TEN, now=now).allowed:
            taken.append(now)
    assert all(sum(at - 300 < other <= at for other in taken) <= 10 for at in taken)


@given(st.lists(st.floats(0, 60), min_size=11, max_size=60))
def test_waiting_as_told_is_always_enough(pauses: list[float]) -> None:
    cache.clear()
    now = 1_000_000.0
    for pause in pauses:
        now += pause
        answer = take(scope="t", who="a", rate=TEN, now=now)
        if not answer.allowed:
            now += answer.retry_in
            assert take(scope="t", who="a", rate=TEN, now=now).allowed


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (1, "1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
        (2, "1.2.3.4", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "no address", "unknown"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "::ffff:1.2.3.4", "1.2.3.4"),
    ],
)
def test_an_address_is_believed_as_far_as_our_proxies_wrote_it(
    settings: Any, proxies: int, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forwarded, REMOTE_ADDR="10.0.0.1")
    assert address_of(request) == address


def test_the_interface_counts_down_in_its_headers_and_then_refuses(
    program: Callable[..., Program], alice: Any, settings: Any
) -> None:
    settings.API_RATE = "3/5m"
    robot = program(alice)
    answers = [robot.get("channels/") for _ in range(4)]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert {answer["RateLimit-Limit"] for answer in answers} == {"3"}
    assert all(0 < int(answer["RateLimit-Reset"]) <= 600 for answer in answers)
    assert_problem(answers[3], 429, "throttled")
    assert 0 < int(answers[3]["Retry-After"]) <= 600
    # One person, however many tokens and headers; others are not in the way.
    assert program(alice).get("channels/", HTTP_X_FORWARDED_FOR="6.6.6.6").status_code == 429
    assert program().get("channels/").status_code == 200


def test_guessing_tokens_is_counted_by_address(visitor: Program, settings: Any) -> None:
    settings.API_RATE = "3/5m"
    guesses = [visitor.get("me/", HTTP_AUTHORIZATION=f"Token {n:064d}") for n in range(4)]
    assert [answer.status_code for answer in guesses] == [401, 401, 401, 429]


def test_uploads_have_a_rate_of_their_own(
    program: Callable[..., Program],
    alice: Any,
    make_note: Callable[..., Any],
    picture: Callable[..., Any],
    settings: Any,
) -> None:
    settings.UPLOAD_RATE = "1/30m"
    note, robot = make_note(alice), program(alice)
    address = f"notes/{note.pk}/pictures/"
    assert robot.post(address, {"file": picture()}, format="multipart").status_code == 201
    assert_problem(robot.post(address, {"file": picture()}, format="multipart"), 429)
    assert robot.get(address).status_code == 200


def test_a_login_flood_is_refused_before_a_password_is_hashed(visitor: Program, alice: Any) -> None:
    with mock.patch("accounts.tokens.PersonBackend.authenticate", return_value=None) as hashed:
        answers = [visitor.send("post", "tokens/", LOGIN) for _ in range(15)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429] * 5
    assert hashed.call_count == 10
    assert int(answers[-1]["Retry-After"]) > 0
    assert_problem(answers[-1], 429, "too_often")


def test_an_account_is_counted_however_it_is_spelt_and_wherever_one_sits(
    program: Callable[..., Program], alice: Any
) -> None:
    spellings = ["alice", "Alice", "al.ice", "alice@example.org", "ALICE@example.org"] * 3
    codes = [
        program(REMOTE_ADDR=f"10.0.0.{n}").send("post", "tokens/", LOGIN | {"login": name}).status_code
        for n, name in enumerate(spellings)
    ]
    assert codes == [401] * 10 + [429] * 5


def test_an_address_is_counted_whatever_name_it_tries(visitor: Program, alice: Any) -> None:
    codes = [
        visitor.send("post", "tokens/", {"login": f"person{n}", "password": "x"}).status_code
        for n in range(12)
    ]
    assert codes == [401] * 10 + [429] * 2


# ---------------------------------------------------------------- the counter all processes share
@pytest.fixture
def shared_cache(tmp_path: Path, settings: Any, db: None) -> Any:
    """The cache of the embedded community: a table in an SQLite file of its own."""
    connections.settings["cache"] = connections.settings["default"] | {
        "NAME": tmp_path / "cache.sqlite3",
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode=WAL"},
    }
    settings.CACHES = {
        "default": {"BACKEND": "community.counting_cache.CountingDatabaseCache", "LOCATION": "counters"}
    }
    call_command("createcachetable", database="cache", verbosity=0)
    yield CountingDatabaseCache("counters", {})
    connections["cache"].close()
    del connections["cache"]
    del connections.settings["cache"]


def test_counting_at_once_loses_no_count(shared_cache: Any) -> None:
    """Each thread has a connection of its own, as each process has."""
    shared_cache.add("n", 0, 60)

    def count() -> None:
        for _ in range(25):
            shared_cache.incr("n")
        connections["cache"].close()

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shared_cache.get("n") == 200


def test_what_expired_or_never_was_is_not_counted_up(shared_cache: Any) -> None:
    shared_cache.set("old", 5, -1)
    for key in ("old", "never"):
        with pytest.raises(ValueError, match="not found"):
            shared_cache.incr(key)
    shared_cache.set("n", 5, 60)
    assert shared_cache.incr("n", 2) == 7
    assert shared_cache.decr("n") == 6
