"""The whole set-up past one machine, running: PostgreSQL with a replica, Redis, files in a store,
and workers by kind of work.

Asked over HTTP like anybody's browser would. Skipped where no servers were started for the tests.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from django.urls import reverse

from tests.browser.open_community import ROOT, OpenCommunity
from tests.scaled.servers import standby, statement

TEMPLATE = os.environ.get("ROCKPOOL_TEST_TEMPLATE", "")
REDIS = os.environ.get("ROCKPOOL_REDIS_URL", "")
STORE = os.environ.get("ROCKPOOL_TEST_S3", "")
# Of the 64 databases of our Redis one that no test process has.
REDIS_NUMBER = 60
DONE_WITHIN_SECONDS = 120.0
# Of substance enough to be recommended to strangers.
BARNACLES = (
    "They close when the water leaves, and one hears them do it: a field of small clicks along the"
    " wall below the lighthouse. I counted forty to a hand's breadth where the spray reaches and"
    " none an arm's length higher. Come two hours before low tide, bring boots, and look under the"
    " third ladder, where limpets have cleared a path for themselves."
)

pytestmark = pytest.mark.skipif(
    not (TEMPLATE and REDIS and STORE), reason="needs servers of its own: make test-scaled"
)


@pytest.fixture(scope="module")
def primary() -> Iterator[str]:
    """The address of a migrated database of its own."""
    address = urlsplit(os.environ["ROCKPOOL_DATABASE_URL"])
    server, name = address._replace(path="/postgres").geturl(), "rockpool_running"
    statement(server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield address._replace(path=f"/{name}").geturl()
    statement(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def replica(primary: str) -> Iterator[str]:
    with standby(primary) as address:
        yield address


@pytest.fixture(scope="module")
def community(
    primary: str, replica: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OpenCommunity]:
    """One process group serves pages and what is quick, another draws and learns."""
    folder = tmp_path_factory.mktemp("running")
    told = {
        "ROCKPOOL_DATABASE_URL": primary,
        "ROCKPOOL_REPLICA_URL": replica,
        "ROCKPOOL_REDIS_URL": f"{REDIS.rpartition('/')[0]}/{REDIS_NUMBER}",
        "ROCKPOOL_MEDIA_URL": STORE,
        "ROCKPOOL_WEB_PROCESSES": "2",
    }
    quick = ["--queues", "now,fanout,feeds,sending"]
    running = OpenCommunity(folder, told=told, arguments=quick)
    worker = [sys.executable, "-m", "community.runner.one", "worker", "--data", str(running.data)]
    with (folder / "worker.log").open("wb") as log:
        other = subprocess.Popen(
            [*worker, "--queues", "media,learning", "--processes", "1"],
            cwd=ROOT, env=running.environment, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        running.wait_until_well()
        yield running
    finally:
        other.terminate()
        ended = other.wait(60)
        code, left = running.stop(), running.left_behind()
    assert (code, ended, left) == (0, 0, []), running.said()
    assert "Traceback" not in running.said(), running.said()
    assert "Traceback" not in (folder / "worker.log").read_text()
    assert not (running.data / "media").exists()


class Visitor:
    """Somebody with cookies who fills in forms."""

    def __init__(self, community: OpenCommunity) -> None:
        self.web = httpx.Client(base_url=community.address, follow_redirects=True, timeout=30)

    def get(self, path: str) -> httpx.Response:
        answer = self.web.get(path)
        assert answer.status_code == httpx.codes.OK, (path, answer.status_code, answer.text[:500])
        return answer

    def send(self, path: str, *, seen_at: str = "", **fields: str) -> httpx.Response:
        page = self.get(seen_at or path).text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token, page[:500]
        headers = {"Referer": str(self.web.base_url)}
        answer = self.web.post(
            path, data=fields | {"csrfmiddlewaretoken": token[1]}, headers=headers
        )
        assert answer.status_code == httpx.codes.OK, answer.text[:2000]
        return answer

    def sign_up(self, name: str) -> None:
        self.send(
            "/account/signup/",
            username=name, email=f"{name}@example.org", password1="tide-and-rock-9",
        )  # fmt: skip


@pytest.fixture
def arrive(community: OpenCommunity) -> Iterator[Callable[[str], Visitor]]:
    here: list[Visitor] = []

    def come(name: str) -> Visitor:
        here.append(Visitor(community))
        here[-1].sign_up(name)
        return here[-1]

    yield come
    for visitor in here:
        visitor.web.close()


def wait_for(found: Callable[[], object]) -> None:
    """Ask again until workers have done it."""
    give_up = time.monotonic() + DONE_WITHIN_SECONDS
    while not found():
        assert time.monotonic() < give_up
        time.sleep(0.2)


def test_every_queue_has_a_worker(community: OpenCommunity) -> None:
    def parts() -> dict[str, dict[str, object]]:
        return dict(httpx.get(f"{community.address}/readyz", timeout=30).json()["parts"])

    wait_for(lambda: all(part["ok"] for part in parts().values()))


def test_a_note_reaches_its_followers_with_the_picture_that_was_drawn(
    community: OpenCommunity, arrive: Callable[[str], Visitor]
) -> None:
    anna, ben = arrive("anna"), arrive("ben")
    ben.send(reverse("follow-person", args=["anna"]), seen_at=reverse("profile", args=["anna"]))
    written = anna.send(
        "/compose/",
        title="Barnacles at ebb", body=BARNACLES, tags="barnacles, tide",
        channel="pottery", visibility="public", act="publish",
    )  # fmt: skip
    note = written.url.path
    assert re.fullmatch(r"/notes/\d+/", note)
    # Fan-out by one worker, the text card by the other.
    wait_for(lambda: note in ben.get(reverse("follow")).text)
    pictures: list[str] = []

    def is_drawn() -> bool:
        pictures[:] = re.findall(r"/media/notes/[\w/.-]+", ben.get(note).text)
        return bool(pictures)

    wait_for(is_drawn)
    drawn = ben.get(pictures[0])
    assert drawn.headers["Content-Type"].startswith("image/")
    assert len(drawn.content) > 500


def test_what_only_its_author_may_see_is_shown_to_nobody_else(
    community: OpenCommunity, arrive: Callable[[str], Visitor]
) -> None:
    carla, dora = arrive("carla"), arrive("dora")
    written = carla.send(
        "/compose/",
        title="My own shore", body="Nobody else's. " * 8,
        channel="pottery", visibility="private", act="publish",
    )  # fmt: skip
    pictures: list[str] = []

    def is_drawn() -> bool:
        page = carla.get(written.url.path).text
        pictures[:] = re.findall(r"/media/notes/[\w/.-]+", page)
        return bool(pictures)

    wait_for(is_drawn)
    assert carla.get(pictures[0]).content
    assert dora.web.get(pictures[0]).status_code == httpx.codes.NOT_FOUND
    assert dora.web.get(written.url.path).status_code == httpx.codes.NOT_FOUND


def test_the_discover_feed_is_written_ahead(
    community: OpenCommunity, arrive: Callable[[str], Visitor]
) -> None:
    eva = arrive("eva")
    wait_for(lambda: "Barnacles at ebb" in eva.get(reverse("discover")).text)


def test_who_writes_reads_it_at_once_and_others_when_the_replica_has_come_up(
    community: OpenCommunity, replica: str, arrive: Callable[[str], Visitor]
) -> None:
    finn, gail = arrive("finn"), arrive("gail")
    profile = reverse("profile", args=["finn"])
    # Not to be marked by her own coming any more.
    gail.web.cookies.delete("rockpool_wrote")
    wait_for(lambda: gail.get(profile))
    gail.web.cookies.delete("rockpool_wrote")
    statement(replica, "SELECT pg_wal_replay_pause()")
    try:
        written = finn.send(
            "/compose/",
            title="Limpets come home", body="Each to its own scar. " * 8,
            channel="pottery", visibility="public", act="publish",
        )  # fmt: skip
        note = written.url.path
        assert "Limpets come home" in written.text
        assert "Limpets come home" in finn.get(profile).text
        assert gail.web.get(note).status_code == httpx.codes.NOT_FOUND
    finally:
        statement(replica, "SELECT pg_wal_replay_resume()")
    wait_for(lambda: gail.web.get(note).status_code == httpx.codes.OK)
