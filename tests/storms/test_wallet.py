"""Money in any order of events, and under a rush at its edges."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts.errors import DomainError
from accounts.models import User
from accounts.wallet import fake_gateway, payments, transfers, vouchers
from accounts.wallet import services as wallet
from accounts.wallet.audit import differences
from accounts.wallet.models import Account, Entry, Hold, Payment, Transfer, Voucher, VoucherUse

SECRET = "between-us-two"
whose = st.integers(0, 1)
amounts = st.integers(1, 50)
# Few keys, so that they meet again, also from another act.
keys = st.sampled_from(["a", "b", "c", "d"])


def people_and_staff():
    people = [User.objects.create_user(f"person{n}") for n in range(2)]
    staff = User.objects.create_user("keeper", is_staff=True)
    staff.user_permissions.add(*Permission.objects.filter(content_type__app_label="wallet"))
    return people, User.objects.get(pk=staff.pk)


@pytest.fixture
def gateway(settings):
    settings.PAYMENT_PROVIDER = "accounts.wallet.fake_gateway.FakeGateway"
    settings.PAYMENT_ADDRESS = "http://127.0.0.1:8090"
    settings.PAYMENT_SECRET = SECRET


def callback_of(payment, *, amount=None, paid=True):
    said = {
        "payment": payment.key, "paid": paid, "amount": amount or payment.amount,
        "currency": payment.currency, "reference": "PG",
    }  # fmt: skip
    body, headers = fake_gateway.callback(SECRET, said, now=timezone.now())
    return {"body": body, "headers": headers}


class Money(RuleBasedStateMachine):
    """Two people, staff, a gateway and a buyer of theirs, in any order and with keys used twice.

    Beside the ledger a plain count is kept of what came in and what was earned.
    """

    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize()
    def community(self):
        self.people, self.staff = people_and_staff()
        self.now = timezone.now()
        _batch, self.codes = vouchers.make_batch(
            by=self.staff, key="b", name="b", amount=7, count=2, uses=1,
            expires_at=self.now + timedelta(days=1), now=self.now,
        )  # fmt: skip

    def tries(self, act, **facts):
        """What the act gave; None where it was refused, and then nothing may have changed."""
        before = self.state()
        try:
            with transaction.atomic():
                return act(now=self.now, **facts)
        except DomainError:
            assert self.state() == before
            return None

    def state(self):
        tables = (Account, Hold, Entry, Voucher, VoucherUse, Transfer)
        return [list(table.objects.order_by("pk").values_list()) for table in tables]

    @rule(n=whose, amount=amounts, key=keys, source=st.sampled_from(["staff", "other"]))
    def tops_up(self, n, amount, key, source):
        self.tries(wallet.top_up, person=self.people[n], amount=amount, key=key, source=source)

    @rule(n=whose, amount=amounts, key=keys)
    def holds(self, n, amount, key):
        self.tries(wallet.hold, person=self.people[n], amount=amount, key=key, about="boost:1")

    @rule(nth=st.integers(0, 5), amount=amounts, key=keys)
    def earns(self, nth, amount, key):
        for hold in Hold.objects.order_by("pk")[nth : nth + 1]:
            self.tries(wallet.earn, hold=hold, amount=amount, key=key)

    @rule(nth=st.integers(0, 5), amount=st.none() | amounts, key=keys)
    def releases(self, nth, amount, key):
        for hold in Hold.objects.order_by("pk")[nth : nth + 1]:
            self.tries(wallet.release, hold=hold, amount=amount, key=key)

    @rule(n=whose, which=st.integers(0, 1))
    def uses_a_voucher(self, n, which):
        self.tries(vouchers.redeem, person=self.people[n], code=self.codes[which])

    @rule(n=whose, amount=amounts)
    def asks_for_a_transfer(self, n, amount):
        self.tries(transfers.ask, person=self.people[n], amount=amount, reference="R")

    @rule(nth=st.integers(0, 3), act=st.sampled_from(["confirm", "refuse"]))
    def staff_decide(self, nth, act):
        for row in Transfer.objects.order_by("pk")[nth : nth + 1]:
            more = {} if act == "confirm" else {"reason": "no"}
            self.tries(getattr(transfers, act), transfer_id=row.pk, by=self.staff, **more)

    @rule(n=whose, amount=amounts)
    def begins_to_pay(self, n, amount):
        self.tries(payments.begin, person=self.people[n], amount=amount)

    @rule(nth=st.integers(0, 3), wrong=st.booleans(), paid=st.booleans())
    def the_gateway_tells(self, nth, wrong, paid):
        for payment in Payment.objects.order_by("pk")[nth : nth + 1]:
            amount = payment.amount + 1 if wrong else payment.amount
            told = callback_of(payment, amount=amount, paid=paid)
            done = self.tries(payments.receive, **told)
            assert (done is None) == wrong

    @invariant()
    def the_books_are_right(self):
        if not hasattr(self, "people"):
            return
        assert list(differences()) == []
        assert Account.objects.aggregate(s=Sum("balance", default=0))["s"] == 0
        assert not Account.objects.exclude(kind="outside").filter(balance__lt=0).exists()
        came = Entry.objects.filter(kind="top_up").aggregate(s=Sum("amount", default=0))["s"]
        earned = Entry.objects.filter(kind="earn").aggregate(s=Sum("amount", default=0))["s"]
        kept = [wallet.balances_of(person) for person in self.people]
        assert sum(each.free + each.held for each in kept) == came - earned

    @invariant()
    def every_way_in_is_booked_once(self):
        if not hasattr(self, "people"):
            return
        by_source = Entry.objects.filter(kind="top_up").values("source").annotate(s=Sum("amount"))
        booked = dict(by_source.order_by().values_list("source", "s"))
        used = Voucher.objects.aggregate(s=Sum("used", default=0))["s"]
        assert used == VoucherUse.objects.count()
        assert booked.get("voucher", 0) == 7 * used
        confirmed = Transfer.objects.filter(state="confirmed")
        assert booked.get("transfer", 0) == confirmed.aggregate(s=Sum("amount", default=0))["s"]
        paid = Payment.objects.filter(state="paid")
        assert booked.get("fake", 0) == paid.aggregate(s=Sum("amount", default=0))["s"]


@pytest.mark.letter("C3")
@pytest.mark.django_db
def test_money_holds_whatever_happens(gateway, monkeypatch):
    for module in (vouchers, payments):  # how often somebody may try is not what is tried here
        monkeypatch.setattr(module, "take", lambda **_: SimpleNamespace(allowed=True))
    run_state_machine_as_test(
        Money,
        settings=settings(
            max_examples=25, stateful_step_count=30, deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
        ),
    )  # fmt: skip


# ---------------------------------------------------------------- rushes
@pytest.fixture
def rush(file_database, at_once, gateway):
    """People and staff in a database of its own; how often the functions came through."""
    people, staff = people_and_staff()

    def run(functions):
        outcomes = at_once(functions, threads=10)
        faults = [
            one for one in outcomes
            if isinstance(one, Exception) and not isinstance(one, DomainError)
        ]  # fmt: skip
        assert faults == []
        assert list(differences()) == []
        return sum(not isinstance(one, Exception) for one in outcomes)

    return SimpleNamespace(run=run, people=people, staff=staff, now=timezone.now())


def fill(rush, amount):
    wallet.top_up(person=rush.people[0], amount=amount, key="t", source="staff", now=rush.now)


@pytest.mark.letter("C3")
def test_twenty_holds_at_once_of_money_for_three_are_three(rush):
    fill(rush, 300)
    person = rush.people[0]

    def hold(n):
        return lambda: (
            wallet.hold(person=person, amount=100, key=f"h{n}", about="boost:1", now=rush.now).pk
        )

    assert rush.run([hold(n) for n in range(20)]) == 3
    assert Hold.objects.count() == 3
    assert wallet.balances_of(person) == wallet.Balances(free=0, held=300)


@pytest.mark.letter("A3")
def test_twenty_holds_at_once_of_one_key_are_one(rush):
    fill(rush, 300)
    person = rush.people[0]
    same = [
        lambda: wallet.hold(person=person, amount=100, key="h", about="boost:1", now=rush.now).pk
    ] * 20
    assert rush.run(same) == 20
    assert wallet.balances_of(person) == wallet.Balances(free=200, held=100)


@pytest.mark.letter("C4")
def test_charges_and_releases_at_once_give_what_was_held(rush):
    fill(rush, 300)
    hold = wallet.hold(person=rush.people[0], amount=300, key="h", about="boost:1", now=rush.now)
    acts = [
        lambda n=n: (
            wallet.earn(hold=Hold.objects.get(pk=hold.pk), amount=40, key=f"e{n}", now=rush.now).pk
        )
        for n in range(10)
    ]
    acts += [
        lambda: wallet.release(hold=Hold.objects.get(pk=hold.pk), key="r", now=rush.now) and 1
    ] * 5
    rush.run(acts)
    hold.refresh_from_db()
    earned = Account.objects.get(kind="earned").balance if hold.earned else 0
    assert hold.earned == earned
    assert wallet.balances_of(rush.people[0]).free == hold.released


@pytest.mark.letter("A3")
def test_a_voucher_rushed_by_one_person_and_by_many_is_used_as_often_as_it_may_be(rush):
    _batch, [code] = vouchers.make_batch(
        by=rush.staff, key="b", name="b", amount=7, count=1, uses=3,
        expires_at=rush.now + timedelta(days=1), now=rush.now,
    )  # fmt: skip
    crowd = [User.objects.create_user(f"crowd{n}") for n in range(6)]

    def use(person):
        return lambda: vouchers.redeem(person=person, code=code, now=rush.now).pk

    assert rush.run([use(crowd[0])] * 8) == 1
    assert rush.run([use(person) for person in crowd[1:]]) == 2
    assert Voucher.objects.get().used == VoucherUse.objects.count() == 3


def test_two_of_the_staff_who_decide_at_once_decide_once(rush):
    row = transfers.ask(person=rush.people[0], amount=70, reference="R", now=rush.now)
    facts = {"transfer_id": row.pk, "by": rush.staff, "now": rush.now}
    acts = [lambda: transfers.confirm(**facts).pk] * 4
    acts += [lambda: transfers.refuse(**facts, reason="no").pk] * 4
    assert rush.run(acts) == 1
    row.refresh_from_db()
    came = wallet.balance_of(rush.people[0])
    assert came == (70 if row.state == "confirmed" else 0)


def test_fifty_callbacks_at_once_credit_once(rush):
    payment = payments.begin(person=rush.people[0], amount=70, now=rush.now)
    told = callback_of(payment)
    same = [lambda: payments.receive(**told, now=rush.now).pk] * 50
    assert rush.run(same) == 50
    assert wallet.balance_of(rush.people[0]) == 70
    assert Entry.objects.count() == 1
