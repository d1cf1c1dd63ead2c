"""What was published and does harm is taken back by itself: once, with its figures."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from accounts.errors import Conflict
from accounts.models import Profile, User
from community.artefacts import registry, store
from community.artefacts.models import Artefact
from community.models import Note
from feeds import policies
from feeds.experiments import services, watching
from feeds.experiments.assignment import as_running
from feeds.experiments.measuring import between_times, same_hours_before
from feeds.experiments.models import Watch
from feeds.models import (
    EnginePolicy,
    Event,
    FeedList,
    Impression,
    PoolDelivery,
    PoolTransition,
)
from feeds.policy import Policy
from tests.experiments.conftest import drawn_up

NOW = timezone.now()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
State = Watch.State


@pytest.fixture
def notes(alice, channel):
    rows = [
        Note(
            author=alice, title=f"Bowl {n}", body="A bowl.", channel=channel, state="published",
            published_at=NOW - 9 * DAY, created_at=NOW - 9 * DAY,
        )
        for n in range(80)
    ]  # fmt: skip
    return Note.objects.bulk_create(rows)


@pytest.fixture
def crowd(db):
    people = User.objects.bulk_create(
        [User(username=f"reader{n}", username_key=f"reader{n}") for n in range(100)]
    )
    Profile.objects.bulk_create(
        [Profile(person=person) for person in people], ignore_conflicts=True
    )
    return people


def read(people, notes, at, likes, hides=0):
    """Each person sees all notes within the hour, likes the first so many (every other person one
    more, the others one less) and hides the last."""
    Impression.objects.bulk_create(
        [Impression(person=p, note=n, feed="discover", at=at) for p in people for n in notes]
    )
    like, hide = Event.Kind.LIKE, Event.Kind.HIDE
    for place, person in enumerate(people):
        acts = [(n, like) for n in notes[: likes + (-1) ** place]]
        acts += [(n, hide) for n in notes[len(notes) - hides :][place % 2 :]]
        Event.objects.bulk_create(
            [Event(person=person, note=n, kind=kind, at=at) for n, kind in acts]
        )


def publish(at, **settings):
    values = Policy().to_dict()
    for name, value in settings.items():
        values["discover"][name] = value
    version = policies.publish(values=values, by=None, remark="try", now=at)
    policies.forget()
    return version


@pytest.fixture
def harmed(crowd, notes):
    """Version 2 came two hours ago, and readers have liked a tenth of what they used to."""
    publish(NOW - 5 * DAY)
    bad = publish(NOW - 2 * HOUR, freshness_weight=5.0)
    read(crowd, notes[:40], NOW - DAY - HOUR, likes=20)
    read(crowd, notes[40:], NOW - HOUR, likes=2)
    return bad


def look(now=NOW):
    policies.forget()  # as processes do within seconds
    registry.forget()
    return watching.look(now=now)


def test_a_policy_that_does_harm_is_taken_back_once_and_says_why(harmed):
    assert look() == 1
    again = EnginePolicy.objects.first()
    assert again.values == EnginePolicy.objects.order_by("pk").first().values
    assert again.published_by is None
    for said in ("engagement per impression", "0.5", "0.05", f"v{harmed.pk}", "tolerated"):
        assert said in again.remark
    watch = Watch.objects.get(subject=harmed.pk)
    assert watch.state == State.ROLLED_BACK
    [found] = [f for f in watch.findings if f["state"] == "broken"]
    assert (found["before"], found["after"]) == (0.5, 0.05)
    assert found["low"] < found["high"] < found["tolerated"] < 0


def test_looking_again_and_again_takes_nothing_further_back(harmed):
    look()
    count = EnginePolicy.objects.count()
    assert [look(NOW + n * HOUR) for n in range(4)] == [0, 0, 0, 0]
    assert EnginePolicy.objects.count() == count
    assert Watch.objects.get(subject=EnginePolicy.objects.first().pk).state == State.EXEMPT


def test_what_a_human_publishes_meanwhile_ends_the_watch(harmed):
    watching.open_watches(now=NOW)
    good = publish(NOW - timedelta(minutes=1), freshness_weight=0.7)
    assert look() == 0
    assert Watch.objects.get(subject=harmed.pk).state == State.ENDED
    assert policies.current()[0] == good.pk


def test_a_human_who_is_faster_than_the_guardrail_wins(harmed, monkeypatch):
    found = watching._findings

    def slow(watch, until):
        findings = found(watch, until)
        publish(NOW, freshness_weight=0.7)
        return findings

    monkeypatch.setattr(watching, "_findings", slow)
    assert look() == 0
    assert Watch.objects.get(subject=harmed.pk).state == State.ENDED
    assert EnginePolicy.objects.first().values["discover"]["freshness_weight"] == 0.7


def test_with_rollback_off_it_is_told_and_stays(harmed, crowd, notes):
    values = EnginePolicy.objects.first().values | {"guardrails": {"rollback": "off"}}
    EnginePolicy.objects.filter(pk=harmed.pk).update(values=values)
    assert look() == 0
    watch = Watch.objects.get(subject=harmed.pk)
    assert (watch.state, bool(watch.remark)) == (State.BROKEN, True)
    assert policies.current()[0] == harmed.pk


def test_what_does_no_harm_passes_at_the_end_of_its_window(crowd, notes):
    publish(NOW - 5 * DAY)
    version = publish(NOW - 2 * HOUR, freshness_weight=1.5)
    read(crowd, notes[:40], NOW - DAY - HOUR, likes=20)
    read(crowd, notes[40:], NOW - HOUR, likes=20)
    assert look() == 0
    watch = Watch.objects.get(subject=version.pk)
    assert (watch.state, len(watch.findings)) == (State.WATCHING, 3)
    look(NOW + 3 * DAY)
    watch.refresh_from_db()
    assert watch.state == State.PASSED
    assert look(NOW + 4 * DAY) == 0


def test_hides_alone_are_enough(crowd, notes):
    publish(NOW - 5 * DAY)
    publish(NOW - 2 * HOUR, freshness_weight=5.0)
    read(crowd, notes[:40], NOW - DAY - HOUR, likes=20)
    read(crowd, notes[40:], NOW - HOUR, likes=20, hides=8)
    assert look() == 1
    assert "per impression went from 0 to" in EnginePolicy.objects.first().remark


def test_lists_that_became_empty_are_found(db):
    publish(NOW - 5 * DAY)
    policy = publish(NOW - timedelta(minutes=30), freshness_weight=5.0)

    def built(at, length):
        lists = [
            FeedList(
                kind="discover", key=str(n), items=b"[]", length=length, built_at=at,
                policy_version=1,
            )
            for n in range(1, 200)
        ]  # fmt: skip
        FeedList.objects.bulk_create(lists)

    built(NOW - timedelta(minutes=50), 240)
    watching.open_watches(now=NOW)
    FeedList.objects.all().delete()  # as rebuilding does
    built(NOW - timedelta(minutes=10), 0)
    assert look() == 1
    assert "empty discover lists" in Watch.objects.get(subject=policy.pk).remark


def test_a_learnt_version_is_taken_back_and_the_one_before_serves(crowd, notes):
    def ranker(value, at):
        row = store.save(
            "ranker", arrays={"a": np.full(4, value)}, figures={}, trained_on={}, now=at
        )
        return registry.publish(row, by=None, remark="better", now=at)

    good, bad = ranker(1.0, NOW - 5 * DAY), ranker(2.0, NOW - 2 * HOUR)
    read(crowd, notes[:40], NOW - DAY - HOUR, likes=20)
    read(crowd, notes[40:], NOW - HOUR, likes=2)
    assert look() == 1
    in_force = Artefact.objects.get(state=Artefact.State.IN_FORCE)
    assert in_force == good
    bad.refresh_from_db()
    assert "engagement per impression" in bad.remark
    assert [look(NOW + n * HOUR) for n in range(3)] == [0, 0, 0]


def test_of_two_changes_the_later_goes_and_the_other_is_measured_anew(harmed):
    row = store.save("similar", arrays={"a": np.ones(4)}, figures={}, trained_on={}, now=NOW)
    registry.publish(row, by=None, remark="", now=NOW - 2 * HOUR + timedelta(minutes=5))
    assert look() == 1
    assert not Artefact.objects.filter(state=Artefact.State.IN_FORCE).exists()
    policy = Watch.objects.get(kind="policy", subject=harmed.pk)
    assert (policy.state, policy.measured_from) == (State.WATCHING, NOW)
    assert look(NOW + timedelta(minutes=5)) == 0  # nothing was seen since


def test_an_experiment_that_does_harm_is_stopped_with_the_reason(operator, crowd, notes):
    row = services.start(
        experiment=drawn_up("fresh", {"discover.freshness_weight": 5.0}), by=operator,
        now=NOW - 3 * HOUR,
    )  # fmt: skip
    arms = [as_running(row).arm(person.pk) for person in crowd]
    read([p for p, a in zip(crowd, arms, strict=True) if a == 0], notes[:40], NOW - HOUR, likes=20)
    read([p for p, a in zip(crowd, arms, strict=True) if a == 1], notes[:40], NOW - HOUR, likes=2)
    services.note_exposures(now=NOW)
    assert look() == 1
    row.refresh_from_db()
    assert row.state == "stopped"
    assert row.remark.startswith("other: engagement per impression")
    assert look() == 0


def test_the_same_hours_of_earlier_days_are_compared():
    start = NOW - 30 * HOUR
    assert same_hours_before(start, NOW) == (start - 2 * DAY, NOW - 2 * DAY)
    assert same_hours_before(start, start + HOUR) == (start - DAY, start + HOUR - DAY)
    assert same_hours_before(start, start + DAY) == (start - DAY, start)


def test_a_late_report_hides_none_of_the_time(crowd, notes):
    read(crowd, notes[:40], NOW - 3 * HOUR, likes=20)
    # A device that was offline: recorded last, happened long before.
    Event.objects.create(person=crowd[0], note=notes[0], kind=Event.Kind.OPEN, at=NOW - 20 * HOUR)
    found = between_times(NOW - 4 * HOUR, NOW)
    assert found["engagement per impression"].estimate.value == 0.5
    assert found["engagement per impression"].weight == 4000


def test_a_guardrail_with_no_rows_at_all_says_nothing(db):
    assert look() == 0
    publish(NOW - HOUR)
    assert look() == 0
    assert Watch.objects.get().findings == []


def test_what_cannot_be_put_back_is_told_and_left(harmed):
    EnginePolicy.objects.exclude(pk=harmed.pk).update(values={"pools": {"quality_bar": 7}})
    assert [look(), look()] == [0, 0]
    watch = Watch.objects.get(subject=harmed.pk)
    assert watch.state == State.BROKEN
    assert "pools.quality_bar" in watch.remark
    assert EnginePolicy.objects.first() == harmed


def test_the_first_version_of_all_goes_back_to_the_defaults(crowd, notes):
    publish(NOW - 2 * HOUR, freshness_weight=5.0)
    read(crowd, notes[:40], NOW - DAY - HOUR, likes=20)
    read(crowd, notes[40:], NOW - HOUR, likes=2)
    assert look() == 1
    assert Policy.from_dict(EnginePolicy.objects.first().values) == Policy()


def test_publishing_instead_of_a_version_that_is_gone_is_refused(db):
    old, new = publish(NOW - DAY), publish(NOW)
    with pytest.raises(Conflict):
        policies.publish(values=Policy().to_dict(), by=None, now=NOW, instead_of=old.pk)
    policies.publish(values=Policy().to_dict(), by=None, now=NOW, instead_of=new.pk)
    assert EnginePolicy.objects.count() == 3


def test_publishing_goes_past_a_version_that_cannot_be_read(db):
    read, unread = publish(NOW - DAY), publish(NOW)
    EnginePolicy.objects.filter(pk=unread.pk).update(values={"pools": {"quality_bar": 7}})
    with pytest.raises(Conflict):
        policies.publish(values=Policy().to_dict(), by=None, now=NOW, instead_of=unread.pk)
    newest = policies.publish(values=Policy().to_dict(), by=None, now=NOW, instead_of=read.pk)
    assert policies.current()[0] == newest.pk


def test_promises_that_ended_within_the_time_are_counted(alice, bob, make_note, work_off):
    kept, _never, late = (make_note(alice) for _ in range(3))
    work_off()
    PoolTransition.objects.update(at=NOW - 30 * HOUR, figures={"promised": 1})
    for note, hours in ((kept, 10), (late, 2)):
        at = NOW - hours * HOUR
        PoolDelivery.objects.create(note=note, tier=0, person=bob, reserved_at=at, seen_at=at)
    found = between_times(NOW - 10 * HOUR, NOW)["promises kept"]
    assert (round(found.estimate.value * 3), found.weight) == (1, 3)
    assert "promises kept" not in between_times(NOW - 3 * HOUR, NOW)


def test_operators_read_on_the_first_page_what_was_taken_back(harmed, client, operator, alice):
    look(timezone.now())
    client.force_login(operator)
    watch = Watch.objects.get(subject=harmed.pk)
    first = client.get("/admin/").content.decode()
    assert f"/admin/experiments/watch/{watch.pk}/change/" in first
    page = client.get(f"/admin/experiments/watch/{watch.pk}/change/").content.decode()
    assert "✕ broken" in page
    assert "0.5000" in page
    assert client.get("/admin/experiments/watch/").status_code == 200
    assert client.get("/admin/experiments/watch/add/").status_code == 403
    client.force_login(alice)
    assert client.get(f"/admin/experiments/watch/{watch.pk}/change/").status_code == 302
