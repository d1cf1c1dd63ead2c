"""A boost from the note's menu to its receipt, as a browser without scripts walks it."""

import html
import re
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from accounts.wallet import services as wallet
from community.services.reactions import collect_note
from community.services.writing import delete_note
from feeds.boosts import keeper as clock
from feeds.boosts.models import Boost

pytestmark = pytest.mark.django_db
FORM = {"impressions": "1000", "days": "7", "followers": "all", "starts_at": "", "tags": "",
        "city": "", "daily_cap": ""}  # fmt: skip


def client_of(person):
    client = Client()
    client.force_login(person, backend="accounts.backends.PersonBackend")
    return client


def text(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.content.decode()


def test_from_the_menu_of_a_note_to_the_receipt(
    alice, bob, charlie, keeper, make_note, make_person, work_off, rich, reader
):
    note = make_note(alice, ago=timedelta(days=9))
    for n in range(8):
        make_note(make_person(f"w{n}"), f"A walk along the shore {n}")
    work_off()
    rich(alice, 5_000)
    buyer, desk = client_of(alice), client_of(keeper)

    menu = text(buyer.get(f"/notes/{note.pk}/"))
    assert f"/notes/{note.pk}/boost/" in menu
    assert "30.00" in text(buyer.get(f"/notes/{note.pk}/boost/", FORM))
    answer = buyer.post(f"/notes/{note.pk}/boost/", FORM)
    order = Boost.objects.get()
    assert answer["Location"] == f"/boosts/{order.pk}/"
    page = text(buyer.get(f"/boosts/{order.pk}/"))
    assert "Pay ¥30.00" in page
    assert "hardly bring more than" in page  # ten readers are no thousand
    buyer.post(f"/boosts/{order.pk}/pay/", {"total": "3000"})
    assert wallet.balance_of(alice) == 2_000

    queue = text(desk.get("/admin/boosts/boost/?standing=waiting"))
    assert str(note) in queue
    desk.post(f"/admin/boosts/boost/{order.pk}/verdict/", {"act": "approve", "reason": ""})
    order.refresh_from_db()
    assert order.state == "running"

    read = reader(charlie)
    assert read.paid == [note.pk]
    shown = client_of(charlie)
    why = text(shown.get(f"/notes/{note.pk}/menu/?from=discover&as=boost&list=1"))
    assert "@alice pays for this place, for all readers" in why
    assert "Sponsored" in text(shown.get(f"/notes/{note.pk}/?from=boost"))
    assert "Sponsored" not in text(shown.get(f"/notes/{note.pk}/"))
    assert "Sponsored" not in text(client_of(bob).get(f"/notes/{note.pk}/?from=boost"))
    collect_note(person=charlie, note_id=note.pk)

    for act, state in (("pause", "paused"), ("resume", "running"), ("stop", "stopped")):
        buyer.post(f"/boosts/{order.pk}/{act}/")
        order.refresh_from_db()
        assert order.state == state
    buyer.post(f"/boosts/{order.pk}/stop/")
    assert wallet.balance_of(alice) == 5_000 - 3
    receipt = text(buyer.get(f"/boosts/{order.pk}/receipt/"))
    assert "29.97" in receipt
    assert "collects" in receipt
    assert note.title in text(buyer.get("/boosts/"))
    assert clock.advance(now=timezone.now() + timedelta(days=30)) == 0


def test_a_card_in_the_feed_says_that_it_is_paid(alice, charlie, make_note, make_person, bought):
    note = make_note(alice, ago=timedelta(days=9))
    for n in range(8):
        make_note(make_person(f"w{n}"), f"A walk along the shore {n}")
    bought(note=note)
    page = text(client_of(charlie).get("/"))
    card = page.split(f'id="note-{note.pk}"')[1].split("</article>")[0]
    assert "Sponsored" in card
    assert f'href="/notes/{note.pk}/?from=boost"' in card
    assert page.count("card--paid") == 1


@pytest.mark.parametrize(
    "change",
    [
        {"impressions": "-1"},
        {"impressions": "9" * 30},
        {"impressions": "many"},
        {"tags": "no such tag"},
        {"city": "Atlantis"},
        {"daily_cap": "-3"},
        {"days": "0"},
        {"starts_at": "yesterday"},
        {"starts_at": "9999-12-31T23:59"},
        {"starts_at": "0001-01-01T00:00"},
        {"followers": "x"},
        {"channels": "99999"},
    ],
)
def test_bad_forms_are_answered_with_a_sentence(alice, bob, make_note, work_off, change):
    note = make_note(alice)
    work_off()
    buyer = client_of(alice)
    page = text(buyer.post(f"/notes/{note.pk}/boost/", FORM | change), 400)
    assert "field__error" in page or "notice--bad" in page
    part = text(buyer.get(f"/notes/{note.pk}/boost/estimate/", FORM | change))
    assert "notice--bad" in part
    assert not Boost.objects.exists()


def test_pages_of_a_boost_are_its_buyers_alone(alice, bob, bought):
    order = bought()
    for path in ("", "receipt/"):
        assert client_of(bob).get(f"/boosts/{order.pk}/{path}").status_code == 404
    for act in ("pay", "pause", "resume", "stop"):
        assert client_of(bob).post(f"/boosts/{order.pk}/{act}/").status_code == 404
    assert client_of(bob).get(f"/notes/{order.note_id}/boost/").status_code == 403
    assert client_of(bob).get("/admin/boosts/boost/").status_code == 302
    assert Client().get("/boosts/").status_code == 302


def test_a_refusal_at_the_desk_needs_a_reason(alice, bob, keeper, bought):
    order, desk = bought(approve=False), client_of(keeper)
    path = f"/admin/boosts/boost/{order.pk}/verdict/"
    assert desk.post(path, {"act": "refuse", "reason": ""}).status_code == 400
    order.refresh_from_db()
    assert order.state == "waiting"
    desk.post(path, {"act": "refuse", "reason": "shows a brand"})
    assert "shows a brand" in text(client_of(alice).get(f"/boosts/{order.pk}/"))
    assert wallet.balance_of(alice) == 1_000_000


@pytest.fixture
def draft(alice, bob, make_note, work_off):
    """An unpaid order from the form, which begins in five days; and its buyer's browser."""
    note = make_note(alice)
    work_off()
    buyer = client_of(alice)
    start = timezone.localtime() + timedelta(days=5)
    buyer.post(f"/notes/{note.pk}/boost/", FORM | {"starts_at": f"{start:%Y-%m-%dT%H:%M}"})
    return buyer, note, Boost.objects.get()


def test_an_order_that_is_changed_takes_the_place_of_the_first(draft):
    buyer, note, order = draft
    page = text(buyer.get(f"/boosts/{order.pk}/"))
    link = html.unescape(re.search(rf'href="(/notes/{note.pk}/boost/[^"]+)"', page)[1])
    form = text(buyer.get(link))
    assert f"{timezone.localtime(order.starts_at):%Y-%m-%dT%H:%M}" in form
    sent = dict(parse_qsl(urlsplit(link).query)) | {"impressions": "2000"}
    assert buyer.post(f"/notes/{note.pk}/boost/", sent).status_code == 303
    changed = Boost.objects.get()
    assert (changed.impressions, changed.starts_at) == (2_000, order.starts_at)


def test_nobody_changes_the_order_of_another_or_one_that_is_paid(draft, bob, make_note, work_off):
    buyer, note, order = draft
    other = make_note(bob)
    work_off()
    for junk in ("no number", "9" * 30, "-1", "\x00"):
        changed = buyer.post(f"/notes/{note.pk}/boost/", FORM | {"instead_of": junk})
        assert changed.status_code in (303, 400)
    Boost.objects.exclude(pk=order.pk).delete()
    sent = FORM | {"instead_of": str(order.pk)}
    assert client_of(bob).post(f"/notes/{other.pk}/boost/", sent).status_code == 303
    Boost.objects.filter(pk=order.pk).update(state="waiting")
    assert buyer.post(f"/notes/{note.pk}/boost/", sent).status_code == 303
    assert Boost.objects.count() == 3


def test_a_period_of_a_program_becomes_one_that_the_form_offers(draft):
    buyer, _note, order = draft
    Boost.objects.filter(pk=order.pk).update(ends_at=order.starts_at + timedelta(days=5, hours=1))
    page = text(buyer.get(f"/boosts/{order.pk}/"))
    assert "days=7" in page


def test_an_unpaid_order_of_a_note_that_is_gone_says_so_and_can_be_discarded(draft, alice):
    buyer, note, order = draft
    delete_note(author=alice, note_id=note.pk)
    page = text(buyer.get(f"/boosts/{order.pk}/"))
    assert "deleted or not published" in page
    assert "Pay ¥" not in page
    assert f'href="/notes/{note.pk}/' not in page
    assert buyer.post(f"/boosts/{order.pk}/stop/").status_code == 303
    assert Boost.objects.get().state == "stopped"


def test_staff_are_told_where_their_words_would_be_lost(bought, alice, keeper):
    order, desk = bought(), client_of(keeper)
    address = f"/admin/boosts/boost/{order.pk}/verdict/"
    answer = desk.post(address, {"act": "stop", "reason": "so many words " * 30})
    assert "so many words" in text(answer, 400)
    client_of(alice).post(f"/boosts/{order.pk}/stop/")
    text(desk.post(address, {"act": "stop", "reason": "It misleads"}), 409)
