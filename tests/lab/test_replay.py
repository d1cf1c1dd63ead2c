"""Logged lists under other settings, from the log to the version that is published."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import handle_default_options
from django.utils import timezone

from accounts.errors import Conflict, Invalid, NotAllowed
from community.models import Channel
from feeds import policies
from feeds.discover import build_discover
from feeds.features import COLUMN
from feeds.lab import services
from feeds.lab.management.commands.replay import Command as ReplayCommand
from feeds.lab.models import Replay
from feeds.lab.outcome import speaks_for_it
from feeds.lab.tasks import run_replays
from feeds.models import EnginePolicy, Event, Impression
from feeds.policy import Policy
from feeds.ranking.models import RankedList

FRESHER = {"discover.freshness_weight": 4.0, "discover.freshness_half_life_hours": 6.0}
PEOPLE, LISTS = 12, 10


@pytest.fixture
def always_logged(db):
    """Every list is logged, and a fifth of the places goes by chance."""
    rules = Policy()
    values = replace(
        rules,
        ranking=replace(rules.ranking, log_share=1.0),
        discover=replace(rules.discover, explore_share=0.2, seen_days=1, diversity="off"),
    ).to_dict()
    return policies.publish(values=values, by=None)


@pytest.fixture
def logs(always_logged, alice, bob, make_person, make_note, work_off):
    """People who read the first ten places and open what is new: the truth that a replay must find.

    Alice and Bob write in several channels; the young notes are opened, the old ones are not.
    """
    channels = list(Channel.objects.exclude(parent=None).order_by("pk")[:6])
    for number in range(24):
        make_note(
            (alice, bob)[number % 2],
            f"Note {number}",
            channel=channels[number % 6],
            ago=timedelta(hours=2 + 7 * number),
        )
    work_off()
    draw = np.random.default_rng(1)
    now = timezone.now()
    for number in range(PEOPLE):
        reader = make_person(f"reader{number}")
        for turn in range(LISTS):
            _read(reader, now + timedelta(minutes=turn), draw)
    return now + timedelta(days=2)


def _read(reader, now, draw):
    Impression.objects.filter(person=reader).delete()
    Event.objects.filter(person=reader).delete()
    snapshot = build_discover(reader.pk, now=now)
    row = RankedList.objects.get(list_id=snapshot.pk)
    ages = _ages(row)
    for note, age in list(ages.items())[:10]:
        _see(reader, note, snapshot.pk, now, opened=draw.random() < (0.8 if age < 24 else 0.1))


def _ages(row):
    from feeds.ranking.logged import read

    listed = read(row)
    hours = np.expm1(listed.features[:, COLUMN["age"]])
    return dict(zip(listed.note_ids.tolist(), hours.tolist(), strict=True))


def _see(reader, note, list_id, now, *, opened):
    Impression.objects.create(person=reader, note_id=note, feed="discover", list_id=list_id, at=now)
    if opened:
        Event.objects.create(person=reader, note_id=note, kind=Event.Kind.OPEN, at=now)


def outcome(logs, overrides):
    version = policies.current()[0]
    return services.outcome_of(version, overrides, days=14, now=logs)


# ---------------------------------------------------------------- the figures
def test_the_same_settings_change_nothing_at_all(logs):
    found = outcome(logs, {"discover.freshness_weight": Policy().discover.freshness_weight})
    assert found["cards"] > 50
    assert found["reproduced"] == 1.0
    assert found["moved"] == 0.0
    assert found["before"] == found["after"]
    for reward in ("engagement", "opens"):
        was, would = found["was"][reward], found["would"][reward]
        assert would["ips"]["value"] == pytest.approx(was, abs=1e-4)
        assert would["snips"]["value"] == pytest.approx(was, abs=1e-4)
        assert would["dr"]["low"] <= was <= would["dr"]["high"]
    assert found["effective"] == pytest.approx(found["cards"])


def test_more_weight_on_what_is_new_moves_the_lists_and_what_is_expected(logs):
    found = outcome(logs, FRESHER)
    older = outcome(logs, {"discover.freshness_weight": 0.0})
    assert found["after"]["new_places"] >= found["before"]["new_places"]
    assert older["moved"] > 0
    assert older["after"]["new_places"] <= older["before"]["new_places"]
    fresh, stale = (row["would"]["opens"]["dr"]["value"] for row in (found, older))
    assert fresh > stale


def test_without_anything_logged_it_says_so(always_logged):
    found = services.outcome_of(always_logged.pk, FRESHER, days=14, now=timezone.now())
    assert found["lists"] == found["cards"] == 0
    assert "there is nothing to replay" in found["doubts"]
    assert speaks_for_it(found) is None


def test_broken_rows_cost_themselves_only(logs):
    whole = outcome(logs, FRESHER)
    broken = RankedList.objects.first()
    RankedList.objects.filter(pk=broken.pk).update(features=b"not deflated")
    empty = RankedList.objects.exclude(pk=broken.pk).first()
    RankedList.objects.filter(pk=empty.pk).update(scores=b"")
    found = outcome(logs, FRESHER)
    assert found["broken"] == 2
    assert found["cards"] < whole["cards"]


def test_lists_of_an_arm_or_another_version_are_left_out(logs):
    whole = outcome(logs, FRESHER)
    RankedList.objects.filter(pk=RankedList.objects.first().pk).update(arms="3:1")
    assert outcome(logs, FRESHER)["lists"] == whole["lists"] - 1
    RankedList.objects.update(policy_version=99)
    assert outcome(logs, FRESHER)["lists"] == 0


def test_one_person_alone_gives_a_doubt(logs):
    keep = RankedList.objects.latest("pk").person_id
    RankedList.objects.exclude(person=keep).delete()
    assert "one person alone gives no interval" in outcome(logs, FRESHER)["doubts"]


# ---------------------------------------------------------------- asked for and run
def ask(by, **fields):
    about = {"name": "Fresher", "overrides": FRESHER, "days": 14, "now": timezone.now()} | fields
    return services.ask(by=by, **about)


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({}, "at least one"),
        ({"discover.list_size": 100}, "cannot judge"),
        ({"pools.slot_every": 5}, "cannot judge"),
        ({"no.such": 1}, "cannot judge"),
        ({"discover.freshness_weight": "much"}, "must be a number"),
        ({"discover.diversity": "chaos"}, "mmr"),
        ([], "an object"),
    ],
)
def test_what_it_cannot_judge_is_refused_with_a_reason(admin_user, overrides, words):
    assert words in "; ".join(services.faults_of(overrides))
    if isinstance(overrides, dict):
        with pytest.raises(Invalid):
            ask(admin_user, overrides=overrides)


def test_asking_needs_permission(alice):
    with pytest.raises(NotAllowed):
        ask(alice)


def test_a_worker_runs_it_once(admin_user, logs):
    row = ask(admin_user)
    services.run_next(now=logs)
    row.refresh_from_db()
    assert (row.state, row.tries) == ("done", 1)
    assert row.outcome["cards"] > 50
    assert services.run_next(now=logs) is None
    assert run_replays.once() == ""


def test_a_worker_that_dies_is_followed_by_another_but_not_for_ever(admin_user, always_logged):
    row = ask(admin_user)
    now = timezone.now()
    for tries in range(1, services.MOST_TRIES + 1):
        Replay.objects.filter(pk=row.pk).update(state="running", lease_until=now, tries=tries)
    assert services.run_next(now=now - timedelta(seconds=1)) is None, "its lease still holds"
    assert services.run_next(now=now + timedelta(seconds=1)) is None
    row.refresh_from_db()
    assert row.state == "failed"
    assert row.remark


def test_a_failure_is_told_and_ends_it(admin_user, always_logged, monkeypatch):
    row = ask(admin_user)
    monkeypatch.setattr("feeds.lab.replaying.replay", lambda *_: 1 / 0)
    services.run_next(now=timezone.now())
    row.refresh_from_db()
    assert row.state == "failed"
    assert "ZeroDivision" in row.remark


# ---------------------------------------------------------------- published
@pytest.fixture
def done(admin_user, always_logged):
    row = ask(admin_user)
    services.run_next(now=timezone.now())
    row.refresh_from_db()
    return row


def publish(row, by):
    return services.publish(replay=row, reason="Newer", by=by, now=timezone.now())


def test_it_becomes_a_numbered_version_once(done, admin_user):
    version = publish(done, admin_user)
    policies.forget()
    number, policy = policies.current()
    assert number == version.pk
    assert policy.discover.freshness_weight == 4.0
    assert policy.ranking.log_share == 1.0, "all else is as it was"
    with pytest.raises(Conflict):
        publish(done, admin_user)
    assert EnginePolicy.objects.count() == 2
    done.refresh_from_db()
    assert done.published == number


def test_not_over_a_version_it_was_not_replayed_against(done, admin_user, always_logged):
    policies.publish(values=Policy().to_dict(), by=None)
    with pytest.raises(Conflict):
        publish(done, admin_user)
    done.refresh_from_db()
    assert done.published is None


def test_publishing_needs_its_own_permission_and_a_reason(done, alice, admin_user):
    with pytest.raises(NotAllowed):
        publish(done, alice)
    with pytest.raises(Invalid):
        services.publish(replay=done, reason="", by=admin_user, now=timezone.now())


# ---------------------------------------------------------------- desk and command
def test_on_the_desk_from_the_form_to_the_version(admin_client, logs):
    typed = {"name": "Fresher", "days": "14", "overrides.discover.freshness_weight": "4"}
    answer = admin_client.post("/admin/lab/replay/add/", typed, follow=True)
    assert answer.status_code == 200
    row = Replay.objects.get()
    assert row.overrides == {"discover.freshness_weight": 4}
    assert "Waiting" in admin_client.get("/admin/lab/replay/").content.decode()
    services.run_next(now=logs)
    page = admin_client.get(f"/admin/lab/replay/{row.pk}/change/").content.decode()
    assert "data:image/svg+xml" in page
    assert "Publish as a version" in page
    draft = page.split('class="button" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "freshness_weight" in admin_client.get(draft).content.decode()
    answer = admin_client.post(f"/admin/lab/replay/{row.pk}/publish/", {"reason": "Newer"})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.published == EnginePolicy.objects.latest("pk").pk


@pytest.mark.parametrize(
    "typed", [{}, {"overrides.discover.diversity": "chaos"}, {"overrides.discover.near": "[" * 150}]
)
def test_a_form_with_faults_says_which(admin_client, always_logged, typed):
    answer = admin_client.post("/admin/lab/replay/add/", {"name": "x", "days": "14"} | typed)
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert not Replay.objects.exists()


def test_the_command_tells_the_same(logs, capsys, monkeypatch):
    monkeypatch.setattr("feeds.lab.management.commands.replay.timezone.now", lambda: logs)
    call_command("replay", "--set", "discover.freshness_weight=4", "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["cards"] == outcome(logs, {"discover.freshness_weight": 4})["cards"]
    call_command("replay", "--set", "discover.freshness_weight=4")
    assert "of first places moved" in capsys.readouterr().out
    with pytest.raises(CommandError, match="cannot judge"):
        call_command("replay", "--set", "discover.list_size=3")
    with pytest.raises(CommandError, match="SETTING=VALUE"):
        call_command("replay", "--set", "nonsense")


def test_the_command_takes_its_settings_as_they_are_typed():
    """From a shell: Django reads an option of its own called `settings` there."""
    parser = ReplayCommand().create_parser("manage.py", "replay")
    given = parser.parse_args(["--set", "discover.freshness_weight=4"])
    handle_default_options(given)
    assert given.overrides == ["discover.freshness_weight=4"]


@pytest.mark.django_db
@pytest.mark.parametrize("days", ["0", "-5", "99999999999"])
def test_the_command_refuses_days_that_no_log_has(days):
    with pytest.raises(CommandError, match="--days must be"):
        call_command("replay", "--set", "discover.freshness_weight=4", "--days", days)
