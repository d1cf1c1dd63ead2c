"""Periodic work while people write: SQLite has one writer at a time, and whoever writes for long
keeps everybody waiting."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.drills.house import Community, every

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

PEOPLE, NOTES = 2_000, 5_000
WRITES_A_SECOND = 10
LONGEST_WAIT = 0.25
WRITE = "UPDATE accounts_user SET last_name = last_name WHERE id = 1"


class Writer:
    """Ten short writes a second; how long each waited for its turn."""

    def __init__(self, path: str) -> None:
        self.path = path
        # (when it asked, seconds until it had the lock)
        self.waits: list[tuple[float, float]] = []
        self.over = threading.Event()

    def run(self) -> None:
        with closing(sqlite3.connect(self.path, timeout=20, isolation_level=None)) as connection:
            for moment in every(1 / WRITES_A_SECOND, time.time):
                if self.over.wait(max(0.0, moment - time.time())):
                    return
                asked = time.time()
                connection.execute("BEGIN IMMEDIATE")
                self.waits.append((asked, time.time() - asked))
                connection.execute(WRITE)
                connection.execute("COMMIT")

    def longest(self, work: list[tuple[str, float, float]]) -> dict[str, float]:
        """By task, the longest that a write waited which came while it ran."""
        return {
            name: max((wait for at, wait in self.waits if began <= at < ended), default=0.0)
            for name, began, ended in work
        }


@contextmanager
def writing(community: Community) -> Iterator[Writer]:
    writer = Writer(str(community.data / "db.sqlite3"))
    thread = threading.Thread(target=writer.run)
    thread.start()
    yield writer
    writer.over.set()
    thread.join()


@pytest.mark.letter("A6")
def test_periodic_work_keeps_no_writer_waiting(community: Community, figure) -> None:
    community.python("manage.py", "seed", "--people", str(PEOPLE), "--notes", str(NOTES))
    for _turn in range(2):
        with writing(community) as writer:
            work = community.act("work_periodically")
        longest = writer.longest(work)
        slowest = max(longest, key=longest.__getitem__)
        told = f"{len(writer.waits)} writes; the longest wait {longest[slowest] * 1000:.0f} ms"
        assert len(writer.waits) > 20
        assert {name: wait for name, wait in longest.items() if wait > LONGEST_WAIT} == {}
    figure(f"{PEOPLE:,} people, {NOTES:,} notes: {told}, beside {slowest}")
    with writing(community) as writer:
        work = community.act("hold_the_lock", 0.6)
    assert max(writer.longest(work).values()) > LONGEST_WAIT  # the control
