"""Workers killed while a note goes out to ten thousand followers."""

from __future__ import annotations

import time

import pytest

from tests.drills.house import Community

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

FOLLOWERS, KILLS = 10_000, 10
ALL_WITHIN_SECONDS = 60.0


def wait_for(happened, seconds: float, community: Community) -> float:
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < seconds, "".join(community.running.said[-30:])
        time.sleep(0.002)
    return time.monotonic() - began


@pytest.mark.letter("B1")
def test_each_feed_has_each_note_exactly_once(community: Community, figure) -> None:
    figure(kill_workers(community, KILLS))


def kill_workers(community: Community, kills: int) -> str:
    """Main process and children in turns, each time with a note to carry out; the figure."""
    community.python("manage.py", "seed", "--people", str(FOLLOWERS - 1), "--notes", "0")
    community.act("publish", "first")  # one more person, and no first time in what is measured
    assert community.act("followed_by_all", "author") == FOLLOWERS
    rockpool = community.start()
    in_hand = "SELECT COUNT(*) FROM outbox_job WHERE kind = 'feeds.fan_out' AND state = 'leased'"
    waiting = "SELECT COUNT(*) FROM outbox_job WHERE kind = 'feeds.fan_out'"
    notes, hit = [], 0
    for turn in range(kills):
        workers = [p for p in rockpool.named("celery") if "worker" in p.cmdline()]
        notes.append(community.act("publish", "author"))
        try:
            wait_for(lambda: community.rows(in_hand)[0][0], 5, community)
        except AssertionError:
            pass  # it was quicker than we looked
        # The children inherit the name of the main process.
        for victim in workers[:1] if turn % 2 else workers[1:]:
            victim.kill()
        hit += community.rows(in_hand)[0][0] > 0
        wait_for(
            lambda: len([p for p in rockpool.named("celery") if "worker" in p.cmdline()]) >= 3,
            60, community,
        )  # fmt: skip
    took = wait_for(lambda: not community.rows(waiting)[0][0], ALL_WITHIN_SECONDS, community)
    marks = ",".join("?" * len(notes))
    counted = community.rows(
        f"SELECT note_id, COUNT(*), COUNT(DISTINCT owner_id) FROM feeds_timelineentry"  # noqa: S608
        f" WHERE note_id IN ({marks}) GROUP BY note_id", *notes,
    )  # fmt: skip
    assert {row[0] for row in counted} == set(notes)
    assert {row[1:] for row in counted} == {(FOLLOWERS, FOLLOWERS)}
    assert hit, "no kill met a task in hand: this drill showed nothing"
    return (
        f"{kills} kills, {hit} of them with the task in hand: {len(notes)} notes in"
        f" {FOLLOWERS:,} feeds each, once; {took:.0f} s after the last kill"
    )
