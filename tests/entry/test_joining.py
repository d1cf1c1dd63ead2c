"""Joining: open, by invitation, by approval, closed; address rules, proof of work, networks."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.entry import services
from accounts.entry.challenge import ProofOfWork
from accounts.entry.models import EntryRules, Invitation, NetworkBlock, Newcomer, check_network
from accounts.entry.rules import covers, domains_in, may_join, zero_bits
from accounts.errors import Conflict, Invalid, NotAllowed
from accounts.models import User
from community.outbox import jobs

FORM = {"username": "dora", "email": "dora@example.org", "password1": "tide-and-rock-9"}
DOMAINS = [
    ("a@x.org", "", "", True),
    ("a@x.org", "x.org", "", True),
    ("a@sub.x.org", "x.org", "", True),
    ("a@notx.org", "x.org", "", False),
    ("a@X.ORG.", "x.org", "", True),
    ("a@x.org", "", "x.org", False),
    ("a@sub.x.org", "", "@x.org", False),
    ("a@sub.x.org", "x.org", "sub.x.org", False),
    ("nonsense", "x.org", "", False),
]
NETWORKS = [
    ("203.0.113.0/24", "203.0.113.9", True),
    ("203.0.113.9", "203.0.113.9", True),
    ("203.0.113.0/24", "198.51.100.1", False),
    ("2001:db8::/32", "2001:db8:1:2::/64", True),
    ("2001:db8::/32", "203.0.113.9", False),
    ("203.0.113.0/24", "unknown", False),
    ("nonsense", "203.0.113.9", False),
]


@pytest.mark.parametrize(("email", "allowed", "blocked", "expected"), DOMAINS)
def test_which_addresses_may_join(email, allowed, blocked, expected):
    found = may_join(email, allowed=domains_in(allowed), blocked=domains_in(blocked))
    assert found is expected


@pytest.mark.parametrize(("network", "address", "expected"), NETWORKS)
def test_what_a_network_covers(network, address, expected):
    assert covers(network, address) is expected


@pytest.mark.parametrize("network", ["", "x", "0.0.0.0/0", "::/0", "10.0.0.0/7", "203.0.113.0/33"])
def test_no_block_takes_the_whole_world(network):
    with pytest.raises(ValidationError):
        check_network(network)


def rules(**fields):
    return EntryRules.objects.create(**fields)


def join(client=None, **more):
    return (client or Client(REMOTE_ADDR="203.0.113.9")).post("/account/signup/", FORM | more)


@pytest.mark.django_db
class TestModes:
    def test_open_doors_let_everybody_in_at_once(self):
        assert join().headers["Location"] == "/welcome/"
        assert User.objects.get(username="dora").is_active
        assert not Newcomer.objects.exists()

    def test_closed_doors_say_so(self):
        rules(mode="closed")
        assert "Sign-up is closed" in join().content.decode()
        assert not User.objects.exists()

    def test_an_invitation_lets_in_as_many_as_it_says(self):
        rules(mode="invitation")
        row = Invitation.objects.create(uses=1)
        assert join().status_code == 200  # no code
        assert "not good" in join(invitation="WRONGCODE").content.decode()
        assert not User.objects.exists()
        assert join(invitation=f" {row.code.lower()} ").headers["Location"] == "/welcome/"
        again = join(invitation=row.code, username="eve", email="eve@example.org")
        assert "not good" in again.content.decode()
        row.refresh_from_db()
        assert (row.used, [n.person.username for n in row.guests.all()]) == (1, ["dora"])

    def test_an_invitation_ends_with_its_time(self):
        rules(mode="invitation")
        row = Invitation.objects.create(expires_at=timezone.now() + timedelta(days=1))
        with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
            assert "not good" in join(invitation=row.code).content.decode()
        assert not User.objects.exists()

    def test_the_last_use_is_taken_once_however_many_looked(self):
        row = Invitation.objects.create(uses=1)
        services.check_invitation(code=row.code, now=timezone.now())
        services.check_invitation(code=row.code, now=timezone.now())
        services.use_invitation(code=row.code, now=timezone.now())
        with pytest.raises(Invalid):
            services.use_invitation(code=row.code, now=timezone.now())

    def test_who_comes_too_late_gets_a_sentence_and_no_account(self, monkeypatch):
        rules(mode="invitation")
        row = Invitation.objects.create(uses=1)
        monkeypatch.setattr(services, "check_invitation", lambda **_: None)
        Invitation.objects.filter(pk=row.pk).update(used=1)
        answer = join(invitation=row.code)
        assert (answer.status_code, User.objects.count()) == (400, 0)

    def test_a_refused_form_uses_no_invitation(self):
        rules(mode="invitation")
        row = Invitation.objects.create()
        join(invitation=row.code, password1="1")
        row.refresh_from_db()
        assert row.used == 0

    def test_who_waits_cannot_log_in_until_staff_lets_them(self, work_off, make_person):
        rules(mode="approval")
        assert "Staff takes a look" in join(words="I throw pots").content.decode()
        assert Newcomer.objects.get().words == "I throw pots"
        client = Client()
        log_in = {"login": "dora", "password": FORM["password1"]}
        assert "Staff takes a look" in client.post("/account/login/", log_in).content.decode()
        services.decide(
            newcomer_id=Newcomer.objects.get().pk, accept=True, by=keeper(make_person),
            now=timezone.now(),
        )  # fmt: skip
        mail.outbox.clear()
        work_off()
        assert "is open" in mail.outbox[0].body
        client.post("/account/login/", log_in)
        assert client.get("/settings/").status_code == 200

    def test_who_is_refused_stays_out_and_is_told(self, work_off, make_person):
        rules(mode="approval")
        join(words="Buy pills")
        by, row = keeper(make_person), Newcomer.objects.get()
        services.decide(newcomer_id=row.pk, accept=False, by=by, now=timezone.now())
        with pytest.raises(Conflict):
            services.decide(newcomer_id=row.pk, accept=True, by=by, now=timezone.now())
        mail.outbox.clear()
        work_off()
        assert "decided against" in mail.outbox[0].body
        log_in = {"login": "dora", "password": FORM["password1"]}
        assert "not taken in" in Client().post("/account/login/", log_in).content.decode()

    def test_only_who_may_answers_newcomers(self, make_person):
        rules(mode="approval")
        join(words="Hello")
        with pytest.raises(NotAllowed):
            services.decide(
                newcomer_id=Newcomer.objects.get().pk, accept=True, by=make_person("nobody2"),
                now=timezone.now(),
            )  # fmt: skip

    def test_address_rules_hold_for_joining_and_for_changing(self, alice):
        rules(allowed_domains="example.org\nother.net", blocked_domains="bad.example.org")
        refused = join(email="dora@elsewhere.com")
        assert "of this domain" in refused.content.decode()
        assert "of this domain" in join(email="d@bad.example.org").content.decode()
        assert not User.objects.filter(username="dora").exists()
        client = Client()
        client.force_login(alice, "accounts.backends.PersonBackend")
        body = {"email": "alice@elsewhere.com"}
        assert "of this domain" in client.post("/account/email/ask/", body).content.decode()
        assert join().headers["Location"] == "/welcome/"


def keeper(make_person):
    person = make_person("keeper")
    person.user_permissions.add(Permission.objects.get(codename="change_newcomer"))
    return User.objects.get(pk=person.pk)


def solve(challenge, bits=8):
    return next(str(n) for n in range(10**6) if zero_bits(f"{challenge}:{n}") >= bits)


@pytest.mark.django_db
class TestProofOfWork:
    @pytest.fixture(autouse=True)
    def easy(self, settings):
        settings.ENTRY_PROOF_BITS = 8

    def test_a_solved_challenge_lets_in_once(self):
        rules(challenged=True)
        client = Client()
        challenge = client.get("/account/signup/").context["form"].asked()
        proof = {"challenge": challenge, "answer": solve(challenge)}
        assert join(client, **proof).headers["Location"] == "/welcome/"
        other = {"username": "eve", "email": "eve@example.org"}
        assert "We sent you a link" in join(**other, **proof).content.decode()
        assert User.objects.get(username="eve").is_active is False

    @pytest.mark.parametrize("answer", ["", "-1", "x", "٣", "9" * 30, "\x00", "1e9"])
    def test_an_odd_answer_is_none(self, answer):
        work = ProofOfWork()
        assert work.is_met(work.ask(), answer) is False

    @pytest.mark.parametrize("challenge", ["", "x", "W10:a:b", "\x00", "a" * 1_000])
    def test_a_forged_challenge_is_none(self, challenge):
        assert ProofOfWork().is_met(challenge, "1") is False

    def test_a_challenge_ends_with_its_hour(self):
        challenge = ProofOfWork().ask()
        answer = solve(challenge)
        with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
            assert ProofOfWork().is_met(challenge, answer) is False

    def test_without_scripts_the_address_is_confirmed_first(self):
        rules(challenged=True)
        assert "We sent you a link" in join().content.decode()
        person = User.objects.get(username="dora")
        assert (person.is_active, person.newcomer.state) == (False, "unconfirmed")
        jobs.work_off("default")
        [sent] = mail.outbox
        path = next(w for w in sent.body.split() if "/confirm-email/" in w).partition("testserver")[
            2
        ]
        Client().post(path)
        person.refresh_from_db()
        assert person.is_active
        client = Client()
        client.post("/account/login/", {"login": "dora", "password": FORM["password1"]})
        assert client.get("/settings/").status_code == 200

    def test_a_confirmed_address_still_waits_where_staff_looks(self):
        rules(challenged=True, mode="approval")
        join(words="Hello")
        person = User.objects.get(username="dora")
        assert services.confirm(person=person, now=timezone.now()) is True
        assert services.confirm(person=person, now=timezone.now()) is False
        person.refresh_from_db()
        assert (person.is_active, person.newcomer.state) == (False, "waiting")


@pytest.mark.django_db
class TestNetworks:
    def block(self, **fields):
        fields.setdefault("until", timezone.now() + timedelta(days=1))
        return NetworkBlock.objects.create(network="203.0.113.9/24", **fields)

    def test_nobody_joins_from_a_blocked_network_but_all_may_read(self):
        assert self.block().network == "203.0.113.0/24"
        assert join().status_code == 403
        assert not User.objects.exists()
        assert Client(REMOTE_ADDR="203.0.113.77").get("/account/login/").status_code == 200
        assert join(Client(REMOTE_ADDR="198.51.100.1")).headers["Location"] == "/welcome/"

    def test_nothing_is_answered_where_all_is_blocked_but_the_health(self):
        self.block(scope="all")
        client = Client(REMOTE_ADDR="203.0.113.77")
        assert client.get("/account/login/").status_code == 403
        assert client.get("/api/v1/me/").status_code == 403
        assert client.get("/healthz").status_code != 403
        assert Client(REMOTE_ADDR="198.51.100.1").get("/account/login/").status_code == 200

    def test_a_block_ends_by_itself(self):
        self.block(until=timezone.now() - timedelta(seconds=1), scope="all")
        assert join().headers["Location"] == "/welcome/"

    def test_a_header_dodges_no_block(self):
        self.block()
        client = Client(REMOTE_ADDR="203.0.113.9", headers={"x-forwarded-for": "198.51.100.1"})
        assert join(client).status_code == 403

    def test_staff_does_not_lock_itself_out(self, make_person):
        chief = make_person("chief")
        User.objects.filter(pk=chief.pk).update(is_staff=True, is_superuser=True)
        client = Client(REMOTE_ADDR="203.0.113.5")
        client.force_login(User.objects.get(pk=chief.pk), "accounts.backends.PersonBackend")
        until = timezone.now() + timedelta(days=1)
        client.post(
            "/admin/entry/networkblock/add/",
            {
                "network": "203.0.113.0/24", "scope": "all", "reason": "robots",
                "until": f"{until:%Y-%m-%dT%H:%M}",
            },
        )  # fmt: skip
        row = NetworkBlock.objects.get()
        assert (row.scope, row.made_by_id) == ("joining", chief.pk)
        assert client.get("/admin/").status_code == 200
