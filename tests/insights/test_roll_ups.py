"""Roll-ups say exactly what the raw events say."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import Profile
from accounts.services import follow_user, unfollow_user
from community.services.reactions import like_note, unlike_note
from feeds import events, impressions, policies, serving
from feeds.insights import audience, expiry, rolling, tasks
from feeds.insights.models import Audience, FeedDay, FeedHour, FollowChange, StaleAudience
from feeds.insights.rules import COUNTS
from feeds.models import Event, Impression, Interest
from feeds.policy import Policy
from feeds.qualification import SHORTEST_LOOK

pytestmark = pytest.mark.django_db
Kind = Event.Kind
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def notes(alice, bob, make_note, work_off):
    Profile.objects.filter(person=bob).update(time_zone="Asia/Shanghai")
    made = [make_note(alice), make_note(alice), make_note(bob)]
    work_off()
    return made


@pytest.fixture
def people(make_person):
    return [make_person(f"reader{n}") for n in range(12)]


def happened(notes, people, count, *, seed=1):
    """Random acts over three days, authors' own among them."""
    chance = Random(seed)
    rows = [
        Event(
            person=chance.choice([*people, notes[0].author, None]),
            note=chance.choice(notes),
            kind=chance.choice(Kind.values),
            value=round(chance.uniform(0, 40), 1),
            feed=chance.choice(["discover", "follow", "boost", ""]),
            at=NOW - timedelta(minutes=chance.randrange(3 * 24 * 60)),
        )
        for _ in range(count)
    ]
    Event.objects.bulk_create(rows)


def raw(time_of):
    """The counts from the raw events, another way than the roll-up's."""
    found = defaultdict(lambda: dict.fromkeys(COUNTS, 0))
    least = policies.current()[1].interests.long_read_seconds
    for event in Event.objects.select_related("note__author__profile"):
        if event.person_id == event.note.author_id:
            continue
        counts = found[event.note_id, time_of(event), event.feed]
        match Kind(event.kind):
            case Kind.DWELL:
                counts["dwell_seconds"] += event.value
                counts["reads"] += event.value >= least
            case Kind.UNLIKE:
                counts["likes"] -= 1
            case Kind.UNCOLLECT:
                counts["collects"] -= 1
            case kind:
                counts[f"{kind.name.lower()}s"] += 1
    return dict(found)


def hour_of(event):
    return event.at.replace(minute=0, second=0, microsecond=0)


def day_of(event):
    zone = event.note.author.profile.time_zone
    return event.at.astimezone(ZoneInfo(zone or "UTC")).date()


def rolled(model, time):
    return {
        (row.note_id, getattr(row, time), row.feed): {
            name: pytest.approx(getattr(row, name)) for name in COUNTS
        }
        for row in model.objects.all()
    }


def test_hours_and_days_equal_the_raw_events(notes, people):
    happened(notes, people, 600)
    events.digest(now=NOW)
    assert raw(hour_of) == rolled(FeedHour, "hour")
    assert raw(day_of) == rolled(FeedDay, "day")
    assert {row.author_id for row in FeedDay.objects.filter(note=notes[2])} == {notes[2].author_id}


def test_late_events_and_second_runs_change_nothing_twice(notes, people, monkeypatch):
    monkeypatch.setattr(events, "AT_ONCE", 37)
    for seed in (1, 2):
        happened(notes, people, 100, seed=seed)
        events.digest(now=NOW)
        events.digest(now=NOW)
    assert raw(hour_of) == rolled(FeedHour, "hour")


def test_a_rebuild_gives_the_same(notes, people):
    happened(notes, people, 200)
    events.digest(now=NOW)
    before = rolled(FeedDay, "day")
    assert rolling.rebuild() == Event.objects.count()
    assert rolled(FeedDay, "day") == before


def test_a_worker_that_dies_before_counting_loses_and_doubles_nothing(notes, people, monkeypatch):
    keep(30)
    happened(notes, people, 100)
    seen_by(notes[0], people[0], at=NOW - timedelta(days=40))
    with monkeypatch.context() as patch:
        patch.setattr(rolling, "_count", lambda events, times: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            events.digest(now=NOW)
    assert not events.waiting()
    assert not FeedHour.objects.exists()
    # Raw events wait for their figures.
    assert expiry.expire_events(now=NOW) == 0
    tasks.count_audiences()
    assert raw(hour_of) == rolled(FeedHour, "hour")
    assert rolling.roll_up() == 0
    assert raw(day_of) == rolled(FeedDay, "day")


# ---------------------------------------------------------------- who brought them
def look(person, note, *, feed_page=serving.serve_discover):
    now = timezone.now()
    page = feed_page(viewer=person, now=now)
    assert note.pk in [item.note_id for item in page.items]
    impressions.intake(
        viewer=person,
        batch={"token": page.token, "seen": [note.pk]},
        now=now + SHORTEST_LOOK,
    )


def test_what_follows_a_sight_is_put_down_to_its_feed(notes, charlie):
    look(charlie, notes[0])
    like_note(person=charlie, note_id=notes[0].pk, now=timezone.now())
    impressions.intake(
        viewer=charlie,
        batch={"events": [{"note": notes[0].pk, "kind": "open"}]},
        now=timezone.now(),
    )
    feeds = dict(Event.objects.filter(person=charlie).values_list("kind", "feed"))
    assert feeds == {Kind.IMPRESSION: "discover", Kind.LIKE: "discover", Kind.OPEN: "discover"}


def test_who_came_by_a_link_came_by_no_feed(notes, charlie):
    like_note(person=charlie, note_id=notes[0].pk, now=timezone.now())
    assert Event.objects.get(person=charlie).feed == ""


def test_a_paid_place_is_told_apart(notes, charlie):
    Impression.objects.create(
        person=charlie, note=notes[0], feed="discover", source="boost", at=timezone.now()
    )
    like_note(person=charlie, note_id=notes[0].pk, now=timezone.now())
    unlike_note(person=charlie, note_id=notes[0].pk, now=timezone.now())
    events.digest(now=timezone.now())
    row = FeedDay.objects.get(note=notes[0])
    assert (row.feed, row.likes) == ("boost", 0)


# ---------------------------------------------------------------- audiences
def seen_by(note, *people, at=NOW, kinds=(Kind.IMPRESSION,)):
    for person in people:
        for kind in kinds:
            Event.objects.create(person=person, note=note, kind=kind, at=at)


def parts(note, kind):
    rows = Audience.objects.filter(note=note, kind=kind)
    return {(row.day.isoformat(), row.value): (row.seen, row.opened, row.score) for row in rows}


def count(now=NOW):
    events.digest(now=now)
    return audience.count_audiences(now=now)


def test_people_are_counted_once_a_day_whatever_they_did(notes, people):
    seen_by(notes[0], people[0], kinds=(Kind.IMPRESSION, Kind.OPEN, Kind.OPEN, Kind.LIKE))
    seen_by(notes[0], people[1])
    seen_by(notes[0], notes[0].author)
    count()
    assert parts(notes[0], "all") == {("2026-03-01", ""): (2, 1, 1.0)}


def test_cities_interests_and_matching_tags(notes, people):
    Profile.objects.filter(person=people[0]).update(city="Hangzhou")
    pottery = notes[0].tags.get(name="pottery")
    for weight, tag in ((3.0, pottery.pk), (2.0, 901), (1.0, 902), (0.5, 903)):
        Interest.objects.create(
            person=people[0], kind=Interest.Kind.TAG, target=tag, weight=weight, as_of=NOW
        )
    seen_by(notes[0], *people[:2])
    count()
    assert parts(notes[0], "city") == {("2026-03-01", "Hangzhou"): (1, 0, 0)}
    assert {value for _day, value in parts(notes[0], "tag")} == {str(pottery.pk), "901", "902"}
    assert parts(notes[0], "match") == {("2026-03-01", str(pottery.pk)): (1, 0, 0)}


def test_ties_to_the_author(notes, people):
    follow_user(follower=people[0], followed=notes[0].author, now=NOW)
    seen_by(notes[0], people[1], at=NOW - timedelta(days=1))
    count()
    seen_by(notes[1], *people[:3])
    count()
    assert parts(notes[1], "tie") == {
        ("2026-03-01", "follower"): (1, 0, 0),
        ("2026-03-01", "returning"): (1, 0, 0),
        ("2026-03-01", "new"): (1, 0, 0),
    }


def test_counting_again_gives_the_same_and_what_is_late_is_added(notes, people):
    seen_by(notes[0], *people[:3])
    count()
    first = parts(notes[0], "tie")
    StaleAudience.objects.create(note=notes[0], author=notes[0].author, day=NOW.date())
    count()
    assert parts(notes[0], "tie") == first == {("2026-03-01", "new"): (3, 0, 0)}
    seen_by(notes[0], people[3])
    assert count() == 1
    assert parts(notes[0], "all") == {("2026-03-01", ""): (4, 0, 0)}
    assert count() == 0


def test_follows_are_noted_as_they_come_and_go(alice, charlie):
    follow_user(follower=charlie, followed=alice, now=NOW)
    unfollow_user(follower=charlie, followed=alice, now=NOW)
    assert list(FollowChange.objects.values_list("author", "gained").order_by("pk")) == [
        (alice.pk, True),
        (alice.pk, False),
    ]


# ---------------------------------------------------------------- expiry
def keep(days):
    policies.publish(
        values=Policy().to_dict() | {"insights": {"keep_event_days": days}}, by=None, remark="test"
    )
    policies.forget()


def test_old_events_go_and_roll_ups_stay(notes, people):
    keep(30)
    seen_by(notes[0], people[0], at=NOW - timedelta(days=40))
    seen_by(notes[0], people[1])
    imported = Event.objects.create(
        person=people[2], note=notes[0], kind=Kind.OPEN, feed="import", at=NOW - timedelta(days=900)
    )
    # Not yet digested, then not yet counted: nothing may go.
    assert expiry.expire_events(now=NOW) == 0
    events.digest(now=NOW)
    assert expiry.expire_events(now=NOW) == 0
    audience.count_audiences(now=NOW)
    kept = rolled(FeedDay, "day")
    assert expiry.expire_events(now=NOW) == 1
    assert expiry.expire_events(now=NOW) == 0
    assert rolled(FeedDay, "day") == kept
    assert {imported.pk} < set(Event.objects.values_list("pk", flat=True))


def test_nothing_expires_where_the_policy_keeps_all(notes, people):
    keep(0)
    seen_by(notes[0], people[0], at=NOW - timedelta(days=4_000))
    count()
    assert expiry.expire_events(now=NOW) == 0


def test_who_comes_back_is_seen_once_and_what_they_do_is_added(notes, people):
    yesterday = NOW - timedelta(days=1)
    for person in people[:2]:
        Impression.objects.create(person=person, note=notes[0], feed="discover", at=yesterday)
    seen_by(notes[0], *people[:2], at=yesterday)
    seen_by(notes[0], people[0], kinds=(Kind.OPEN, Kind.LIKE))
    count()
    assert parts(notes[0], "all") == {
        ("2026-02-28", ""): (2, 0, 0),
        ("2026-03-01", ""): (0, 1, 1.0),
    }
    assert parts(notes[0], "tie")["2026-03-01", "returning"] == (0, 1, 1.0)
