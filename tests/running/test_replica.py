"""Who reads the replica, and when: the rules, without a server (tests/scaled has one that lags)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from knox.models import AuthToken

from accounts.models import User
from community import replica
from community.databases import databases
from community.models import Note
from community.replica import (
    COOKIE,
    LEFT_ALONE,
    MOST_LAG,
    Reading,
    ReadWhatIsFresh,
    Watch,
    position_of,
    reading,
)
from community.routers import ReplicaForReaders

router = ReplicaForReaders()


# ---------------------------------------------------------------- the router
def test_tasks_and_commands_read_the_primary() -> None:
    assert router.db_for_read(Note) == "default"


def test_a_request_reads_the_replica_until_it_writes() -> None:
    with reading(Reading(from_replica=True)) as one:
        assert router.db_for_read(Note) == "replica"
        assert router.db_for_write(Note) == "default"
        assert one.wrote
        assert router.db_for_read(Note) == "default"
    assert router.db_for_read(Note) == "default"


def test_who_has_written_reads_the_primary() -> None:
    with reading(Reading(from_replica=False)):
        assert router.db_for_read(Note) == "default"


@pytest.mark.django_db
def test_a_transaction_reads_what_it_writes() -> None:
    with reading(Reading(from_replica=True)), transaction.atomic():
        assert router.db_for_read(Note) == "default"


def test_ways_in_are_never_read_late() -> None:
    with reading(Reading(from_replica=True)):
        assert router.db_for_read(AuthToken) == "default"
        assert router.db_for_read(User) == "replica"


def test_rows_of_both_belong_together() -> None:
    note, person = Note(), User()
    note._state.db, person._state.db = "default", "replica"
    assert router.allow_relation(note, person)


# ---------------------------------------------------------------- how far it is
class Standby:
    """In the place of the replica's answer."""

    def __init__(self) -> None:
        self.position: int | None = 100
        self.lag, self.asked, self.now = timedelta(0), 0, 0.0
        self.is_away = False

    def answer(self) -> tuple[int | None, timedelta]:
        self.asked += 1
        if self.is_away:
            raise DatabaseError
        return self.position, self.lag

    def watch(self) -> Watch:
        return Watch(ask=self.answer, clock=lambda: self.now)


@pytest.mark.parametrize(
    ("text", "number"), [("0/0", 0), ("0/10", 16), ("1/0", 1 << 32), ("16/B374D848", 97500059720)]
)
def test_positions_are_numbers(text: str, number: int) -> None:
    assert position_of(text) == number


@pytest.mark.parametrize("text", ["", "1", "1/2/3", "x/y", "-1/0", "1/100000000"])
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        position_of(text)


def test_a_replica_that_is_behind_a_write_is_not_read_until_it_has_come_up() -> None:
    standby = Standby()
    watch = standby.watch()
    assert watch.has(100)
    assert not watch.has(101)
    standby.position = 101
    assert watch.has(101)


def test_its_answer_is_believed_for_a_second() -> None:
    standby = Standby()
    watch = standby.watch()
    assert all(watch.has(100) for _ in range(5))
    assert standby.asked == 1
    standby.now = 1.1
    assert watch.has(100)
    assert standby.asked == 2


def test_nobody_reads_a_replica_that_lags_far() -> None:
    standby = Standby()
    standby.lag = MOST_LAG + timedelta(seconds=1)
    assert not standby.watch().has(0)


def test_a_replica_that_is_away_is_left_alone_for_a_while() -> None:
    standby = Standby()
    standby.is_away, watch = True, standby.watch()
    assert not any(watch.has(0) for _ in range(5))
    assert standby.asked == 1
    standby.is_away, standby.now = False, LEFT_ALONE.total_seconds() + 1
    assert watch.has(0)


def test_a_replica_that_is_no_standby_has_everything() -> None:
    standby = Standby()
    standby.position = None
    assert standby.watch().has(1 << 60)


# ---------------------------------------------------------------- each request
@pytest.fixture
def ask(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[str, HttpResponse]]:
    """Send a request through; where a page read its notes, and what was answered."""
    monkeypatch.setitem(settings.DATABASES, "replica", {})
    monkeypatch.setattr(replica, "_position_of_the_primary", lambda: "0/C8")
    standby = Standby()

    def send(
        method: str = "GET", path: str = "/", *, writes: bool = False, cookie: str = "",
        caching: str = "private", at: int = 100, **headers: str,
    ) -> tuple[str, HttpResponse]:  # fmt: skip
        read: list[str] = []

        def page(_request: HttpRequest) -> HttpResponse:
            read.append(router.db_for_read(Note))
            if writes:
                router.db_for_write(Note)
            return HttpResponse(headers={"Cache-Control": caching})

        standby.position = at
        middleware = ReadWhatIsFresh(page)
        middleware.watch = standby.watch()
        request = RequestFactory(headers=headers).generic(method, path)
        if cookie:
            request.COOKIES[COOKIE] = cookie
        return read[0] if (answer := middleware(request)) and read else "", answer

    return send


def test_without_a_replica_nothing_is_asked(settings: Any) -> None:
    with pytest.raises(MiddlewareNotUsed):
        ReadWhatIsFresh(lambda request: HttpResponse())


def test_who_only_looks_reads_the_replica_and_gets_no_cookie(ask: Callable[..., Any]) -> None:
    read, answer = ask()
    assert (read, dict(answer.cookies)) == ("replica", {})


def test_who_writes_reads_their_own_writes(ask: Callable[..., Any]) -> None:
    read, answer = ask("POST")
    assert read == "default"
    mark = answer.cookies[COOKIE]
    assert (mark.value, mark["httponly"], mark["samesite"]) == ("0/C8", True, "Lax")
    assert ask(cookie=mark.value, at=199)[0] == "default"
    assert ask(cookie=mark.value, at=200)[0] == "replica"


def test_a_page_that_writes_marks_its_reader_too(ask: Callable[..., Any]) -> None:
    assert ask(writes=True)[1].cookies[COOKIE].value == "0/C8"
    assert not ask(writes=True, caching="public, max-age=60")[1].cookies


def test_programs_without_cookies_read_their_own_writes(ask: Callable[..., Any]) -> None:
    token, other = {"Authorization": "Token one"}, {"Authorization": "Token two"}
    assert not ask("POST", **token)[1].cookies
    assert ask(**token)[0] == "default"
    assert ask(**other)[0] == "replica"
    assert ask(at=200, **token)[0] == "replica"


def test_a_cookie_of_somebody_elses_making_harms_nobody(ask: Callable[..., Any]) -> None:
    assert ask(cookie="'; DROP TABLE")[0] == "replica"
    assert ask(cookie="FFFFFFFF/FFFFFFFF")[0] == "default"


@pytest.mark.parametrize("path", ["/admin/", "/livez", "/healthz", "/readyz", "/metrics"])
def test_staff_and_watchers_see_what_is_so_now(ask: Callable[..., Any], path: str) -> None:
    assert ask(path=path)[0] == "default"


# ---------------------------------------------------------------- its address
def test_the_replica_is_another_database_that_nobody_waits_for(tmp_path: Any) -> None:
    pytest.importorskip("psycopg", reason="needs requirements-scaled.txt")
    given = {
        "ROCKPOOL_DATABASE_URL": "postgres://u:p@one/pool",
        "ROCKPOOL_REPLICA_URL": "postgres://u:p@two/pool",
        "ROCKPOOL_REDIS_URL": "redis://r",
    }
    found = databases(given, folder=tmp_path, web=True, patient=False)
    assert {alias: rows["HOST"] for alias, rows in found.items()} == {
        "default": "one", "replica": "two",
    }  # fmt: skip
    assert found["replica"]["OPTIONS"]["pool"]["timeout"] < 5
    assert found["default"]["OPTIONS"]["pool"]["timeout"] == 5
