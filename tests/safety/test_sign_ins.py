"""Where somebody is signed in: shown, ended, and told of when it is somewhere new."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from accounts.safety import services
from accounts.safety.devices import browser_of, network_of, system_of
from accounts.safety.models import KnownDevice, SignIn
from community.notifications.models import Notification
from tests.safety.conftest import FIREFOX, PASSWORD, PHONE

NEW_PASSWORD = "another-tide-42"
AGENTS = [
    (FIREFOX, "Firefox", "Linux"),
    (PHONE, "Safari", "iOS"),
    ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge", "Windows"),
    ("Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36", "Chrome", "Android"),
    ("Mozilla/5.0 (Linux; Android 12; HarmonyOS) Chrome/114.0 Safari", "Chrome", "HarmonyOS"),
    ("Mozilla/5.0 (iPhone) MicroMessenger/8.0 Safari", "WeChat", "iOS"),
    ("curl/8.1", "", ""),
    ("", "", ""),
    ("\x00\u202e<script>", "", ""),
]
NETWORKS = [
    ("203.0.113.9", "203.0.113.0/24"),
    ("2001:db8:1:2::/64", "2001:db8:1::/48"),
    ("::ffff:203.0.113.9", "203.0.113.0/24"),
    ("127.0.0.1", ""),
    ("::1", ""),
    ("unknown", ""),
    ("", ""),
]


@pytest.mark.parametrize(("agent", "browser", "system"), AGENTS)
def test_what_a_browser_is_called(agent, browser, system):
    assert (browser_of(agent), system_of(agent)) == (browser, system)


@pytest.mark.parametrize(("address", "network"), NETWORKS)
def test_only_the_first_part_of_an_address_is_kept(address, network):
    assert network_of(address) == network


def test_a_sign_in_is_listed_with_its_device_and_no_exact_address(alice, log_in):
    page = log_in(alice).get("/settings/safety/").content.decode()
    assert "Firefox on Linux" in page
    assert "203.0.113.0/24" in page
    assert "203.0.113.9" not in page
    assert SignIn.objects.get().person == alice


def test_signing_out_forgets_the_sign_in(alice, log_in):
    client = log_in(alice)
    client.post("/account/logout/")
    assert not SignIn.objects.exists()


def test_another_session_is_ended_at_once(alice, log_in):
    here, there = log_in(alice), log_in(alice, PHONE)
    row = SignIn.objects.get(system="iOS")
    assert there.get("/settings/").status_code == 200
    assert here.post(f"/settings/safety/places/{row.pk}/end/").status_code == 303
    assert there.get("/settings/").status_code == 302
    assert here.get("/settings/").status_code == 200


def test_all_others_are_ended_and_this_one_stays(alice, log_in):
    here, *others = log_in(alice), log_in(alice, PHONE), log_in(alice, "curl/8")
    here.post("/settings/safety/places/end/")
    assert [client.get("/settings/").status_code for client in others] == [302, 302]
    assert here.get("/settings/").status_code == 200
    assert SignIn.objects.count() == 1


def test_nobody_ends_anothers_session(alice, charlie, log_in):
    there, stranger = log_in(alice), log_in(charlie)
    row = SignIn.objects.get(person=alice)
    assert stranger.post(f"/settings/safety/places/{row.pk}/end/").status_code == 404
    assert there.get("/settings/").status_code == 200


def test_a_new_password_ends_the_other_sessions_and_offers_to_end_programs(alice, log_in):
    here, there = log_in(alice), log_in(alice, PHONE)
    AuthToken.objects.create(alice)
    answer = here.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )
    assert answer.headers["Location"] == "/settings/safety/password/"
    assert there.get("/settings/").status_code == 302
    assert "1 program still acts for you" in here.get("/settings/safety/password/").content.decode()
    assert [row.session_key for row in services.living_sign_ins(alice)] == [
        here.session.session_key
    ]
    here.post("/settings/safety/programs/end/")
    assert not AuthToken.objects.exists()


def test_the_first_device_of_all_is_no_news_and_one_of_ones_own_neither(alice, log_in, work_off):
    client = log_in(alice)
    client.post("/account/logout/")
    log_in(alice, address="198.51.100.4", client=client)  # the same browser, elsewhere
    log_in(alice)  # a private window in the same place
    work_off()
    assert not Notification.objects.filter(kind="sign_in").exists()
    assert mail.outbox == []


def test_a_new_device_is_told_of_by_notice_and_mail_once(alice, log_in, work_off):
    log_in(alice)
    log_in(alice, PHONE, "198.51.100.4")
    work_off()
    notice = Notification.objects.get(person=alice, kind="sign_in")
    assert notice.words.startswith("Safari, iOS, 198.51.100.0/24.")
    assert notice.path == "/settings/safety/"
    [sent] = mail.outbox
    assert sent.to == ["alice@example.org"]
    assert "Safari, iOS" in sent.body
    log_in(alice, PHONE, "198.51.100.4")
    work_off()
    assert len(mail.outbox) == 1


def test_the_mail_speaks_the_persons_language(alice, log_in, work_off):
    type(alice.profile).objects.filter(pk=alice.pk).update(language="zh-hans")
    log_in(alice)
    log_in(alice, PHONE, "198.51.100.4")
    work_off()
    assert "登录" in mail.outbox[0].subject


def test_a_forged_cookie_makes_no_device_known(alice, log_in, work_off):
    log_in(alice)
    forger = Client(headers={"user-agent": PHONE}, REMOTE_ADDR="198.51.100.4")
    forger.cookies["browser"] = "0" * 32 + ":forged"
    log_in(alice, client=forger)
    work_off()
    assert Notification.objects.filter(person=alice, kind="sign_in").count() == 1


def test_marks_of_two_people_in_one_browser_differ(alice, bob, log_in):
    client = log_in(alice)
    client.post("/account/logout/")
    log_in(bob, client=client)
    assert len(set(KnownDevice.objects.values_list("mark", flat=True))) == 4


def test_last_here_is_noted_at_most_once_an_hour(alice, log_in, django_assert_num_queries):
    client = log_in(alice)
    before = SignIn.objects.get().seen_at
    client.get("/settings/tokens/")
    assert SignIn.objects.get().seen_at == before
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        client.get("/settings/tokens/")
        assert SignIn.objects.get().seen_at > before
        noted = SignIn.objects.get().seen_at
        with django_assert_num_queries(0):
            services.note_seen(session_key=client.session.session_key, now=timezone.now())
    assert SignIn.objects.get().seen_at == noted


def test_at_most_fifty_sessions_live_at_once(alice, log_in, monkeypatch):
    monkeypatch.setattr(services, "MOST_SIGN_INS", 3)
    browsers = [log_in(alice, f"curl/{number}") for number in range(5)]
    alive = [client.get("/settings/").status_code for client in browsers]
    assert alive == [302, 302, 200, 200, 200]


def test_a_suspended_person_has_no_living_session(alice, log_in):
    log_in(alice)
    type(alice).objects.filter(pk=alice.pk).update(is_active=False)
    assert services.living_sign_ins(alice) == []
