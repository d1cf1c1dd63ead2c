"""The web is reloaded while people read and send pictures."""

from __future__ import annotations

import itertools
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.drills.house import Community, call, upload
from tests.drills.photos import photo

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

REQUESTS, A_SECOND, CLIENTS, RELOADS = 2_000, 60, 24, 2
PICTURES_OF_A_NOTE = 18
# Every so-manieth request sends a picture.
UPLOAD_EVERY = 20


@pytest.mark.letter("F4")
def test_reloads_fail_none_of_two_thousand_requests(community: Community, figure) -> None:
    uploads = REQUESTS // UPLOAD_EVERY
    scene = community.act("writers", uploads // PICTURES_OF_A_NOTE + 1, 1)
    rockpool = community.start(ROCKPOOL_WEB_PROCESSES="2")
    before = {member.pid for member in rockpool.named("granian")[1:]}
    pages = itertools.cycle(["/", f"/notes/{scene['note']}/", "/api/v1/feeds/hot/", "/hot/"])
    paths = [next(pages) for _ in range(REQUESTS)]
    began = time.monotonic()

    def ask(number: int) -> tuple[str, int]:
        time.sleep(max(0.0, began + number / A_SECOND - time.monotonic()))
        if number % UPLOAD_EVERY:
            status, said = call(community.port, paths[number], timeout=60)
            return paths[number] if status else said.decode(), status
        sent = number // UPLOAD_EVERY
        person = scene["people"][sent // PICTURES_OF_A_NOTE]
        path = f"/api/v1/notes/{person['drafts'][0]}/pictures/"
        status, _said = upload(
            community.port, path, token=person["token"], name="a.jpg", content=photo(number)
        )
        return "picture", status

    reloaded = threading.Event()

    def reload() -> None:
        seconds = REQUESTS / A_SECOND
        for turn in range(RELOADS):
            time.sleep(max(0.0, began + seconds * (turn + 0.5) / RELOADS - time.monotonic()))
            rockpool.process.send_signal(signal.SIGHUP)
        reloaded.set()

    reloader = threading.Thread(target=reload)
    reloader.start()
    with ThreadPoolExecutor(CLIENTS) as crowd:
        answers = list(crowd.map(ask, range(REQUESTS)))
    seconds = time.monotonic() - began
    reloader.join()
    rockpool.wait_until(lambda: not before & {p.pid for p in rockpool.named("granian")}, 120)

    failed = Counter(answer for answer in answers if not 200 <= answer[1] < 400)
    figure(
        f"{RELOADS} reloads, {REQUESTS:,} requests at {REQUESTS / seconds:.0f}/s, {uploads}"
        f" of them pictures: {failed.total()} failed"
    )
    assert not failed, "".join(rockpool.said[-40:])
    kept = community.rows("SELECT COUNT(*) FROM community_noteimage WHERE NOT is_text_card")
    assert kept == [(uploads,)]
