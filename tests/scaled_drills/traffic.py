"""People who read and write at a steady pace while something breaks, and what became of it."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.drills.house import Community, call

PEOPLE, DRAFTS = 8, 8
WRITES_A_SECOND, PAGES_A_SECOND, READERS = 3, 8, 6
# Every so-manieth write publishes a draft to all the others; the rest are comments. A card is drawn
# for each, a second of work: more of them, and their drawing would be what is measured.
PUBLISH_EVERY = 10
PATIENCE_SECONDS = 90.0
WELL = {200, 201}


@dataclass(frozen=True, slots=True)
class Answer:
    """When it was asked, what for, how long it took and what came: 0 where nobody answered."""

    asked: float
    kind: str
    seconds: float
    status: int


@dataclass
class Traffic:
    """Starts with the block and has everything that was accepted when the block is over.

    What is refused is asked again with the same key, as a careful client does.
    """

    community: Community
    scene: dict[str, Any]
    answers: list[Answer] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    published: list[int] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def __enter__(self) -> Traffic:
        self._over = threading.Event()
        pages = ["/", f"/notes/{self.scene['note']}/", "/api/v1/feeds/hot/", "/healthz"]
        self._pages = itertools.cycle(pages)
        self._threads = [
            threading.Thread(target=self._guarded, args=arguments)
            for arguments in (
                *((self._write, number) for number in range(PEOPLE)),
                *((self._read, number) for number in range(READERS)),
            )
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        assert not self.failures, self.failures

    def _guarded(self, act: Any, number: int) -> None:
        try:
            act(number)
        except Exception as error:
            self.failures.append(repr(error))
            self._over.set()

    def _moments(self, number: int, people: int, a_second: float) -> Iterator[int]:
        """Count at this pace until it is over; who is late does not hurry for long."""
        moment = time.monotonic() + number / a_second
        for turn in itertools.count():
            if self._over.wait(max(0.0, moment - time.monotonic())):
                return
            yield turn
            moment = max(moment + people / a_second, time.monotonic() - 1)

    def _read(self, number: int) -> None:
        for _ in self._moments(number, READERS, PAGES_A_SECOND):
            self._ask("page", next(self._pages))

    def _write(self, number: int) -> None:
        person = self.scene["people"][number]
        drafts = iter(person["drafts"])
        for turn in self._moments(number, PEOPLE, WRITES_A_SECOND):
            draft = next(drafts, None) if turn % PUBLISH_EVERY == PUBLISH_EVERY - 1 else None
            key = f"w-{number}-{turn}"
            if draft:
                self._until_accepted(f"/api/v1/notes/{draft}/publish/", {}, person["token"], key)
                self.published.append(draft)
            else:
                path, words = f"/api/v1/notes/{self.scene['note']}/comments/", f"wave {key}"
                self._until_accepted(path, {"body": words}, person["token"], key)
                self.comments.append(words)

    def _until_accepted(self, path: str, body: dict[str, Any], token: str, key: str) -> None:
        give_up = time.monotonic() + PATIENCE_SECONDS
        while True:
            status, said = self._ask("write", path, token=token, body=body, key=key)
            if status in WELL:
                return
            # Refused for a while, unanswered, or still being worked on under this key.
            if status not in (0, 503) and not (status == 409 and b"idempot" in said.lower()):
                raise AssertionError((path, status, said))
            if time.monotonic() > give_up:
                raise AssertionError((path, status, said, "for too long"))
            time.sleep(0.3)

    def _ask(self, kind: str, path: str, **how: Any) -> tuple[int, bytes]:
        asked = time.monotonic()
        status, said = call(self.community.port, path, timeout=60, **how)
        self.answers.append(Answer(asked, kind, time.monotonic() - asked, status))
        return status, said

    # ---------------------------------------------------------------- afterwards
    def within(self, began: float, ended: float) -> list[Answer]:
        """What was asked meanwhile, and answered since."""
        return [answer for answer in self.answers if began <= answer.asked < ended]

    def assert_kept_once(self) -> None:
        """Whatever was accepted is there, and once, also in the feeds of all who follow."""
        rows = self.community.rows("SELECT body FROM community_comment")
        kept = Counter(row[0] for row in rows)
        assert kept == Counter(self.comments)
        marks = ",".join("?" * len(self.published))
        feeds = self.community.rows(
            "SELECT note_id, COUNT(*), COUNT(DISTINCT owner_id) FROM feeds_timelineentry"  # noqa: S608
            f" WHERE note_id IN ({marks}) GROUP BY note_id", *self.published,
        )  # fmt: skip
        # All people of the scene and the author of its note, but for who wrote it.
        assert {row[0]: row[1:] for row in feeds} == dict.fromkeys(self.published, (PEOPLE, PEOPLE))
        assert not self.community.rows(
            "SELECT kind, last_error FROM outbox_job WHERE state='aside'"
        )


def scene(community: Community) -> dict[str, Any]:
    """People who follow each other, with drafts to publish, and a note to comment on."""
    made: dict[str, Any] = community.act("writers", PEOPLE, DRAFTS)
    assert community.act("all_follow_all") == PEOPLE
    return made


def percentile(share: float, answers: list[Answer]) -> float:
    """Seconds in which that share of them was answered."""
    times = sorted(answer.seconds for answer in answers)
    return times[min(len(times) - 1, int(share * len(times)))]


def due(community: Community) -> int:
    """Jobs that wait to be done now, or are being done."""
    sql = "SELECT COUNT(*) FROM outbox_job WHERE state <> 'aside' AND run_at <= now()"
    return int(community.rows(sql)[0][0])


def seconds_until_done(community: Community, most: float) -> float:
    """Until no job is due any more."""
    began = time.monotonic()
    while left := due(community):
        assert time.monotonic() - began < most, (left, "".join(community.running.said[-30:]))
        time.sleep(0.2)
    return time.monotonic() - began


def seconds_until_beat(community: Community, most: float) -> float:
    """Until a tick that beat sends from now on has been worked on."""
    began = time.monotonic()
    newest = "SELECT MAX(taken_at) FROM outbox_scheduleslot"
    [(before,)] = community.rows(newest)
    while community.rows(newest) == [(before,)]:
        assert time.monotonic() - began < most, "".join(community.running.said[-30:])
        time.sleep(0.2)
    return time.monotonic() - began
