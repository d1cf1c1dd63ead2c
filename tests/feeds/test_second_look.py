"""A moderator's look before a note rises: asked once, decided once, never waited for too long."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.errors import Conflict, Invalid, NotAllowed
from accounts.models import User
from community.moderation import services as staff
from feeds import policies, pool_delivery, pool_keeper, second_look
from feeds.invariants import audit
from feeds.models import LiveNote, PoolDelivery, PoolEntry, PoolTransition, SecondLook
from feeds.policy import Policy, PolicyError, Pools
from feeds.pool_page import pool_page
from feeds.pools import Move, PoolStats, judge
from feeds.qualification import Sight
from feeds.tokens import ServedCard
from feeds.trust.weights import WHOLE

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("looks_from", "tier", "move"),
    [
        (0, 0, Move.PROMOTE), (0, 3, Move.FINISH),
        (2, 0, Move.PROMOTE), (2, 1, Move.ASK), (2, 2, Move.ASK), (2, 3, Move.ASK),
        (4, 2, Move.PROMOTE), (4, 3, Move.ASK), (1, 0, Move.ASK),
    ],
)  # fmt: skip
def test_from_which_pool_on_a_rise_is_looked_at(looks_from, tier, move):
    rules = Pools(second_look_from=looks_from)
    assert judge(tier, PoolStats(100, 100, 50), HOUR, 0.04, rules).move == move
    # Below the gate nobody need look.
    assert judge(tier, PoolStats(100, 100, 1), HOUR, 0.04, rules).move == Move.SETTLE


@pytest.mark.parametrize(
    "wrong",
    [{"second_look_from": 5}, {"second_look_from": -1}, {"second_look_hours": 0},
     {"cooldown_minutes": -1}, {"cooldown_minutes": 2_000}],
)  # fmt: skip
def test_settings_have_bounds(wrong):
    with pytest.raises(PolicyError):
        Policy.from_dict({"pools": wrong})


@pytest.fixture
def looks():
    """The policy asks for a look before P1 already."""

    def publish(**pools):
        rules = replace(Policy().pools, second_look_from=1, **pools)
        policies.publish(values=replace(Policy(), pools=rules).to_dict(), by=None)
        policies.forget()

    return publish


@pytest.fixture
def moderator(make_person):
    person = make_person("keeper")
    person.is_staff = True
    person.save()
    wanted = ["decide_secondlook", "view_secondlook", "add_decision"]
    person.user_permissions.add(*Permission.objects.filter(codename__in=wanted))
    return User.objects.get(pk=person.pk)


@pytest.fixture
def waiting(looks, bob, make_note, work_off):
    """Bob's note, through the gate of P0 at `now`."""

    def one(**pools):
        looks(**pools)
        note, now = make_note(bob), timezone.now()
        work_off()
        reached(note, 100, engagement=30, now=now)
        pool_keeper.advance(now=now)
        return note, now

    return one


def reached(note, count, *, engagement, now):
    PoolDelivery.objects.bulk_create(
        PoolDelivery(note=note, tier=0, person_id=9_000 + n, reserved_at=now, seen_at=now)
        for n in range(count)
    )
    PoolEntry.objects.filter(pk=note.pk).update(
        promised=count, delivered=count, engagement=engagement, due_at=now
    )


def entry_of(note):
    return PoolEntry.objects.get(pk=note.pk)


def test_what_passes_the_gate_waits_and_says_so(waiting, bob, client):
    note, now = waiting()
    assert (entry_of(note).state, entry_of(note).tier) == ("look", 0)
    look = SecondLook.objects.get()
    assert (look.note_id, look.state, look.until) == (note.pk, "waiting", now + 12 * HOUR)
    assert pool_keeper.advance(now=now) == 0
    assert SecondLook.objects.count() == 1
    client.force_login(bob)
    page = client.get(f"/notes/{note.pk}/pool/").content.decode()
    assert "A moderator looks before it rises; if nobody does within 12 hours" in page
    assert "Waiting for a second look" in page
    answer = client.get(f"/api/v1/notes/{note.pk}/pool/").json()
    assert (answer["state"], answer["if_nobody_looks"]) == ("look", "rises")


def test_a_moderator_lets_it_rise_once(waiting, moderator):
    note, now = waiting()
    look = SecondLook.objects.get()
    for _ in range(2):
        second_look.decide(look_id=look.pk, by=moderator, rises=True, now=now + HOUR)
    entry = entry_of(note)
    assert (entry.state, entry.tier, entry.delivered) == ("running", 1, 0)
    assert entry.due_at == now + 25 * HOUR
    assert LiveNote.objects.get(pk=note.pk).boost == 1.5
    steps = PoolTransition.objects.filter(note=note, from_tier=0)
    assert list(steps.values_list("reason", "to_tier", "state")) == [
        ("second_look", None, "look"), ("look_rises", 1, "running"),
    ]  # fmt: skip
    with pytest.raises(Conflict):
        second_look.decide(look_id=look.pk, by=moderator, rises=False, words="No", now=now)
    assert entry_of(note).tier == 1
    # The gate's rate is one record of the channel, not two.
    assert pool_keeper.gate_records(entry.root_channel_id, 0) == [0.3]


def test_a_moderator_keeps_it_and_tells_why(waiting, moderator, bob):
    note, now = waiting()
    look = SecondLook.objects.get()
    with pytest.raises(Invalid):
        second_look.decide(look_id=look.pk, by=moderator, rises=False, words="  ", now=now)
    second_look.decide(
        look_id=look.pk, by=moderator, rises=False, words="The place is somebody's home.", now=now
    )
    assert entry_of(note).state == "settled"
    view = pool_page(note, now=now)
    assert "keeps it in this pool: The place is somebody's home." in view.steps[-1].text
    with pytest.raises(Conflict):
        second_look.decide(look_id=look.pk, by=moderator, rises=True, now=now)


@pytest.mark.parametrize(
    ("late", "state", "tier", "reason"),
    [("rises", "running", 1, "late_rises"), ("stays", "settled", 0, "late_stays")],
)
def test_nobody_is_waited_for_too_long(waiting, late, state, tier, reason):
    note, now = waiting(second_look_late=late, second_look_hours=3)
    pool_keeper.advance(now=now + timedelta(hours=2, minutes=59))
    assert entry_of(note).state == "look"
    assert pool_keeper.advance(now=now + 3 * HOUR) == 1
    assert pool_keeper.advance(now=now + 3 * HOUR) == 0
    assert (entry_of(note).state, entry_of(note).tier) == (state, tier)
    assert PoolTransition.objects.filter(note=note).last().reason == reason
    look = SecondLook.objects.get()
    assert (look.decided_by, look.decided_at) == (None, now + 3 * HOUR)


def test_a_hidden_note_need_not_be_looked_at_and_asks_again_when_it_returns(
    waiting, moderator, work_off
):
    note, now = waiting()
    staff.hide_note(moderator=moderator, note_id=note.pk, reason="Because", now=now)
    work_off()
    assert entry_of(note).state == "held"
    assert SecondLook.objects.get().state == "void"
    staff.restore_note(moderator=moderator, note_id=note.pk, reason="Fine", now=now)
    work_off()
    pool_keeper.advance(now=now + 13 * HOUR)
    assert entry_of(note).state == "look"
    assert list(SecondLook.objects.order_by("pk").values_list("state", flat=True)) == [
        "void", "waiting",
    ]  # fmt: skip
    assert audit(now=now)["pools: notes that wait for a look are in its queue"] == []


def test_only_who_may_decide_decides(waiting, bob):
    note, now = waiting()
    with pytest.raises(NotAllowed):
        second_look.decide(look_id=SecondLook.objects.get().pk, by=bob, rises=True, now=now)
    assert entry_of(note).state == "look"


def test_the_desk_shows_what_waits_and_takes_the_decision(waiting, moderator, client):
    note, _now = waiting()
    look = SecondLook.objects.get()
    client.force_login(moderator)
    queue = client.get(reverse("admin:feeds_secondlook_changelist")).content.decode()
    assert str(note) in queue
    page = client.get(reverse("admin:feeds_secondlook_change", args=[look.pk])).content.decode()
    assert "24.5 engagements per 100 readers for certain" in page
    address = reverse("admin:feeds_second_look", args=[look.pk])
    refused = client.post(address, {"act": "stay", "words": ""})
    assert (refused.status_code, SecondLook.objects.get().state) == (400, "waiting")
    assert client.post(address, {"act": "rise"}).status_code == 302
    assert entry_of(note).tier == 1
    assert client.post(address, {"act": "stay", "words": "Late"}).status_code == 409
    assert (
        str(note) not in client.get(reverse("admin:feeds_secondlook_changelist")).content.decode()
    )


def test_the_arithmetic_is_explained_as_before(waiting, moderator):
    note, now = waiting()
    second_look.decide(look_id=SecondLook.objects.get().pk, by=moderator, rises=True, now=now)
    said = StringIO()
    call_command("explain_pool", str(note.pk), stdout=said)
    assert "worked out again  the same" in said.getvalue()
    assert "A moderator looked and let it rise." in said.getvalue()


# ---------------------------------------------------------------- cooldown
def test_a_kept_promise_is_judged_after_its_last_readers_had_their_time(
    bob, make_note, work_off, make_person
):
    note = make_note(bob)
    work_off()
    now = timezone.now()
    reached(note, 9, engagement=0, now=now)
    PoolEntry.objects.update(promised=10, due_at=now + 20 * HOUR)

    def sees(person_id, at):
        sight = Sight(ServedCard(note.pk, 0, "pool0"), bob.pk, WHOLE, now)
        return pool_delivery.confirm([sight], viewer_id=person_id, now=at)

    assert sees(make_person("last").pk, now) == 1
    soon = now + timedelta(minutes=15)
    assert entry_of(note).due_at == soon
    assert pool_page(note, now=now).verdict_in == 15
    pool_keeper.advance(now=soon - timedelta(seconds=1))
    assert entry_of(note).state == "running"
    pool_keeper.advance(now=soon)
    assert entry_of(note).state == "settled"


def test_further_readers_do_not_put_the_verdict_off(bob, make_note, work_off, make_person):
    note = make_note(bob)
    work_off()
    now = timezone.now()
    reached(note, 99, engagement=0, now=now)
    PoolEntry.objects.update(promised=100, due_at=now + 20 * HOUR)
    sight = Sight(ServedCard(note.pk, 0, "pool0"), bob.pk, WHOLE, now)
    for minute in range(4):
        at = now + timedelta(minutes=minute)
        reader = make_person(f"reader{minute}")
        assert pool_delivery.confirm([sight], viewer_id=reader.pk, now=at) == 1
    assert entry_of(note).due_at == now + timedelta(minutes=15)


def test_a_promise_that_was_kept_without_a_sight_is_judged_soon_after_the_next_one(
    bob, make_note, work_off, make_person
):
    """Sights that were discounted and count again are added by weighing, not by a reader."""
    note = make_note(bob)
    work_off()
    now = timezone.now()
    reached(note, 101, engagement=0, now=now)
    PoolEntry.objects.update(promised=100, due_at=now + 20 * HOUR)
    sight = Sight(ServedCard(note.pk, 0, "pool0"), bob.pk, WHOLE, now)
    assert pool_delivery.confirm([sight], viewer_id=make_person("next").pk, now=now) == 1
    assert entry_of(note).due_at == now + timedelta(minutes=15)
