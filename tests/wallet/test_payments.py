"""Paying at a gateway: what it signs is credited once; whatever else comes credits nobody."""

import json
import logging
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from accounts.wallet import fake_gateway, payments
from accounts.wallet import services as wallet
from accounts.wallet.audit import differences
from accounts.wallet.management.commands.fake_gateway import order_of
from accounts.wallet.models import Entry, Payment

pytestmark = pytest.mark.django_db
SECRET = "between-us-two"


@pytest.fixture(autouse=True)
def gateway(settings):
    settings.PAYMENT_PROVIDER = "accounts.wallet.fake_gateway.FakeGateway"
    settings.PAYMENT_ADDRESS = "http://127.0.0.1:8090"
    settings.PAYMENT_SECRET = SECRET


@pytest.fixture
def payment(alice):
    return payments.begin(person=alice, amount=5_000, now=timezone.now())


def told(to_pay, *, secret=SECRET, at=None, **other):
    """A callback about a payment: body and headers."""
    said = {
        "payment": to_pay.key, "paid": True, "amount": 5_000, "currency": "CNY",
        "reference": "PG-1",
    } | other  # fmt: skip
    return fake_gateway.callback(secret, said, now=at or timezone.now())


def send(body, headers):
    return Client().post(
        "/wallet/payments/callback/", body, content_type="application/json", headers=headers
    )


def test_fifty_callbacks_credit_once(alice, payment):
    callback = told(payment)
    for _ in range(50):
        assert send(*callback).status_code == 200
    for n in range(3):  # signed anew, with another reference
        assert send(*told(payment, reference=f"PG-{n}")).status_code == 200
    assert wallet.balance_of(alice) == 5_000
    assert Entry.objects.count() == 1
    payment.refresh_from_db()
    assert (payment.state, payment.reference) == ("paid", "PG-1")
    assert list(differences()) == []


FORGED = {
    "another secret": lambda p: told(p, secret="somebody else's"),
    "no secret": lambda p: told(p, secret=""),
    "no headers": lambda p: (told(p)[0], {}),
    "no signature": lambda p: (told(p)[0], told(p)[1] | {fake_gateway.SIGNATURE: ""}),
    "signature of no text": lambda p: (told(p)[0], told(p)[1] | {fake_gateway.SIGNATURE: "é"}),
    "body changed": lambda p: (told(p)[0].replace(b"5000", b"9000"), told(p)[1]),
    "time changed": lambda p: (told(p)[0], told(p)[1] | {fake_gateway.TIME: "1"}),
    "old": lambda p: told(p, at=timezone.now() - timedelta(minutes=6)),
    "from the future": lambda p: told(p, at=timezone.now() + timedelta(minutes=6)),
    "amount as text": lambda p: told(p, amount="5000"),
    "amount with a point": lambda p: told(p, amount=5_000.0),
    "paid as text": lambda p: told(p, paid="true"),
    "payment as list": lambda p: told(p, payment=[p.key]),
    "half a character": lambda p: told(p, reference="\ud800"),
    "half a character for money": lambda p: told(p, currency="\ud800"),
    "a NUL": lambda p: told(p, reference="a\0"),
}


@pytest.mark.parametrize("way", FORGED)
def test_what_the_gateway_did_not_say_is_refused_and_logged(alice, payment, way, caplog):
    with caplog.at_level(logging.WARNING, "accounts.wallet.payments"):
        answer = send(*FORGED[way](payment))
    assert (answer.status_code, answer.json()) == (400, {"code": "callback_refused"})
    assert "refused" in caplog.text
    assert not Entry.objects.exists()
    payment.refresh_from_db()
    assert payment.state == "open"


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{}", b"\xff\xfe", b"[" * 50_000, b"1e999"])
def test_a_signed_body_that_says_nothing_is_refused(payment, body):
    at = str(int(timezone.now().timestamp()))
    signature = fake_gateway.sign(SECRET, at.encode() + b"." + body)
    headers = {fake_gateway.TIME: at, fake_gateway.SIGNATURE: signature}
    assert send(body, headers).status_code == 400
    assert not Entry.objects.exists()


@pytest.mark.parametrize("wrong", [{"amount": 4_999}, {"amount": -5_000}, {"currency": "USD"}])
def test_a_signed_callback_that_does_not_fit_credits_nothing(alice, payment, wrong, caplog):
    answer = send(*told(payment, **wrong))
    assert (answer.status_code, answer.json()["code"]) == (409, "callback_differs")
    payment.refresh_from_db()
    assert payment.state == "open"
    assert payment.trouble
    assert f"Payment {payment.pk}" in caplog.text
    assert wallet.balance_of(alice) == 0


def test_a_payment_of_another_currency_than_now_is_for_staff(alice, payment, settings):
    settings.CURRENCY = "JPY"
    assert send(*told(payment)).status_code == 409
    payment.refresh_from_db()
    assert payment.trouble
    assert not Entry.objects.exists()


def test_a_payment_nobody_began_is_refused_and_logged(payment, caplog):
    answer = send(*told(payment, payment="unknown"))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert "nobody began" in caplog.text
    assert not Entry.objects.exists()


def test_what_was_given_up_and_paid_after_all_is_credited(alice, payment):
    assert send(*told(payment, paid=False)).status_code == 200
    payment.refresh_from_db()
    assert payment.state == "failed"
    assert wallet.balance_of(alice) == 0
    send(*told(payment))
    send(*told(payment, paid=False))  # came late
    payment.refresh_from_db()
    assert payment.state == "paid"
    assert wallet.balance_of(alice) == 5_000


def test_a_callback_is_not_read_without_end(payment):
    assert send(b"x" * 70_000, {}).status_code == 413
    assert Client().get("/wallet/payments/callback/").status_code == 405


def test_a_person_pays_at_the_gateway_and_comes_back(alice, bob, visit):
    browser = visit(alice)
    assert "Pay with Practice gateway" in browser.get("/wallet/").content.decode()
    begun = browser.post("/wallet/payments/", {"amount": "50"})
    assert begun.status_code == 303
    page = browser.get(begun["Location"]).content.decode()
    address = page.split('href="http://127.0.0.1:8090')[1].split('"')[0].replace("&amp;", "&")
    order = order_of(address)
    assert order is not None
    assert order_of(address.replace("5000", "1")) is None  # a person may not choose what they pay
    assert parse_qs(urlsplit(address).query)["amount"] == ["5000"]
    assert urlsplit(order["callback"]).path == "/wallet/payments/callback/"
    assert urlsplit(order["back"]).path == begun["Location"]
    said = {"payment": order["payment"], "paid": True, "amount": int(order["amount"]),
            "currency": order["currency"], "reference": "PG-9"}  # fmt: skip
    assert send(*fake_gateway.callback(SECRET, said, now=timezone.now())).status_code == 200
    assert "It is in your wallet." in browser.get(begun["Location"]).content.decode()
    assert "Practice gateway: PG-9" in browser.get("/wallet/").content.decode()
    assert visit(bob).get(begun["Location"]).status_code == 404
    for amount in ("", "0", "-5", "1e3", "9" * 30):
        assert browser.post("/wallet/payments/", {"amount": amount}).status_code == 400


def test_it_is_off_unless_configured(alice, visit, settings, payment):
    settings.PAYMENT_PROVIDER = ""
    browser = visit(alice)
    assert "Pay with" not in browser.get("/wallet/").content.decode()
    assert browser.post("/wallet/payments/", {"amount": "5"}).status_code == 404
    assert send(*told(payment)).status_code == 404
    assert browser.get(f"/wallet/payments/{payment.key}/").status_code == 200
    assert not Entry.objects.exists()


def test_a_half_configured_gateway_does_not_open(settings):
    settings.PAYMENT_SECRET = ""
    with pytest.raises(ImproperlyConfigured):
        fake_gateway.FakeGateway()
    settings.PAYMENT_SECRET, settings.PRODUCTION = SECRET, True
    with pytest.raises(ImproperlyConfigured):
        fake_gateway.FakeGateway()
    with pytest.raises(CommandError):
        call_command("fake_gateway")


def test_staff_see_payments_with_trouble(payment, keeper, visit):
    send(*told(payment, amount=1))
    listed = visit(keeper).get("/admin/wallet/payment/?trouble__isempty=0").content.decode()
    assert "told 1 CNY of 5000 CNY" in listed


def test_bodies_are_signed_to_the_letter(payment):
    body, headers = told(payment)
    assert send(json.dumps(json.loads(body), indent=1).encode(), headers).status_code == 400
    assert Payment.objects.get().state == "open"
