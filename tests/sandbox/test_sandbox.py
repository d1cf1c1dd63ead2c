"""A small community on a clock of ours: the same seed, the same figures; never somebody's data."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.errors import Conflict
from accounts.models import User
from community.models import Like
from feeds.models import Impression, PoolEntry, PoolTransition
from feeds.policy import Policy
from feeds.remembered import Remembered
from feeds.sandbox.clock import BEGINNING, Clock
from feeds.sandbox.community import Sandbox
from feeds.sandbox.figures import measure
from feeds.sandbox.report import html, summary, table
from feeds.sandbox.running import DATABASE, Order, Result, RunFailed, run_in
from feeds.sandbox.world import NewNote, Scale, World
from tests.running.web_processes import until
from tests.template import template

SMALL = Scale(people=40, notes=40, new=2, impressions=800, spam=0)


@pytest.fixture
def empty(db: None) -> None:

    User.objects.all().delete()


def test_a_clock_answers_for_everybody_while_it_is_in_force_and_does_not_go_back() -> None:
    clock = Clock()
    with clock.in_force():
        clock.move(timedelta(hours=24))
        assert timezone.now() == BEGINNING + timedelta(hours=24)
        with pytest.raises(ValueError, match="does not go back"):
            clock.move(timedelta(hours=-1))
    assert timezone.now() != clock.now


def test_a_community_that_has_people_is_never_touched(alice: Any) -> None:
    with pytest.raises(Conflict):
        Sandbox(SMALL, seed=1).open()


@pytest.mark.usefixtures("empty")
def test_hours_pass_and_the_real_pools_count_real_readers() -> None:
    sandbox = Sandbox(SMALL, seed=3)
    with sandbox.clock.in_force():
        sandbox.open()
        note = sandbox.write(sandbox.world.notes_of_day()[0])
        sandbox.advance(hours=3)
        figures, _hours = measure(sandbox)
    entry = PoolEntry.objects.get(pk=note.pk)
    # No more than come on a day, and more as more of them do.
    assert len(sandbox.world.came_yesterday()) - 1 <= entry.promised < SMALL.people
    assert PoolTransition.objects.get(note=note, from_tier=None).reason == "admitted"
    assert Impression.objects.filter(note=note).exclude(person=note.author).exists()
    # About a hundred; how long they read goes by what they meet, and that by the ids of notes too.
    assert Impression.objects.count() == sandbox.counts["impressions"] > 20
    assert Like.objects.count() == sandbox.counts["like"]
    assert figures["most_of_promise"] is not None
    assert figures["most_of_promise"] <= 1.05


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a sandbox has an SQLite file of its own")
@pytest.mark.usefixtures("empty")
def test_the_same_seed_gives_the_same_figures() -> None:
    assert a_run(seed=5) == a_run(seed=5)


def a_run(*, seed: int) -> Any:
    """Figures of two hours, leaving nothing behind."""
    sandbox = Sandbox(SMALL, seed=seed)
    with sandbox.clock.in_force(), transaction.atomic():
        sandbox.open()
        sandbox.write(sandbox.world.notes_of_day()[0])
        sandbox.advance(hours=2)
        outcome = measure(sandbox), sorted(Impression.objects.values_list("person", "note", "at"))
        transaction.set_rollback(True)
    Remembered.forget_everything()
    return outcome


def test_a_run_told_to_end_takes_its_processes_and_its_folder_along(tmp_path: Path) -> None:
    asked = subprocess.Popen(
        [sys.executable, "manage.py", "sandbox", "--days", "300"],
        env=os.environ | {"TMPDIR": str(tmp_path)},
        stderr=subprocess.PIPE,
    )
    both = psutil.Process(asked.pid)
    try:
        until(lambda: any(tmp_path.glob("rockpool-sandbox-*/empty")) and bool(both.children()))
        children = both.children(recursive=True)
        asked.terminate()
        assert asked.communicate(timeout=60)[1] == b""
    finally:
        asked.kill()
    assert asked.returncode == 128 + signal.SIGTERM
    assert not list(tmp_path.iterdir())
    assert psutil.wait_procs(children, timeout=30)[1] == []


def test_a_run_in_a_process_of_its_own_says_what_came_of_it(tmp_path: Path) -> None:
    """With the settings of a community and not those of tests, as the command starts it."""
    shutil.copy(template(), tmp_path / DATABASE)
    order = Order("default", 1, 3, SMALL, Policy().to_dict())
    result = run_in(tmp_path, order)
    assert (result.arm, result.seed) == ("default", 1)
    assert result.figures["impressions"]
    with pytest.raises(RunFailed, match="empty database"):
        run_in(tmp_path, order)


def test_the_same_seed_is_the_same_world_and_another_is_another() -> None:
    first, again, other = (World(SMALL, ["a", "b", "c"], seed=seed) for seed in (1, 1, 2))
    notes = first.notes_of_day()
    assert notes == again.notes_of_day() != other.notes_of_day()


def test_arms_are_compared_seed_by_seed_with_intervals() -> None:
    def result(arm: str, seed: int, rate: float) -> Result:
        names = dict.fromkeys(("reached_100", "ring_impressions"), None)
        figures = {**summary_names(), **names, "open_rate": rate}
        return Result(arm, seed, figures, [3.0, None], 1.0)

    results = [
        result("default", 1, 0.18), result("unconstrained", 1, 0.2),
        result("default", 2, 0.27), result("unconstrained", 2, 0.3),
    ]  # fmt: skip
    assert summary(results)["ctr_kept"]["default"] == (pytest.approx(0.9), pytest.approx(0))
    assert summary(results)["reached_100"]["default"] is None
    assert "90.0%" in table(results)
    page = html(results, Order("default", 1, 72, SMALL, Policy().to_dict()))
    assert "<svg" in page
    assert "<script" not in page


def summary_names() -> dict[str, float | None]:
    from feeds.sandbox.report import SHOWN

    return dict.fromkeys(SHOWN)


@pytest.mark.usefixtures("empty")
def test_a_ring_pushes_what_it_wrote_and_an_idle_one_does_not() -> None:
    likes = {}
    for acts in (True, False):
        sandbox = Sandbox(Scale(people=20, notes=5, new=0, ring=4, ring_acts=acts), seed=1)
        with sandbox.clock.in_force():
            if acts:
                sandbox.open()
                first = sandbox
            else:
                sandbox.world, sandbox.people = first.world, first.people
                sandbox.channels, sandbox.readers = first.channels, first.readers
            author = sandbox.world.ring()[0]
            body = f"Something about kilns, told by {acts}."
            row = sandbox.write(NewNote(author, 0, "Title", body, (), 0.0, by_ring=True))
        likes[acts] = Like.objects.filter(note=row).count()
    assert likes == {True: 4, False: 0}


@pytest.mark.usefixtures("empty")
def test_what_is_bought_is_delivered_or_given_back_to_the_unit() -> None:
    from feeds.boosts.models import Boost

    sandbox = Sandbox(Scale(people=60, notes=40, new=6, impressions=2500, spam=0, boosts=6), seed=2)
    with sandbox.clock.in_force():
        sandbox.open()
        sandbox.advance(hours=30)
        figures, _hours = measure(sandbox)
    states = set(Boost.objects.values_list("state", flat=True))
    assert states <= {"finished", "stopped", "running"}
    assert figures["boosts_ended"] == Boost.objects.exclude(state="running").count() >= 3
    assert figures["money_exact"] == 1.0
    assert figures["boosts_refunded"] is not None
    assert 0 < figures["boosts_refunded"] < 1
    assert not User.objects.get(username="reviewer").is_superuser
