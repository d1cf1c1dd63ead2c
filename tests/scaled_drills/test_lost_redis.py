"""Redis is emptied, and killed, under people who are signed in and a worker that is busy."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
import pytest

from tests.drills.house import call
from tests.scaled.server import Server
from tests.scaled_drills.traffic import Traffic, scene, seconds_until_done

redis = pytest.importorskip("redis", reason="needs requirements-scaled.txt")

pytestmark = [pytest.mark.long, pytest.mark.drill, pytest.mark.timeout(600)]

BUSY_SECONDS, AWAY_SECONDS = 8, 8
WORKS_WITHIN_SECONDS = 10.0
FOR_MEMBERS_ONLY = "/account/email/"


def status_with(port: int, session: str) -> int:
    """Of a page for members; those who are not signed in are led elsewhere."""
    address = f"http://127.0.0.1:{port}{FOR_MEMBERS_ONLY}"
    return httpx.get(address, cookies={"sessionid": session}, timeout=60).status_code


def until_in_feeds(community, note: int, began: float) -> float:
    entries = "SELECT COUNT(*) FROM feeds_timelineentry WHERE note_id = ?"
    while not community.rows(entries, note)[0][0]:
        assert time.monotonic() - began < 60, "".join(community.running.said[-30:])
        time.sleep(0.1)
    return time.monotonic() - began


@contextmanager
def staying_inside(port: int, keys: list[str]) -> Iterator[list[int]]:
    """People who look at a page for members again and again; the statuses that they get."""
    inside: list[int] = []
    over = threading.Event()

    def stay() -> None:
        while not over.is_set():
            inside.extend(status_with(port, key) for key in keys)

    visitor = threading.Thread(target=stay)
    visitor.start()
    yield inside
    over.set()
    visitor.join()


def empty_and_kill(server: Server) -> int:
    """How many keys were emptied. Returns when Redis is back, and knows nothing."""
    tasks = redis.Redis.from_url(server.address)
    cache = redis.Redis.from_url(urlsplit(server.address)._replace(path="/1").geturl())
    emptied = int(tasks.dbsize() + cache.dbsize())
    tasks.flushall()
    time.sleep(BUSY_SECONDS)
    server.kill()
    time.sleep(AWAY_SECONDS)
    server.start()
    return emptied


@pytest.mark.letter("B4")
@pytest.mark.parametrize("broker", ["P"], indirect=True, ids=["redis"])
def test_nobody_is_signed_out_and_the_worker_works_again(community, broker, figure) -> None:
    people = scene(community)
    keys = [community.act("signed_in", f"writer{number}") for number in range(3)]
    community.start(ROCKPOOL_WEB_PROCESSES="2")
    assert status_with(community.port, "nobody") == httpx.codes.FOUND, "the control"
    # This draft is published when Redis is back.
    kept, token = people["people"][0]["drafts"].pop(), people["people"][0]["token"]
    with Traffic(community, people) as traffic, staying_inside(community.port, keys) as inside:
        time.sleep(BUSY_SECONDS)
        emptied = empty_and_kill(broker.server)
        back = time.monotonic()
        path = f"/api/v1/notes/{kept}/publish/"
        status, said = call(community.port, path, body={}, token=token, key="kept")
        assert status in (200, 201), said
        works = until_in_feeds(community, kept, back)
    traffic.published.append(kept)
    seconds_until_done(community, 60)
    traffic.assert_kept_once()
    community.audit()
    figure(
        f"{emptied} keys emptied, then killed for {AWAY_SECONDS} s: {len(inside)} pages of people"
        f" signed in, 0 signed out; {len(traffic.answers)} requests, all answered; the worker"
        f" works {works:.1f} s after Redis is back"
    )
    assert emptied
    assert set(inside) == {200}
    assert {answer.status for answer in traffic.answers} <= {200, 201}
    assert works < WORKS_WITHIN_SECONDS
