"""Rings in rows: found, discounted, lifted, and what honest people notice of it: nothing."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from django.db import transaction
from django.utils import timezone

from accounts.errors import Conflict, Invalid, NotAllowed
from community.outbox import jobs
from community.outbox.models import Job
from feeds import heat, pool_delivery, pool_keeper
from feeds.impressions import intake
from feeds.invariants import audit
from feeds.models import PoolEngagement, PoolEntry, PoolTransition
from feeds.qualification import SHORTEST_LOOK
from feeds.tokens import ServedCard, page_token
from feeds.trust.acts import Acts
from feeds.trust.marks import note_marks
from feeds.trust.models import Circle, Member, Reader, Ruling
from feeds.trust.services import discount_again, lift
from feeds.trust.watching import watch
from feeds.trust.weights import weights_of
from tests.admin.conftest import allow
from tests.trust.crowd import Crowd, acts_of

# Communities of three hundred people with thousands of likes: a minute of work on an idle core, on
# PostgreSQL two, and several where others work as well.
pytestmark = pytest.mark.timeout(900)

RING = range(50)
FRIENDS = range(60, 80)


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


def work():
    while jobs.work_off("feeds"):
        pass
    assert not Job.objects.exclude(last_error="").exists(), list(
        Job.objects.values_list("kind", "last_error")
    )


def pools_of(acts, now, *, people=300):
    """A community with a note each. Those of the ring and of the friends were seen in P0 by sixty
    strangers and by all members of their circle, and each like of who saw them was credited."""
    crowd = Crowd(people, 1, now=now)
    chance = np.random.default_rng(4)
    strangers = np.arange(80, people)
    readers, notes = [], []
    for note in range(80):
        circle = RING if note in RING else FRIENDS
        seen = [*chance.permutation(strangers)[:60], *(n for n in circle if n != note)]
        readers += seen
        notes += [note] * len(seen)
    crowd.delivered(readers, notes)
    pool_delivery.credit(crowd.like(acts))
    return crowd


def promoted_of(crowd, members):
    """Notes of these people that passed the gate of P0."""
    theirs = [note.pk for note in crowd.notes if note.author_id in {crowd.ids[m] for m in members}]
    return PoolTransition.objects.filter(note__in=theirs, to_tier=1).count()


def gates(now):
    PoolEntry.objects.update(due_at=now)
    pool_keeper.advance(now=now + timedelta(days=4))


def ring_and_friends(*, ring=0.98):
    """Fifty who like each other's notes, and twenty friends, among three hundred."""
    one = acts_of(notes_each=1, circle=RING, inside=ring, outside=0.04)
    other = acts_of(notes_each=1, circle=FRIENDS, inside=0.55, outside=0.04)
    friends = np.isin(other.person, FRIENDS) & np.isin(other.author, FRIENDS)
    rest = ~(np.isin(one.person, FRIENDS) & np.isin(one.author, FRIENDS))
    columns = [
        np.concatenate([getattr(one, name)[rest], getattr(other, name)[friends]])
        for name in ("person", "note", "author", "hour")
    ]
    return Acts(*columns)


def passed_gates(now, *, ring, look):
    """(notes of the ring, notes of the friends) that were promoted in such a community."""
    with transaction.atomic():
        crowd = pools_of(ring_and_friends(ring=ring), now)
        if look:
            watch(now=now)
            work()
        gates(now)
        counts = promoted_of(crowd, RING), promoted_of(crowd, FRIENDS)
        transaction.set_rollback(True)
    return counts


@pytest.mark.django_db
def test_a_ring_of_fifty_gains_at_most_a_twentieth_and_friends_lose_nothing(now):
    honest, friends = passed_gates(now, ring=0.04, look=True)
    assert 1 <= honest <= 25
    ring, friends_beside_it = passed_gates(now, ring=0.98, look=True)
    assert ring <= honest * 1.05
    assert friends_beside_it == friends == 20
    # The control: nobody looks.
    unseen, _friends = passed_gates(now, ring=0.98, look=False)
    assert unseen == 50


@pytest.mark.django_db
def test_a_ring_is_one_circle_beside_friends_who_keep_their_weight(now):
    crowd = pools_of(ring_and_friends(), now)
    assert watch(now=now) == 1
    work()
    circle = Circle.objects.get()
    assert (circle.kind, circle.size, circle.weight) == ("ring", 50, 0)
    friends = {(crowd.ids[a], crowd.ids[b]) for a in FRIENDS for b in FRIENDS if a != b}
    assert all(weight.value >= 0.9 for weight in weights_of(friends).values())
    found = audit(now=now)
    assert not any(rows for name, rows in found.items() if name.startswith("pools: "))


@pytest.mark.django_db
def test_a_second_look_and_two_at_once_change_nothing(now):
    pools_of(ring_and_friends(), now)
    watch(now=now)
    work()
    standing = list(Member.objects.order_by("pk").values_list())
    credited = list(PoolEngagement.objects.order_by("pk").values_list())
    for _ in range(2):
        watch(now=now)
        assert not Job.objects.filter(kind="trust.weigh_again").exists()
    work()
    assert list(Member.objects.order_by("pk").values_list()) == standing
    assert list(PoolEngagement.objects.order_by("pk").values_list()) == credited


@pytest.mark.django_db
def test_this_is_fine_gives_everything_back_and_holds(now, make_person):
    crowd = pools_of(ring_and_friends(), now)
    before = sums()
    watch(now=now)
    work()
    less = sums()
    assert less["engagement"] < 0.3 * before["engagement"]
    assert less["engagement"] + less["discounted"] == pytest.approx(before["engagement"])
    circle = Circle.objects.get()
    stranger = make_person("stranger")
    with pytest.raises(NotAllowed):
        lift(circle_id=circle.pk, by=stranger, reason="They are my friends", now=now)
    judge = allow(make_person("judge"), "trust.change_circle")
    with pytest.raises(Invalid):
        lift(circle_id=circle.pk, by=judge, reason="  ", now=now)
    lift(circle_id=circle.pk, by=judge, reason="A choir", now=now)
    with pytest.raises(Conflict):
        lift(circle_id=circle.pk, by=judge, reason="A choir", now=now)
    work()
    assert sums() == pytest.approx(before)
    watch(now=now + timedelta(hours=1))
    work()
    assert list(Circle.objects.values_list("state", flat=True)) == ["lifted"]
    assert sums() == pytest.approx(before)
    assert weights_of({(crowd.ids[0], crowd.ids[1])}) == {}
    discount_again(circle_id=circle.pk, by=judge, reason="Not a choir", now=now)
    work()
    assert sums() == pytest.approx(less)
    assert list(Ruling.objects.values_list("state", "reason")) == [
        ("lifted", "A choir"),
        ("found", "Not a choir"),
    ]


def sums():
    """Totals over all pools: a sight that comes back never gives more than was promised."""
    rows = PoolEntry.objects.values_list("delivered", "engagement", "discounted_score")
    delivered, engagement, discounted = np.asarray(list(rows), dtype=float).sum(axis=0)
    return {"delivered": delivered, "engagement": engagement, "discounted": discounted}


@pytest.mark.django_db
def test_a_lifted_circle_does_not_cover_those_who_join_it_later(now):
    crowd = Crowd(300, 1, now=now)
    crowd.like(acts_of(notes_each=1, circle=RING, inside=0.98))
    few = Circle.objects.create(kind="ring", size=8, weight=0, fingerprint="few", state="lifted",
                                found_at=now, seen_at=now)  # fmt: skip
    Member.objects.bulk_create(Member(circle=few, person_id=crowd.ids[n]) for n in range(8))
    watch(now=now)
    assert Circle.objects.get(state="found").size == 50


@pytest.mark.django_db
def test_a_ring_that_stopped_is_past_after_four_weeks_and_not_before(now):
    crowd = Crowd(300, 1, now=now)
    crowd.like(acts_of(notes_each=1, circle=RING, inside=0.98))
    watch(now=now)
    assert watch(now=now + timedelta(days=27)) == 1
    assert watch(now=now + timedelta(days=29)) == 0
    assert Circle.objects.get().state == "past"


@pytest.mark.django_db
def test_hot_counts_nobody_of_a_ring_for_the_ring(now):
    crowd = Crowd(300, 1, now=now)
    acts = acts_of(notes_each=1, circle=RING, inside=0.98)
    crowd.like(acts)
    watch(now=now)
    engaged = heat.engagement_since(now - timedelta(days=15), now=now)
    counted = sum(engaged[note.pk].people.get("like", 0) for note in crowd.notes)
    inside = np.isin(acts.person, RING) & np.isin(acts.author, RING)
    assert inside.sum() > 2_000
    assert counted == len(acts) - inside.sum()


@pytest.mark.django_db
def test_new_accounts_on_one_network_count_for_less_together(now):
    """Half a ring's evidence, and what no friends have: all new, all from one place."""
    crowd = Crowd(300, 1, now=now)
    crowd.like(acts_of(notes_each=1, circle=range(20), inside=0.67))
    watch(now=now)
    assert not Circle.objects.exists()
    for person in crowd.people[:20]:
        person.date_joined = now - timedelta(days=2)
        person.save(update_fields=["date_joined"])
        note_marks(person_id=person.pk, address="203.0.113.7", device="", now=now)
    watch(now=now)
    circle = Circle.objects.get()
    assert circle.figures["shared"]["sign"] == circle.figures["young"]["sign"] == 1
    assert circle.weight == 0


@pytest.mark.django_db
def test_a_network_that_everybody_uses_says_nothing(now):
    crowd = Crowd(300, 1, now=now)
    crowd.like(acts_of(notes_each=1, circle=range(20), inside=0.67))
    for person in crowd.people:
        note_marks(person_id=person.pk, address="203.0.113.7", device="", now=now)
    watch(now=now)
    assert not Circle.objects.exists()


@pytest.mark.django_db
def test_a_new_account_with_one_favourite_author_counts_for_less_until_it_is_older(now):
    crowd = Crowd(100, 12, now=now)
    person = crowd.people[0]
    person.date_joined = now - timedelta(days=1)
    person.save(update_fields=["date_joined"])
    only = np.arange(12, 24)
    crowd.like(Acts(np.zeros(12, int), only, np.ones(12, int), np.zeros(12, int)))
    watch(now=now)
    assert Reader.objects.get().signs == ["new", "one author"]
    assert weights_of({(person.pk, crowd.ids[5])}) == {(person.pk, crowd.ids[5]): (0.7, "account")}
    watch(now=now + timedelta(days=3))
    assert not Reader.objects.exists()


@pytest.mark.django_db
def test_a_devices_clock_moves_no_act_into_the_window_or_out_of_it(now, alice, charlie, make_note):
    """Reports carry the device's time for opens and dwells; circles are made of neither."""
    note = make_note(alice)
    cards = [ServedCard(note.pk, 0, "tag")]
    token = page_token(viewer_id=charlie.pk, feed="discover", now=now, cards=cards)
    events = [
        {"note": note.pk, "kind": "open", "at": when}
        for when in ("1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-02-30T00:00:00Z")
    ]
    for event in events[:2]:
        batch = {"token": token, "seen": [], "events": [event]}
        assert intake(viewer=charlie, batch=batch, now=now + SHORTEST_LOOK)["events"] == 1
    with pytest.raises(Invalid):
        intake(viewer=charlie, batch={"events": [events[2]]}, now=now)
    assert watch(now=now) == 0
    assert not Reader.objects.exists()
