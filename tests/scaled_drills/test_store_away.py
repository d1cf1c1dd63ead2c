"""The store of files refuses and hangs under people who read, write and send pictures."""

from __future__ import annotations

import itertools
import json
import os
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from tests.drills.house import call, upload
from tests.drills.photos import photo
from tests.scaled.fault_proxy import FaultProxy, proxied
from tests.scaled_drills.house import ScaledCommunity
from tests.scaled_drills.traffic import seconds_until_done

pytestmark = [pytest.mark.long, pytest.mark.drill, pytest.mark.timeout(600)]

BROKEN_SECONDS = 20
WELL_WITHIN_SECONDS = 60.0
# A page asks for no file; it must not stand behind others that do.
SLOWEST_PAGE_SECONDS = 15.0


@pytest.fixture
def store():
    with proxied(os.environ["ROCKPOOL_TEST_S3"]) as found:
        yield found


@pytest.fixture
def community(tmp_path, database, broker, store):
    community = ScaledCommunity(
        tmp_path / "data", database, ROCKPOOL_MEDIA_URL=store[1], **broker.told
    )
    yield community
    community.end()


class Album:
    """Somebody's note with pictures: sent, waited for and looked at."""

    def __init__(self, community: ScaledCommunity, scene: dict) -> None:
        self.community, self.note = community, scene["note"]
        self.token = scene["people"][0]["token"]
        self.drafts = itertools.cycle(scene["people"][0]["drafts"])
        self.accepted: list[int] = []
        self.sent = itertools.count()

    def send(self) -> int:
        path = f"/api/v1/notes/{next(self.drafts)}/pictures/"
        status, said = upload(
            self.community.port, path, token=self.token, name="a.jpg",
            content=photo(next(self.sent)),
        )  # fmt: skip
        if status == 201:
            self.accepted.append(json.loads(said)["id"])
        return status

    def comment(self) -> int:
        path = f"/api/v1/notes/{self.note}/comments/"
        body = {"body": f"wave {next(self.sent)}"}
        return call(self.community.port, path, token=self.token, body=body, timeout=60)[0]

    def states(self) -> Counter:
        sql = "SELECT state, COUNT(*) FROM community_noteimage WHERE NOT is_text_card GROUP BY 1"
        return Counter(dict(self.community.rows(sql)))

    def wait_until_ready(self) -> float:
        began = time.monotonic()
        while self.states() != {"ready": len(self.accepted)}:
            assert time.monotonic() - began < WELL_WITHIN_SECONDS, (
                self.states(), "".join(self.community.running.said[-30:])
            )  # fmt: skip
            time.sleep(0.2)
        return time.monotonic() - began


def under_way(acts: dict[str, Callable[[], int]], seconds: float) -> dict[str, list]:
    """(status, seconds) of each act, done again and again by somebody of its own."""
    seen: dict[str, list] = defaultdict(list)
    until = time.monotonic() + seconds

    def repeat(name: str) -> None:
        while time.monotonic() < until:
            began = time.monotonic()
            seen[name].append((acts[name](), time.monotonic() - began))
            time.sleep(0.3)

    # Of pictures as many at once as a page shows: more than there are places.
    threads = [
        threading.Thread(target=repeat, args=(name,))
        for name in acts
        for _ in range(12 if name == "picture" else 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def things_to_do(community: ScaledCommunity, album: Album, note: int) -> dict:
    """A picture of `note`, which is published for it, and what people do beside looking at it."""
    assert album.send() == 201
    album.wait_until_ready()
    path = f"/api/v1/notes/{note}"
    published = call(community.port, f"{path}/publish/", token=album.token, body={})
    assert published[0] in (200, 201), published
    listed = json.loads(call(community.port, f"{path}/pictures/")[1])["results"]
    sent = next(one for one in listed if not one["is_text_card"])
    picture = urlsplit(sent["renditions"][0]["url"]).path
    return {
        "page": lambda: call(community.port, f"/notes/{note}/", timeout=60)[0],
        "comment": album.comment,
        "picture": lambda: call(community.port, picture, timeout=60)[0],
        "upload": album.send,
    }


def break_and_mend(way: str, proxy: FaultProxy, album: Album, acts: dict) -> str:
    """The figure of one way in which the store is away."""
    getattr(proxy, way)()
    seen = under_way(acts, BROKEN_SECONDS)
    proxy.mend()
    began = time.monotonic()
    while acts["picture"]() != 200 or album.send() != 201:
        assert time.monotonic() - began < WELL_WITHIN_SECONDS
        time.sleep(0.2)
    healed = time.monotonic() - began
    done = album.wait_until_ready()
    statuses = {name: {status for status, _ in seen[name]} for name in acts}
    slowest = {name: max(seconds for _, seconds in seen[name]) for name in acts}
    of_pages = max(slowest["page"], slowest["comment"])
    said = (
        f"{way}: {len(seen['page'])} pages and {len(seen['comment'])} comments answered, slowest"
        f" {of_pages:.1f} s; {len(seen['picture'])} pictures and {len(seen['upload'])} uploads 503,"
        f" slowest {max(slowest['picture'], slowest['upload']):.1f} s; healed in {healed:.1f} s,"
        f" what waited ready after {done:.0f} s"
    )
    told = {"page": {200}, "comment": {201}, "picture": {503}, "upload": {503}}
    assert statuses == told, (statuses, said)
    assert of_pages < SLOWEST_PAGE_SECONDS, said
    return said


@pytest.mark.letter("F7")
@pytest.mark.parametrize("broker", ["P"], indirect=True, ids=["redis"])
def test_pages_go_on_and_nothing_is_half(community, store, figure) -> None:
    proxy, _address = store
    scene = community.act("writers", 1, 3)
    community.start(ROCKPOOL_WEB_PROCESSES="2")
    album = Album(community, scene)
    acts = things_to_do(community, album, scene["people"][0]["drafts"][0])
    well = {"page": 200, "comment": 201, "picture": 200, "upload": 201}
    assert {name: act() for name, act in acts.items()} == well, "the control"
    said = [break_and_mend(way, proxy, album, acts) for way in ("refuse", "hang")]
    assert proxy.met
    seconds_until_done(community, WELL_WITHIN_SECONDS)
    assert_store_and_rows_agree(community, album)
    community.audit()
    figure("; ".join(said))


def assert_store_and_rows_agree(community: ScaledCommunity, album: Album) -> None:
    """Every upload that was accepted has its files, and no other file is there."""
    import boto3

    parts = urlsplit(os.environ["ROCKPOOL_TEST_S3"])
    client = boto3.client(
        "s3", endpoint_url=f"http://{parts.hostname}:{parts.port}", region_name="us-east-1",
        aws_access_key_id="key", aws_secret_access_key="secret",
    )  # fmt: skip
    listed = client.list_objects_v2(Bucket=parts.path.strip("/")).get("Contents", [])
    kept = {one["Key"].split("/")[-2] for one in listed if "/notes/" in one["Key"]}
    waiting = [one["Key"] for one in listed if "/notes/" not in one["Key"]]
    rows = community.rows("SELECT id, token, is_text_card FROM community_noteimage")
    assert {row[0] for row in rows if not row[2]} == set(album.accepted)
    assert kept == {str(row[1]) for row in rows}
    assert not waiting
