"""The ledger: each move once, nothing made, nothing lost, nothing overdrawn."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.errors import Conflict, Invalid
from accounts.models import User
from accounts.wallet import services as wallet
from accounts.wallet.audit import differences
from accounts.wallet.models import Account, Entry, Hold

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


def test_entries_are_only_appended(alice):
    entry = fill(alice)
    entry.amount = 5
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        entry.delete()


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
