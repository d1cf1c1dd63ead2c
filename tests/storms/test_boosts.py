"""Orders and money in any order of events, and under a rush at the order's edge."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils import timezone
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.errors import DomainError
from accounts.models import Profile, User
from accounts.wallet import services as wallet
from community.models import Channel, NoteImage
from community.outbox.jobs import work_off
from community.services.writing import NoteContent, delete_note, publish_note, save_draft
from feeds import impressions
from feeds.boosts import keeper, services
from feeds.boosts.models import Boost, BoostDelivery
from feeds.boosts.rules import OPEN, Audience, State
from feeds.boosts.services import Wanted
from feeds.boosts.slots import Offer, reserve
from feeds.invariants import audit
from feeds.qualification import SHORTEST_LOOK
from feeds.tokens import ServedCard, page_token

RICH, READERS, ORDERED = 100_000, 14, 10
SUBSTANCE = (
    "I mixed ash and feldspar, dipped twice and waited a whole night for the kiln to cool. The rim"
    " turned sea green where the glaze ran thin, and I would do it all again."
)
reader = st.integers(1, READERS - 1)


def community(orders_of=ORDERED):
    """A buyer with money and a note, a reviewer, and readers."""
    people = [User.objects.create_user(f"reader{n}") for n in range(READERS)]
    staff = User.objects.create_user("keeper", is_staff=True)
    staff.user_permissions.add(Permission.objects.get(codename="review_boost"))
    Profile.objects.update(active_on=timezone.now().date())
    content = NoteContent(
        title="A bowl", body=SUBSTANCE, channel=Channel.objects.get(slug="pottery"),
        tags=["pottery", "glaze"],
    )  # fmt: skip
    draft = save_draft(author=people[0], content=content)
    publish_note(author=people[0], note_id=draft.pk)
    NoteImage.objects.update(state=NoteImage.State.READY)
    for queue in ("fanout", "feeds", "default"):
        work_off(queue)
    wallet.top_up(person=people[0], amount=RICH, key="first", source="staff", now=timezone.now())
    people = list(User.objects.select_related("profile").order_by("pk")[:READERS])
    return people, User.objects.get(pk=staff.pk), draft.pk


def order(buyer, note_id, now, **facts):
    wanted = Wanted(
        impressions=facts.pop("impressions", 100), starts_at=now, ends_at=now + timedelta(days=2),
        audience=Audience(), **facts,
    )  # fmt: skip
    return services.save_order(buyer=buyer, note_id=note_id, wanted=wanted, now=now)


def sends(boost, person, now):
    """A card of the order sent to a reader, as a page does it; its report."""
    reserve([Offer(boost.pk, boost.note_id, "all")], viewer_id=person.pk, now=now)
    token = page_token(
        viewer_id=person.pk, feed="discover", now=now,
        cards=[ServedCard(boost.note_id, 5, "boost")],
    )  # fmt: skip
    return {"token": token, "seen": [{"note": boost.note_id}]}


def sees(person, batch, now):
    return impressions.intake(viewer=person, batch=batch, now=now + SHORTEST_LOOK)


class Orders(RuleBasedStateMachine):
    """A buyer, a reviewer, readers and the clock, in any order."""

    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize()
    def people(self):
        self.readers, self.staff, self.note = community()
        self.buyer = self.readers[0]
        self.now = timezone.now()
        self.reports = []
        self.orders = []
        # Every run begins with an order that runs: the edge is never far.
        self.writes_an_order(cap=None)
        self.the_buyer_acts("pay")
        self.staff_act("approve")

    @property
    def last(self):
        return Boost.objects.get(pk=self.orders[-1])

    def tries(self, act, **facts):
        try:
            act(**facts, now=self.now)
        except DomainError:
            return False
        return True

    @rule(cap=st.one_of(st.none(), st.integers(1, 4)))
    def writes_an_order(self, cap):
        try:
            made = order(self.buyer, self.note, self.now, daily_cap=cap)
        except DomainError:
            return
        # A few impressions only, so that the edge is reached.
        Boost.objects.filter(pk=made.pk).update(impressions=ORDERED)
        self.orders.append(made.pk)

    @precondition(lambda self: self.orders)
    @rule(act=st.sampled_from(["pay", "pause", "resume", "stop", "stop"]))
    def the_buyer_acts(self, act):
        facts = {"buyer": self.buyer, "boost_id": self.orders[-1]}
        if act == "pay":
            facts["seen_total"] = None
        self.tries(getattr(services, act), **facts)

    @precondition(lambda self: self.orders)
    @rule(act=st.sampled_from(["approve", "approve", "refuse", "stop_by_staff"]))
    def staff_act(self, act):
        facts = {"by": self.staff, "boost_id": self.orders[-1]}
        if act != "approve":
            facts["reason"] = "a brand"
        self.tries(getattr(services, act), **facts)

    @precondition(lambda self: self.orders)
    @rule(r=reader)
    def a_card_is_sent(self, r):
        self.reports.append((r, sends(self.last, self.readers[r], self.now), self.now))

    @precondition(lambda self: self.reports)
    @rule(again=st.booleans())
    def a_card_is_seen(self, again):
        r, batch, at = self.reports[-1] if again else self.reports.pop()
        if self.now - at < timedelta(minutes=50):
            sees(self.readers[r], batch, self.now)

    @rule(hours=st.sampled_from([0, 1, 11, 30]))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours, seconds=2)

    @rule()
    def the_clock_ticks(self):
        keeper.advance(now=self.now)
        assert keeper.advance(now=self.now) == 0
        for queue in ("fanout", "feeds", "default"):
            work_off(queue)

    @precondition(lambda self: self.orders and self.note)
    @rule(really=st.integers(0, 9))
    def the_note_is_deleted(self, really):
        if really == 0:
            self.tries_to_delete()

    def tries_to_delete(self):
        try:
            delete_note(author=self.buyer, note_id=self.note)
        except DomainError:
            return

    @invariant()
    def no_unit_is_lost_or_made(self):
        if not hasattr(self, "buyer"):
            return
        orders = Boost.objects.all()
        held = sum(o.total - o.charged - o.refunded for o in orders if o.state in OPEN)
        charged = sum(o.charged for o in orders)
        assert wallet.balance_of(self.buyer) + held + charged == RICH
        found = audit(now=self.now)
        assert {name: rows for name, rows in found.items() if "boosts" in name and rows} == {}

    @invariant()
    def nothing_is_delivered_beyond_the_order_or_the_day(self):
        for boost in Boost.objects.all():
            assert boost.delivered <= boost.impressions
            assert boost.charged <= boost.due <= boost.total or boost.state == State.DRAFT
            if boost.daily_cap is not None:
                assert boost.delivered_today <= boost.daily_cap


@pytest.mark.letter("C4")
@pytest.mark.django_db
def test_orders_and_money_hold_whatever_happens():
    run_state_machine_as_test(
        Orders,
        settings=settings(
            max_examples=12, stateful_step_count=30, deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
        ),
    )  # fmt: skip


# ---------------------------------------------------------------- a rush
@pytest.fixture
def running(file_database):
    people, staff, note = community()
    now = timezone.now()
    made = order(people[0], note, now)
    services.pay(buyer=people[0], boost_id=made.pk, seen_total=None, now=now)
    services.approve(boost_id=made.pk, by=staff, now=now)
    return people, Boost.objects.get(pk=made.pk), now


def test_readers_who_rush_the_last_impressions_are_counted_exactly(running, at_once):
    people, boost, now = running
    Boost.objects.filter(pk=boost.pk).update(impressions=5)
    batches = [(person, sends(boost, person, now)) for person in people[1:]]

    def report(person, batch):
        def run():
            sees(person, batch, now)
            return keeper.advance(now=now + SHORTEST_LOOK)

        return run

    outcomes = at_once([report(*row) for row in batches], threads=8)
    assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
    keeper.advance(now=now + SHORTEST_LOOK)
    boost.refresh_from_db()
    assert (boost.state, boost.delivered) == (State.FINISHED, 5)
    assert BoostDelivery.objects.filter(counted=True).count() == 5
    assert boost.charged == 15
    assert wallet.balance_of(people[0]) == RICH - 15
    assert not any(rows for name, rows in audit(now=now).items() if "boosts" in name)


@pytest.mark.letter("C4")
def test_stops_ticks_and_sights_at_once_end_an_order_once(running, at_once):
    people, boost, now = running
    batches = [(person, sends(boost, person, now)) for person in people[1:]]
    acts = [lambda p=p, b=b: sees(p, b, now) and 0 for p, b in batches]
    acts += [lambda: services.stop(buyer=people[0], boost_id=boost.pk, now=now).pk] * 4
    acts += [lambda: keeper.advance(now=now)] * 4
    outcomes = at_once(acts, threads=8)
    assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
    boost.refresh_from_db()
    assert boost.state == State.STOPPED
    assert boost.steps.filter(state=State.STOPPED).count() == 1
    assert boost.charged == boost.due == 3 * boost.delivered
    assert wallet.balance_of(people[0]) == RICH - boost.charged
    assert not any(rows for name, rows in audit(now=now).items() if "boosts" in name)


@pytest.mark.letter("C1")
def test_a_worker_killed_within_a_tick_charges_once(running, monkeypatch):
    people, boost, now = running
    for person in people[1:4]:
        sees(person, sends(boost, person, now), now)

    class Killed(BaseException):
        pass

    def dies(**_facts):
        raise Killed

    real = wallet.release
    over = boost.ends_at + timedelta(minutes=1)
    monkeypatch.setattr(wallet, "release", dies)
    with pytest.raises(Killed):
        keeper.advance(now=over)
    boost.refresh_from_db()
    assert (boost.state, boost.charged) == (State.RUNNING, 0)  # all of it or nothing
    monkeypatch.setattr(wallet, "release", real)
    for _ in range(2):
        keeper.advance(now=over)
    boost.refresh_from_db()
    assert (boost.state, boost.charged, boost.refunded) == (State.FINISHED, 9, boost.total - 9)
    assert wallet.balance_of(people[0]) == RICH - 9
