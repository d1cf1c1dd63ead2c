"""Web processes killed at once, again and again, under people who write."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from tests.drills.house import Community, call
from tests.running.test_runner import ask

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

WRITERS, A_SECOND, KILLS, PROCESSES = 20, 40, 20, 2
PATIENCE = 60.0


def murder(community: Community, done: threading.Event) -> None:
    """Now the main process, now one of its workers, whenever all of them are there and the web
    answers: what is killed before it ever worked is started with growing pauses, and shows nothing.
    """
    chance = random.Random(1)
    for number in range(KILLS):
        main, *workers = wait_for_web(community)
        time.sleep(chance.uniform(0.2, 1.0))
        try:
            (main if number % 5 == 4 else chance.choice(workers)).kill()
        except psutil.NoSuchProcess:
            continue
    wait_for_web(community)
    done.set()


def wait_for_web(community: Community) -> list[psutil.Process]:
    """Main process and workers, once they answer."""
    while True:
        family = community.running.named("granian")
        if len(family) == 1 + PROCESSES and ask(community.port)[0]:
            return family
        time.sleep(0.2)


@pytest.mark.letter("F1")
def test_nothing_that_was_accepted_is_lost_and_nothing_is_there_twice(
    community: Community, figure
) -> None:
    scene = community.act("writers", WRITERS)
    community.start(ROCKPOOL_WEB_PROCESSES=str(PROCESSES))
    path = f"/api/v1/notes/{scene['note']}/comments/"
    done, unanswered = threading.Event(), Counter()

    def write(number: int) -> list[str]:
        """One comment after another at a steady pace, each with its key until it is answered."""
        accepted, token = [], scene["people"][number]["token"]
        moment = time.monotonic()
        while not done.is_set():
            words = f"wave {number} {len(accepted)}"
            give_up = time.monotonic() + PATIENCE
            while True:
                key = f"w-{number}-{len(accepted)}"
                status, said = call(
                    community.port, path, token=token, body={"body": words}, key=key
                )
                if status == 201:
                    break
                assert status in (0, 503), (status, said)
                assert time.monotonic() < give_up, "".join(community.running.said[-40:])
                unanswered[status] += 1
                time.sleep(0.2)
            accepted.append(words)
            moment = max(moment + WRITERS / A_SECOND, time.monotonic() - 5)
            time.sleep(max(0.0, moment - time.monotonic()))
        return accepted

    killer = threading.Thread(target=murder, args=(community, done), daemon=True)
    begun = time.monotonic()
    killer.start()
    with ThreadPoolExecutor(WRITERS) as crowd:
        accepted = [words for part in crowd.map(write, range(WRITERS)) for words in part]
    killer.join()
    seconds = time.monotonic() - begun

    assert unanswered, "nobody noticed the kills: this drill showed nothing"
    kept = Counter(row[0] for row in community.rows("SELECT body FROM community_comment"))
    lost = set(accepted) - set(kept)
    doubled = [words for words, times in kept.items() if times > 1]
    figure(
        f"{KILLS} kills, {len(accepted):,} writes at {len(accepted) / seconds:.0f}/s,"
        f" {sum(unanswered.values())} asked again: lost {len(lost)}, doubled {len(doubled)}"
    )
    assert not lost
    assert not doubled
    assert len(kept) == len(accepted)
    community.audit()
