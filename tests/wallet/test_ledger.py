"""The ledger: each move once, nothing made, nothing lost, nothing overdrawn."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.errors import Conflict, Invalid
from accounts.models import User
from accounts.wallet import append_only
from accounts.wallet import services as wallet
from accounts.wallet.audit import differences
from accounts.wallet.models import FULL, MOST, Account, Entry, Hold

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 1, tzinfo=UTC)


def fill(person, amount=1_000, key="t1"):
    return wallet.top_up(person=person, amount=amount, key=key, source="staff", now=NOW)


def held(person, amount=600, key="h1"):
    return wallet.hold(person=person, amount=amount, key=key, about="a boost", now=NOW)


def test_money_comes_in_is_held_earned_and_given_back(alice):
    fill(alice)
    hold = held(alice)
    assert wallet.balance_of(alice) == 400
    wallet.earn(hold=hold, amount=250, key="e1", now=NOW)
    wallet.release(hold=hold, key="r1", now=NOW)
    assert wallet.balance_of(alice) == 750
    hold.refresh_from_db()
    assert (hold.earned, hold.released, hold.left) == (250, 350, 0)
    assert Account.objects.get(kind="earned").balance == 250
    assert Account.objects.get(kind="outside").balance == -1_000
    assert list(differences()) == []


def test_everything_is_done_once_a_key(alice):
    for _ in range(3):
        fill(alice)
        hold = held(alice)
        wallet.earn(hold=hold, amount=100, key="e1", now=NOW)
        wallet.release(hold=hold, key="r1", now=NOW)
    assert wallet.balance_of(alice) == 900
    assert Entry.objects.count() == 4
    assert list(differences()) == []


@pytest.mark.parametrize("act", ["top_up", "hold", "earn", "release"])
def test_the_same_key_with_other_facts_is_refused(alice, act):
    fill(alice)
    hold = held(alice)
    wallet.earn(hold=hold, amount=100, key="e1", now=NOW)
    wallet.release(hold=hold, amount=100, key="r1", now=NOW)
    acts = {
        "top_up": lambda: fill(alice, 999),
        "hold": lambda: held(alice, 599),
        "earn": lambda: wallet.earn(hold=hold, amount=99, key="e1", now=NOW),
        "release": lambda: wallet.release(hold=hold, amount=99, key="r1", now=NOW),
    }
    with pytest.raises(Conflict):
        acts[act]()
    assert list(differences()) == []


def test_nothing_is_overdrawn(alice):
    fill(alice, 500)
    with pytest.raises(wallet.NotEnough):
        held(alice, 501)
    hold = held(alice, 500)
    with pytest.raises(Invalid):
        wallet.release(hold=hold, amount=501, key="r1", now=NOW)
    assert not Hold.objects.filter(key="other").exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(kind="wallet").update(balance=-1)
    assert wallet.balance_of(alice) == 0
    assert list(differences()) == []


@pytest.mark.parametrize("amount", [0, -1, 10**15 + 1, 2**70, 1.5, True])
def test_amounts_are_whole_and_bounded(alice, amount):
    with pytest.raises(Invalid):
        fill(alice, amount)


WAYS_TO_CHANGE = {
    "save": lambda entry: entry.save(),
    "delete": lambda entry: entry.delete(),
    "update": lambda entry: Entry.objects.update(amount=1),
    "filtered update": lambda entry: Entry.objects.filter(pk=entry.pk).update(amount=1),
    "bulk update": lambda entry: Entry.objects.bulk_update([entry], ["amount"]),
    "update or create": lambda entry: Entry.objects.update_or_create(key=entry.key),
    "filtered delete": lambda entry: Entry.objects.filter(pk=entry.pk).delete(),
    "through the account": lambda entry: entry.given_to.given.all().delete(),
    "upsert": lambda entry: Entry.objects.bulk_create(
        [entry], update_conflicts=True, unique_fields=["id"], update_fields=["amount"]
    ),
}


@pytest.mark.parametrize("way", WAYS_TO_CHANGE)
def test_entries_are_only_appended(alice, way):
    entry = fill(alice)
    entry.amount = 5
    with pytest.raises((TypeError, IntegrityError)), transaction.atomic():
        WAYS_TO_CHANGE[way](entry)
    assert Entry.objects.get().amount == 1_000


COLUMNS = "key, kind, amount, source, remark, at, by_id, given_to_id, hold_id, taken_from_id"
STATEMENTS = [
    "UPDATE wallet_entry SET amount = 1",
    "DELETE FROM wallet_entry",
    f"INSERT INTO wallet_entry ({COLUMNS}) SELECT {COLUMNS} FROM wallet_entry WHERE TRUE"  # noqa: S608
    " ON CONFLICT (key) DO UPDATE SET amount = 1",
]
# What only SQLite says: a row in the way is removed without its trigger being asked.
REPLACING = [
    "REPLACE INTO wallet_entry SELECT * FROM wallet_entry",
    "INSERT OR REPLACE INTO wallet_entry SELECT id + 7, key, kind, 1, source, remark, at,"
    " by_id, given_to_id, hold_id, taken_from_id FROM wallet_entry",
]


@pytest.mark.parametrize(
    "statement", STATEMENTS + (REPLACING if connection.vendor == "sqlite" else [])
)
def test_sql_changes_no_entry_either(alice, statement):
    fill(alice)
    before = list(Entry.objects.values())
    with pytest.raises(IntegrityError, match="appended"), transaction.atomic():
        connection.cursor().execute(statement)
    assert list(Entry.objects.values()) == before


def test_the_audit_says_when_the_guard_is_gone(alice):
    fill(alice)
    editor = connection.schema_editor()
    append_only.unguard(None, editor)
    assert {row for row, _said, _found in differences()} == {
        f"trigger {name}" for name in append_only.TRIGGERS[connection.vendor]
    }
    for _ in range(2):
        append_only.guard(None, editor)
    assert list(differences()) == []


def test_the_audit_knows_what_is_held_without_a_hold(alice):
    fill(alice)
    held(alice, 600)
    Account.objects.filter(kind="wallet").update(balance=300)
    Account.objects.filter(kind="held").update(balance=700)
    assert f"held of person {alice.pk}" in {row for row, *_ in differences()}


def test_the_key_of_another_hold_is_refused_whatever_is_left(alice):
    fill(alice)
    one, other = held(alice, 100, "h1"), held(alice, 100, "h2")
    wallet.release(hold=one, key="r1", now=NOW)
    for amount in (None, 50):
        with pytest.raises(wallet.KeyUsed):
            wallet.release(hold=other, key="r1", amount=amount, now=NOW)
    wallet.release(hold=other, key="r2", now=NOW)
    with pytest.raises(wallet.KeyUsed):  # nothing is left, and still it is another's key
        wallet.release(hold=other, key="r1", now=NOW)
    with pytest.raises(wallet.KeyUsed):  # of another kind
        wallet.release(hold=other, key="t1", now=NOW)


def test_a_top_up_that_came_another_way_is_another_top_up(alice):
    fill(alice)
    with pytest.raises(wallet.KeyUsed):
        wallet.top_up(person=alice, amount=1_000, key="t1", source="voucher", now=NOW)


@pytest.mark.parametrize(
    ("rows", "change"),
    [
        (Account.objects.filter(kind="wallet"), {"balance": FULL + 1}),
        (Account.objects.filter(kind="outside"), {"balance": -FULL - 1}),
        (Hold.objects.all(), {"amount": MOST + 1}),
    ],
)
def test_the_database_knows_the_bounds_too(alice, rows, change):
    fill(alice)
    held(alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.all().update(**change)


def test_a_wallet_that_is_full_says_so(alice):
    fill(alice, MOST)
    Account.objects.filter(kind="wallet").update(balance=FULL)
    with pytest.raises(wallet.TooMuch):
        fill(alice, 1, "t2")
    assert Entry.objects.count() == 1


def test_balances_tell_apart_what_is_free_and_what_is_held(alice, bob):
    fill(alice)
    held(alice)
    assert wallet.balances_of(alice) == wallet.Balances(free=400, held=600)
    assert wallet.balances_of(bob) == wallet.Balances(free=0, held=0)


class AnyOrder(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.tuples(st.sampled_from("thex"), st.integers(1, 300), st.integers(1, 4))))
    def test_in_any_order_nothing_is_made_or_lost(self, acts):
        person = User.objects.create_user(f"p{User.objects.count()}")
        holds = []
        for act, amount, key in acts:
            try:
                if act == "t":
                    fill(person, amount, f"t{key}")
                elif act == "h":
                    holds.append(held(person, amount, f"h{key}"))
                elif holds and act == "e":
                    wallet.earn(hold=holds[-1], amount=amount, key=f"e{key}", now=NOW)
                elif holds:
                    wallet.release(hold=holds[-1], key=f"r{key}", now=NOW)
            except (Conflict, Invalid):
                pass
            assert list(differences()) == []


def test_staff_confirm_a_transfer_once(alice, bob):
    bob.is_staff = True
    bob.save()
    codes = ["add_entry", "view_account"]
    bob.user_permissions.add(*Permission.objects.filter(codename__in=codes))
    desk = Client()
    desk.force_login(bob, backend="accounts.backends.PersonBackend")
    page = desk.get("/admin/wallet/account/top-up/")
    key = page.content.decode().split('name="key" value="')[1].split('"')[0]
    sent = {"person": "alice", "amount": "12.50", "remark": "by bank", "key": key}
    for _ in range(2):
        assert desk.post("/admin/wallet/account/top-up/", sent).status_code == 302
    assert wallet.balance_of(alice) == 1_250
    for change in ({"person": "nobody"}, {"amount": "-1"}, {"amount": "0"}, {"amount": "1e20"}):
        answer = desk.post("/admin/wallet/account/top-up/", sent | {"key": "k2"} | change)
        assert answer.status_code == 400
    assert "Confirm a transfer" in desk.get("/admin/wallet/account/").content.decode()


def test_the_rest_of_a_closed_account_is_paid_out_by_staff(alice, keeper, visit):
    fill(alice, 1_000)
    alice.is_active = False
    alice.save()
    desk = visit(keeper)
    page = desk.get("/admin/wallet/account/pay-out/").content.decode()
    key = page.split('name="key" value="')[1].split('"')[0]
    sent = {"person": "alice", "amount": "7.50", "remark": "to her bank", "key": key}
    for _ in range(2):
        assert desk.post("/admin/wallet/account/pay-out/", sent).status_code == 302
    assert wallet.balance_of(alice) == 250
    assert Account.objects.get(kind="outside").balance == -250
    more = desk.post("/admin/wallet/account/pay-out/", sent | {"key": "k2"})
    assert more.status_code == 400
    assert "not enough money" in more.content.decode()
    with pytest.raises(ProtectedError):
        alice.delete()
    assert list(differences()) == []


def test_only_staff_who_may_move_money_do(alice, visit):
    fill(alice)
    for path in ("top-up", "pay-out"):
        answer = visit(alice).post(f"/admin/wallet/account/{path}/", {"person": "alice"})
        assert answer.status_code == 302
        assert "login" in answer["Location"]
    alice.is_staff = True
    alice.save()
    for path in ("top-up", "pay-out"):
        answer = visit(alice).post(f"/admin/wallet/account/{path}/", {"person": "alice"})
        assert answer.status_code == 403
    assert wallet.balance_of(alice) == 1_000
