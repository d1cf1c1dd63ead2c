"""Vouchers: hashed at rest, each person once, never more often than they may be used."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from accounts.errors import Conflict, Invalid, NotAllowed
from accounts.limits import TooOften
from accounts.wallet import services as wallet
from accounts.wallet import vouchers
from accounts.wallet.audit import differences
from accounts.wallet.models import Entry, Voucher, VoucherBatch, VoucherUse

pytestmark = pytest.mark.django_db
CODE = re.compile(r"\b(?:[2-9A-HJKMNP-Z]{4}-){3}[2-9A-HJKMNP-Z]{4}\b")


@pytest.fixture
def batch(keeper):
    def make(**other):
        now = timezone.now()
        facts = {
            "key": "b", "name": "May", "amount": 2_000, "count": 1, "uses": 2,
            "expires_at": now + timedelta(days=1), "now": now,
        } | other  # fmt: skip
        return vouchers.make_batch(by=keeper, **facts)

    return make


def redeem(person, code, now=None):
    return vouchers.redeem(person=person, code=code, now=now or timezone.now())


def test_a_code_turns_into_money_once_a_person(alice, bob, charlie, batch):
    _batch, [code] = batch()
    redeem(alice, code)
    with pytest.raises(vouchers.VoucherUsed):
        redeem(alice, code)
    redeem(bob, code)
    with pytest.raises(vouchers.VoucherUsedUp):
        redeem(charlie, code)
    assert [wallet.balance_of(p) for p in (alice, bob, charlie)] == [2_000, 2_000, 0]
    assert Voucher.objects.get().used == VoucherUse.objects.count() == 2
    assert list(differences()) == []


def wide(code):
    """As Chinese input writes Latin letters."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in code)


@pytest.mark.parametrize(
    "typed",
    [str, str.lower, lambda c: c.replace("-", ""), lambda c: f"  {c.replace('-', ' ')} ", wide],
)
def test_a_code_may_be_typed_as_people_type(alice, batch, typed):
    _batch, [code] = batch()
    assert redeem(alice, typed(code)).amount == 2_000


def test_nobody_reads_a_code_in_the_database(batch):
    _batch, [code] = batch()
    row = Voucher.objects.get()
    assert row.digest == vouchers.digest_of(code)
    assert code.replace("-", "") not in str(Voucher.objects.values()) + str(
        VoucherBatch.objects.values()
    )


@pytest.mark.parametrize("code", ["", "x", "ABCD-EFGH-JKMN-PQRS", "9" * 400, "\u0000", "🎟"])
def test_what_is_no_code_is_refused(alice, batch, code):
    batch()
    with pytest.raises(vouchers.UnknownVoucher):
        redeem(alice, code)
    assert not Entry.objects.exists()


def test_a_voucher_that_is_over_or_withdrawn_is_taken_by_nobody(alice, bob, keeper, batch):
    made, [code] = batch()
    with pytest.raises(vouchers.VoucherOver):
        redeem(alice, code, now=made.expires_at)
    assert vouchers.withdraw_batch(by=keeper, batch_id=made.pk, now=timezone.now())
    assert not vouchers.withdraw_batch(by=keeper, batch_id=made.pk, now=timezone.now())
    with pytest.raises(vouchers.VoucherOver):
        redeem(bob, code)
    assert not Entry.objects.exists()


def test_guessing_is_slowed_down(alice, batch):
    _batch, [code] = batch()
    for n in range(vouchers.TRIES.times):
        with pytest.raises(vouchers.UnknownVoucher):
            redeem(alice, f"guess {n}")
    with pytest.raises(TooOften):
        redeem(alice, code)


@pytest.mark.parametrize(
    "change",
    [{"amount": 0}, {"amount": -5}, {"amount": 2**70}, {"count": 0}, {"count": 1_001}, {"uses": 0}],
)
def test_a_batch_of_nonsense_is_not_made(batch, change):
    with pytest.raises(Invalid):
        batch(**change)
    assert not VoucherBatch.objects.exists()


def test_only_staff_who_may_make_vouchers_make_them(alice, batch):
    now = timezone.now()
    with pytest.raises(NotAllowed):
        vouchers.make_batch(
            by=alice, key="k", name="x", amount=1, count=1, uses=1,
            expires_at=now + timedelta(days=1), now=now,
        )  # fmt: skip
    made, _codes = batch()
    with pytest.raises(NotAllowed):
        vouchers.withdraw_batch(by=alice, batch_id=made.pk, now=now)
    with pytest.raises(Conflict):  # the form of this batch was sent before
        batch()


def test_from_the_desk_to_the_wallet(alice, keeper, visit):
    desk, browser = visit(keeper), visit(alice)
    form = desk.get("/admin/wallet/voucherbatch/add/").content.decode()
    key = form.split('name="key" value="')[1].split('"')[0]
    ends = timezone.localtime(timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    sent = {"name": "May", "amount": "12.50", "count": "3", "uses": "1", "expires_at": ends}
    made = desk.post("/admin/wallet/voucherbatch/add/", sent | {"key": key})
    codes = CODE.findall(made.content.decode())
    assert len(codes) == 3
    assert "no-store" in made["Cache-Control"]
    again = desk.post("/admin/wallet/voucherbatch/add/", sent | {"key": key})
    assert (again.status_code, CODE.findall(again.content.decode())) == (400, [])
    assert Voucher.objects.count() == 3
    assert LogEntry.objects.get().change_message == "3 × ¥12.50"
    assert browser.post("/wallet/vouchers/", {"code": codes[0]}).status_code == 303
    page = browser.get("/wallet/").content.decode()
    assert "¥12.50 came into your wallet." in page
    assert f"Voucher: …{codes[0][-4:]}" in page
    refused = browser.post("/wallet/vouchers/", {"code": codes[0]})
    assert refused.status_code == 409
    assert "You have used this voucher already." in refused.content.decode()
    listed = desk.get("/admin/wallet/voucherbatch/").content.decode()
    assert "May" in listed
    batch_id = VoucherBatch.objects.get().pk
    desk.post("/admin/wallet/voucherbatch/", {"action": "withdraw", "_selected_action": [batch_id]})
    assert browser.post("/wallet/vouchers/", {"code": codes[1]}).status_code == 409
    assert wallet.balance_of(alice) == 1_250


@pytest.mark.parametrize(
    "change",
    [
        {"amount": "-1"},
        {"amount": "1e9"},
        {"count": "0"},
        {"uses": "x"},
        {"expires_at": "2020-01-01T00:00"},
    ],
)
def test_the_desk_refuses_nonsense(keeper, visit, change):
    ends = timezone.localtime(timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    sent = {"name": "x", "amount": "1", "count": "1", "uses": "1", "expires_at": ends, "key": "k"}
    answer = visit(keeper).post("/admin/wallet/voucherbatch/add/", sent | change)
    assert answer.status_code == 400
    assert not VoucherBatch.objects.exists()


def test_a_program_uses_a_voucher_once_a_key(alice, bob, batch, visit):
    _batch, [code] = batch(uses=1)
    program = visit(alice)

    def post(browser, body, key="k1"):
        return browser.post(
            "/api/v1/wallet/vouchers/", body, "application/json", headers={"Idempotency-Key": key}
        )

    first, again = post(program, {"code": code}), post(program, {"code": code})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first.json()["free"] == 2_000
    assert post(program, {"code": code}, "k2").json()["code"] == "voucher_used"
    assert post(visit(bob), {"code": code}).json()["code"] == "voucher_used_up"
    for body in ({}, {"code": 5}, {"code": "a\u0000b"}, {"code": "x", "amount": 5}, [], "x"):
        assert post(program, body, "k3").status_code == 400
    assert wallet.balance_of(alice) == 2_000
