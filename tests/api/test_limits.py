"""How often: a sliding window that all processes share and no header gets around."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from accounts.limits import address_of, take
from accounts.rates import Rate

from .conftest import Program, assert_problem

TEN = Rate(10, timedelta(minutes=5))
LOGIN = {"login": "alice", "password": "wrong"}


def test_a_rate_reads_as_it_is_written() -> None:
    assert Rate.parse("300/5m") == Rate(300, timedelta(minutes=5))
    assert Rate.parse("1/2h") == Rate(1, timedelta(hours=2))


@pytest.mark.parametrize(
    "text", ["", "300", "0/5m", "300/m", "300/5d", "-1/5m", "300/5m ", "3.5/5m"]
)
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
        program(REMOTE_ADDR=f"10.0.0.{n}")
        .send("post", "tokens/", LOGIN | {"login": name})
        .status_code
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
COUNT = """
import django, sys
django.setup()
from django.core.cache import cache
cache.get("n")
print("ready", flush=True)
sys.stdin.readline()  # all start together
for _ in range(150):
    cache.incr("n")
"""
CHECK = """
import django
django.setup()
from django.core.cache import cache
from django.core.management import call_command
call_command("createcachetable", database="cache", verbosity=0)
cache.set("gone", 5, -1)
for key in ("gone", "never"):
    try:
        cache.incr(key)
        raise SystemExit(f"counted {key}")
    except ValueError:
        pass
cache.set("m", 5, 60)
assert (cache.incr("m", 2), cache.decr("m"), cache.get("m")) == (7, 6, 6)
cache.add("n", 0, 3_600)
"""

TOTAL = """
import django
django.setup()
from django.core.cache import cache
assert cache.get("n") == 600
"""


@pytest.mark.letter("E7")
def test_four_processes_that_count_at_once_lose_no_count(tmp_path: Path) -> None:
    """On the embedded cache itself: Django's own reads and writes in two steps and loses many."""
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "community.settings",
        "ROCKPOOL_DATA": str(tmp_path),
    }

    def start(script: str, **pipes: Any) -> subprocess.Popen[str]:
        root = Path(__file__).resolve().parents[2]
        return subprocess.Popen(
            [sys.executable, "-c", script], env=environment, cwd=root, text=True, **pipes
        )

    assert start(CHECK).wait(timeout=240) == 0
    counters = [start(COUNT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(4)]
    for counter in counters:
        assert counter.stdout.readline() == "ready\n"  # type: ignore[union-attr]
    for counter in counters:
        counter.stdin.write("go\n")  # type: ignore[union-attr]
        counter.stdin.flush()  # type: ignore[union-attr]
    assert [counter.wait(timeout=240) for counter in counters] == [0] * 4
    for counter in counters:
        counter.stdin.close()  # type: ignore[union-attr]
        counter.stdout.close()  # type: ignore[union-attr]
    assert start(TOTAL).wait(timeout=240) == 0
