"""Another address: asked, confirmed, told to both, undone from the old one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail, signing
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from accounts.addresses import services
from accounts.addresses.links import CONFIRM, UNDO, masked
from accounts.addresses.models import AddressChange
from accounts.entry.models import EntryRules
from accounts.limits import TooOften
from accounts.models import Profile, User
from accounts.safety.models import SignIn
from community.notifications.models import Notification
from tests.safety.conftest import PASSWORD, PHONE

NEW, OLD = "alice@elsewhere.example", "alice@example.org"


@pytest.fixture
def confirmed(alice):
    EmailAddress.objects.create(user=alice, email=OLD, verified=True, primary=True)
    return alice


@pytest.fixture
def browser(confirmed, log_in):
    """Alice's, in which she typed her password a moment ago."""
    client = log_in(confirmed)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


def ask(client, new=NEW):
    return client.post("/account/email/ask/", {"email": new})


def letters(work_off):
    """What was sent since the last look: {address: text}."""
    mail.outbox.clear()
    work_off()
    return {sent.to[0]: sent.body for sent in mail.outbox}


def link_in(text, what):
    return re.search(rf"/account/email/{what}/\S+", text)[0]


def changed_to(client, work_off, new=NEW):
    """Ask and confirm; the links to undo that the old address got, the first and the second."""
    old = User.objects.get(username="alice").email
    ask(client, new)
    first = letters(work_off)
    client.post(link_in(first[new], "confirm"))
    return link_in(first[old], "undo"), link_in(letters(work_off)[old], "undo")


# ---------------------------------------------------------------- asking
def test_the_page_says_what_the_address_is_and_whether_it_was_confirmed(alice, log_in, work_off):
    client = log_in(alice)
    page = client.get("/account/email/").content.decode()
    assert OLD in page
    assert "Not confirmed yet" in page
    mail.outbox.clear()
    client.post("/account/email/send/")
    assert list(letters(work_off)) == [OLD]
    EmailAddress.objects.update(verified=True)
    assert "Not confirmed yet" not in client.get("/account/email/").content.decode()


def test_who_it_is_is_asked_again_and_then_the_form_goes_on_by_itself(confirmed, log_in, work_off):
    client = log_in(confirmed)
    answer = ask(client)
    assert answer.headers["Location"].startswith("/account/reauthenticate/?next=")
    assert not AddressChange.objects.exists()
    client.post(answer.headers["Location"], {"password": "wrong"})
    assert not AddressChange.objects.exists()
    client.post(answer.headers["Location"], {"password": PASSWORD})
    assert AddressChange.objects.get().new == NEW


def test_with_a_second_step_the_password_is_not_enough(confirmed, log_in):
    client = log_in(confirmed)
    TOTP.activate(confirmed, generate_totp_secret())
    RecoveryCodes.activate(confirmed)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    answer = ask(client)
    assert answer.headers["Location"].startswith("/account/2fa/reauthenticate/")
    assert not AddressChange.objects.exists()
    code = RecoveryCodes(confirmed.authenticator_set.get(type="recovery_codes"))
    client.post(answer.headers["Location"], {"code": code.get_unused_codes()[0]})
    assert AddressChange.objects.get().new == NEW


def test_nothing_is_different_until_the_new_mailbox_answers(browser, work_off):
    ask(browser, NEW.upper())
    sent = letters(work_off)
    assert sent.keys() == {OLD, NEW}
    assert masked(NEW) in sent[OLD]
    assert NEW not in sent[OLD]
    assert User.objects.get(username="alice").email == OLD
    assert not EmailAddress.objects.filter(email=NEW).exists()
    page = browser.get("/account/email/").content.decode()
    assert "Waiting for the new address" in page


BAD = [("", 400), ("nonsense", 400), ("a@b@c", 400), (f"{'a' * 250}@example.org", 400),
       (OLD, 400), ("Alice@Example.org", 400), ("al\x00ice@example.org", 400)]  # fmt: skip


@pytest.mark.parametrize(("typed", "status"), BAD)
def test_what_is_no_other_address_is_refused_at_the_field(browser, typed, status):
    answer = ask(browser, typed)
    assert answer.status_code == status
    assert "field__error" in answer.content.decode()
    assert not AddressChange.objects.exists()


def test_rules_of_domains_hold_for_a_new_address_too(browser):
    EntryRules.objects.create(blocked_domains="elsewhere.example")
    assert "of this domain" in ask(browser).content.decode()


def test_a_second_wish_takes_the_place_of_the_first_whose_link_is_over(browser, work_off):
    ask(browser)
    first = link_in(letters(work_off)[NEW], "confirm")
    ask(browser, "third@example.net")
    assert browser.post(first).status_code == 410
    assert AddressChange.objects.filter(state="asked").count() == 1


def test_a_wish_can_be_taken_back(browser, work_off):
    ask(browser)
    link = link_in(letters(work_off)[NEW], "confirm")
    browser.post("/account/email/drop/")
    assert browser.get(link).status_code == browser.post(link).status_code == 410


def test_nobody_fills_a_mailbox(confirmed):
    for number in range(5):
        services.ask_for_change(person=confirmed, new=f"{number}@example.net", now=timezone.now())
    with pytest.raises(TooOften):
        services.ask_for_change(person=confirmed, new="6@example.net", now=timezone.now())


def test_whether_somebody_has_the_address_is_told_to_them_alone(browser, charlie, work_off):
    EmailAddress.objects.create(user=charlie, email=charlie.email, verified=True, primary=True)
    free, taken = ask(browser), ask(browser, charlie.email)
    assert (free.status_code, free.headers["Location"]) == (
        taken.status_code, taken.headers["Location"],
    )  # fmt: skip
    letter = letters(work_off)[charlie.email]
    assert "already" in letter
    assert "alice" not in letter
    assert "/confirm/" not in letter


# ---------------------------------------------------------------- confirming
def test_the_link_makes_the_address_the_only_one_and_both_are_told(browser, confirmed, work_off):
    EmailAddress.objects.create(user=confirmed, email="aside@example.org", verified=True)
    ask(browser)
    link = link_in(letters(work_off)[NEW], "confirm")
    assert browser.get(link).status_code == 200
    assert User.objects.get(pk=confirmed.pk).email == OLD  # looking changes nothing
    assert browser.post(link).status_code == 303
    assert User.objects.get(pk=confirmed.pk).email == NEW
    [row] = EmailAddress.objects.filter(user=confirmed)
    assert (row.email, row.verified, row.primary) == (NEW, True, True)
    sent = letters(work_off)
    assert "/undo/" in sent[OLD]
    assert "now the address" in sent[NEW]
    assert Notification.objects.filter(person=confirmed, kind="safety").exists()
    assert browser.post(link).status_code == 410


def test_a_link_is_for_its_own_person_and_for_who_is_signed_in(
    browser,
    charlie,
    work_off,
    log_in,
):
    ask(browser)
    link = link_in(letters(work_off)[NEW], "confirm")
    assert Client().post(link).status_code == 302
    stranger = log_in(charlie)
    assert stranger.get(link).status_code == stranger.post(link).status_code == 403
    assert User.objects.get(username="alice").email == OLD


def test_a_link_to_confirm_ends_after_three_days(browser, work_off):
    ask(browser)
    link = link_in(letters(work_off)[NEW], "confirm")
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1), tick=False):
        assert browser.post(link).status_code == 410


def test_an_address_that_another_confirmed_meanwhile_is_refused_in_words(
    browser, charlie, work_off
):
    ask(browser)
    link = link_in(letters(work_off)[NEW], "confirm")
    EmailAddress.objects.create(user=charlie, email=NEW, verified=True)
    answer = browser.post(link)
    assert (answer.status_code, "Another account" in answer.content.decode()) == (409, True)
    assert User.objects.get(username="alice").email == OLD
    assert AddressChange.objects.get().state == "asked"


def test_who_only_named_the_address_gives_way_to_who_reads_its_mail(browser, charlie, work_off):
    ask(browser)
    link = link_in(letters(work_off)[NEW], "confirm")
    User.objects.filter(pk=charlie.pk).update(email=NEW)
    EmailAddress.objects.create(user=charlie, email=NEW, primary=True)
    assert browser.post(link).status_code == 303
    assert User.objects.get(pk=charlie.pk).email == ""
    assert not EmailAddress.objects.filter(user=charlie).exists()


# ---------------------------------------------------------------- undoing
def test_the_old_address_undoes_it_and_chooses_a_new_password(
    browser,
    confirmed,
    work_off,
    log_in,
):
    _first, link = changed_to(browser, work_off)
    thief = log_in(confirmed, PHONE)
    AuthToken.objects.create(confirmed)
    ask(browser, "third@example.net")  # whoever it is goes on
    visitor = Client()
    page = visitor.get(link)
    assert page.status_code == 200
    assert page.headers["Cache-Control"].find("no-store") > 0
    assert User.objects.get(pk=confirmed.pk).email == NEW  # looking changes nothing
    answer = visitor.post(link)
    assert User.objects.get(pk=confirmed.pk).email == OLD
    assert [row.email for row in EmailAddress.objects.filter(user=confirmed)] == [OLD]
    assert thief.get("/settings/").status_code == browser.get("/settings/").status_code == 302
    assert not SignIn.objects.filter(person=confirmed).exists()
    assert not AuthToken.objects.exists()
    assert set(AddressChange.objects.values_list("state", flat=True)) == {"undone"}
    form = visitor.get(answer.headers["Location"], follow=True)
    passwords = {"password1": "another-tide-42", "password2": "another-tide-42"}
    visitor.post(form.redirect_chain[-1][0], passwords)
    assert log_in(confirmed, password="another-tide-42").get("/settings/").status_code == 200
    assert log_in(confirmed).get("/settings/").status_code == 302  # the one that was known
    sent = letters(work_off)
    assert {OLD, NEW} <= sent.keys()
    assert "undone" in sent[OLD]


def test_the_first_letter_undoes_as_well_before_and_after_the_change(browser, work_off):
    first, _second = changed_to(browser, work_off)
    assert Client().post(first).status_code == 303
    assert User.objects.get(username="alice").email == OLD


def test_a_wish_alone_is_undone_too_and_with_it_the_password(browser, work_off):
    ask(browser)
    sent = letters(work_off)
    assert Client().post(link_in(sent[OLD], "undo")).status_code == 303
    assert browser.get("/settings/").status_code == 302
    assert not User.objects.get(username="alice").has_usable_password()
    assert AddressChange.objects.get().state == "undone"


def test_a_second_change_hides_nothing_from_the_first_address(browser, work_off):
    link, _later = changed_to(browser, work_off)
    changed_to(browser, work_off, "third@example.net")
    assert Client().post(link).status_code == 303
    assert User.objects.get(username="alice").email == OLD


def test_an_address_in_between_does_not_come_back_after_the_first(browser, work_off):
    first, _ = changed_to(browser, work_off)
    _, between = changed_to(browser, work_off, "third@example.net")
    Client().post(first)
    assert Client().post(between).status_code == 410
    assert User.objects.get(username="alice").email == OLD


def test_a_link_undoes_once(browser, work_off):
    first, link = changed_to(browser, work_off)
    assert Client().post(link).status_code == 303
    for again in (link, first):
        assert Client().get(again).status_code == Client().post(again).status_code == 410


def test_a_link_to_undo_ends_after_seven_days_from_the_change(browser, work_off):
    _first, link = changed_to(browser, work_off)
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23), tick=False):
        assert Client().get(link).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False):
        assert Client().get(link).status_code == Client().post(link).status_code == 410


FORGED = ["x", "MQ", "MQ:1abc:sig", "%00", "é", "a" * 5_000, "1:2:3:4", "..%2f.."]


@pytest.mark.parametrize("token", FORGED)
def test_a_forged_link_says_no_more_than_an_old_one(confirmed, browser, token):
    for what in ("undo", "confirm"):
        path = f"/account/email/{what}/{token}/"
        answers = [browser.get(path), browser.post(path)]
        assert {answer.status_code for answer in answers} <= {404, 410}
    assert User.objects.get(username="alice").email == OLD


def test_one_kind_of_link_is_not_the_other(browser, work_off):
    ask(browser)
    number = AddressChange.objects.get().pk
    for what, salt in (("undo", CONFIRM), ("confirm", UNDO), ("undo", "another")):
        token = signing.dumps(number, salt=salt)
        assert browser.post(f"/account/email/{what}/{token}/").status_code == 410
    unknown = signing.dumps(10**6, salt=UNDO)
    assert Client().post(f"/account/email/undo/{unknown}/").status_code == 410


def test_an_old_address_that_another_confirmed_meanwhile_stays_theirs(browser, charlie, work_off):
    _first, link = changed_to(browser, work_off)
    EmailAddress.objects.create(user=charlie, email=OLD, verified=True)
    answer = Client().post(link)
    assert (answer.status_code, "Another account" in answer.content.decode()) == (409, True)
    alice = User.objects.get(username="alice")
    assert (alice.email, alice.has_usable_password()) == (NEW, True)
    assert browser.get("/settings/").status_code == 200


def test_nobody_keeps_an_address_from_coming_back_by_naming_it(browser, work_off):
    _first, link = changed_to(browser, work_off)
    body = {"username": "squatter", "email": OLD, "password1": "tide-and-rock-9"}
    Client().post("/account/signup/", body)
    assert User.objects.get(username="squatter").email == OLD
    assert Client().post(link).status_code == 303
    assert User.objects.get(username="alice").email == OLD


def test_an_address_that_never_answered_is_told_and_cannot_undo(alice, log_in, work_off):
    client = log_in(alice)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    ask(client)
    sent = letters(work_off)
    assert "/undo/" not in sent[OLD]
    client.post(link_in(sent[NEW], "confirm"))
    assert "/undo/" not in letters(work_off)[OLD]
    token = signing.dumps(AddressChange.objects.get().pk, salt=UNDO)
    assert Client().post(f"/account/email/undo/{token}/").status_code == 410


def test_a_second_step_outlives_the_undoing(browser, confirmed, work_off, log_in):
    TOTP.activate(confirmed, generate_totp_secret())
    change = services.ask_for_change(person=confirmed, new=NEW, now=timezone.now())
    services.undo_change(change_id=change.pk, now=timezone.now())
    assert confirmed.authenticator_set.count() == 1


def test_letters_and_pages_speak_the_persons_language(browser, confirmed, work_off):
    Profile.objects.filter(person=confirmed).update(language="zh-hans")
    ask(browser)
    sent = letters(work_off)
    assert "撤销" in sent[OLD]
    page = Client(headers={"accept-language": "zh-CN"}).get("/account/email/undo/x/")
    assert "链接" in page.content.decode()


# ---------------------------------------------------------------- afterwards
def test_what_cannot_be_undone_any_more_is_forgotten(browser, work_off):
    changed_to(browser, work_off)
    now = timezone.now()
    assert services.forget_changes(now=now + timedelta(days=6)) == 0
    assert services.forget_changes(now=now + timedelta(days=7, minutes=1)) == 1
    assert services.forget_changes(now=now + timedelta(days=7, minutes=1)) == 0
