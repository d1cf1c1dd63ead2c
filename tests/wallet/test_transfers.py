"""Transfers: asked by a person, decided once by somebody else, told and logged."""

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from accounts.errors import Conflict, Invalid, NotAllowed
from accounts.wallet import services as wallet
from accounts.wallet import transfers
from accounts.wallet.audit import differences
from accounts.wallet.models import Entry, Transfer
from community.notifications.models import Notification
from community.notifications.tasks import transfer as tell_of_transfer

pytestmark = pytest.mark.django_db


def ask(person, amount=5_000, reference="RP 17"):
    return transfers.ask(person=person, amount=amount, reference=reference, now=timezone.now())


def decide(act, row, by, **more):
    return getattr(transfers, act)(transfer_id=row.pk, by=by, now=timezone.now(), **more)


def test_what_arrived_is_in_the_wallet_and_told_once(alice, keeper, work_off):
    row = decide("confirm", ask(alice), keeper)
    assert (row.state, row.decided_by, row.entry.amount) == ("confirmed", keeper, 5_000)
    assert wallet.balance_of(alice) == 5_000
    work_off()
    tell_of_transfer(transfer=row.pk)
    notice = Notification.objects.get(person=alice)
    assert (notice.kind, notice.words) == ("arrived", "¥50.00, RP 17")
    assert list(differences()) == []


def test_what_did_not_come_is_refused_with_a_reason(alice, keeper, work_off):
    row = ask(alice)
    with pytest.raises(Invalid):
        decide("refuse", row, keeper, reason="  ")
    decide("refuse", row, keeper, reason="Nothing of this reference")
    work_off()
    notice = Notification.objects.get(person=alice)
    assert notice.words == "¥50.00, RP 17: Nothing of this reference"
    assert wallet.balance_of(alice) == 0
    assert not Entry.objects.exists()


@pytest.mark.parametrize("first", ["confirm", "refuse"])
@pytest.mark.parametrize("then", ["confirm", "refuse"])
def test_a_transfer_is_decided_once(alice, keeper, first, then):
    more = {"confirm": {}, "refuse": {"reason": "no"}}
    row = ask(alice)
    decide(first, row, keeper, **more[first])
    with pytest.raises(transfers.DecidedAlready):
        decide(then, row, keeper, **more[then])
    assert wallet.balance_of(alice) == (5_000 if first == "confirm" else 0)


def test_nobody_decides_their_own_and_people_decide_none(alice, bob, keeper):
    own, other = ask(keeper), ask(alice)
    for row, by in ((own, keeper), (other, bob), (other, alice)):
        with pytest.raises(NotAllowed):
            decide("confirm", row, by)
        with pytest.raises(NotAllowed):
            decide("refuse", row, by, reason="no")
    assert not Entry.objects.exists()


def test_the_same_is_asked_once_and_not_too_many(alice, keeper):
    assert ask(alice).pk == ask(alice, reference=" RP  17 ").pk
    for n in range(transfers.MOST_WAITING - 1):
        ask(alice, reference=f"other {n}")
    with pytest.raises(Conflict):
        ask(alice, reference="one more")
    decide("confirm", Transfer.objects.earliest("pk"), keeper)
    ask(alice)  # a second transfer of the same words, after the first was decided


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0},
        {"amount": -1},
        {"amount": 2**70},
        {"amount": 1.5},
        {"amount": True},
        {"reference": " "},
        {"reference": "x" * 81},
    ],
)
def test_what_makes_no_sense_is_not_asked(alice, wrong):
    with pytest.raises(Invalid):
        ask(alice, **wrong)
    assert not Transfer.objects.exists()


def test_from_the_page_over_the_desk_to_the_wallet(alice, bob, keeper, visit, settings):
    settings.TRANSFER_TO = "Tide Bank, 12-34"
    browser, desk = visit(alice), visit(keeper)
    assert "Tide Bank, 12-34" in browser.get("/wallet/").content.decode()
    sent = {"amount": "80", "reference": "alice <b>May</b>"}
    for _ in range(2):
        assert browser.post("/wallet/transfers/", sent).status_code == 303
    row = Transfer.objects.get()
    page = browser.get("/wallet/").content.decode()
    assert "alice &lt;b&gt;May&lt;/b&gt;" in page
    assert "Waiting" in page
    case = f"/admin/wallet/transfer/{row.pk}/"
    assert "¥80.00" in desk.get("/admin/wallet/transfer/?state=waiting").content.decode()
    assert "It arrived" in desk.get(f"{case}change/").content.decode()
    assert desk.post(f"{case}decide/", {"act": "refuse", "reason": ""}).status_code == 400
    assert desk.post(f"{case}decide/", {"act": "burn"}).status_code == 400
    long = desk.post(f"{case}decide/", {"act": "refuse", "reason": "words " * 60})
    assert "words words" in long.content.decode()
    assert desk.get(f"{case}decide/").status_code == 302
    assert wallet.balance_of(alice) == 0
    assert desk.post(f"{case}decide/", {"act": "confirm"}).status_code == 302
    assert desk.post(f"{case}decide/", {"act": "confirm"}).status_code == 409
    assert wallet.balance_of(alice) == 8_000
    assert LogEntry.objects.get().change_message == "confirm"
    assert "It arrived" not in desk.get(f"{case}change/").content.decode()
    assert "Confirmed" in browser.get("/wallet/").content.decode()
    assert visit(bob).post(f"{case}decide/", {"act": "confirm"}).status_code == 302  # to the log-in


@pytest.mark.parametrize("wrong", [{"amount": "0"}, {"amount": "1,5"}, {"reference": ""}])
def test_the_page_says_what_is_wrong_and_keeps_the_rest(alice, visit, wrong):
    answer = visit(alice).post("/wallet/transfers/", {"amount": "7", "reference": "R"} | wrong)
    assert answer.status_code == 400
    assert "field--bad" in answer.content.decode()
    assert not Transfer.objects.exists()
