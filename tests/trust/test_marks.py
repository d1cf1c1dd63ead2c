"""Networks and devices: known by hashes of a week, noted at log-in and once a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.utils import timezone

from feeds.trust.marks import forget, network_of, note_marks
from feeds.trust.middleware import COOKIE, SALT
from feeds.trust.models import Mark, Salt

ADDRESS = "203.0.113.77"


def logs_in(client, name="alice"):
    return client.post(
        "/account/login/", {"login": name, "password": "tide-and-rock-9"}, REMOTE_ADDR=ADDRESS
    )


@pytest.mark.parametrize(
    ("address", "network"),
    [
        (ADDRESS, "203.0.113.0/24"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("unknown", ""),
        ("", ""),
        ("203.0.113.77, 10.0.0.1", ""),
        ("x" * 10_000, ""),
    ],
)
def test_an_address_is_cut_to_its_network(address, network):
    assert network_of(address) == network


@pytest.mark.django_db
def test_log_in_notes_the_network_and_a_device_and_neither_is_stored(alice):
    client = Client()
    assert logs_in(client).status_code == 302
    device = signing.Signer(salt=SALT).unsign(client.cookies[COOKIE].value).split(".")[0]
    cookie = client.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    marks = list(Mark.objects.order_by("kind").values_list("person_id", "kind", "mark"))
    assert [row[:2] for row in marks] == [(alice.pk, 1), (alice.pk, 2)]
    stored = " ".join(row[2] for row in marks) + Salt.objects.get().value
    for raw in (ADDRESS, "203.0.113", device):
        assert raw not in stored


@pytest.mark.django_db
def test_the_first_page_of_a_day_is_noted_and_the_others_cost_nothing(
    alice, django_assert_max_num_queries
):
    client = Client()
    start = timezone.now().replace(hour=9)
    start -= timedelta(days=start.weekday())  # within one week
    with time_machine.travel(start, tick=False):
        logs_in(client)
        before = Mark.objects.count()
        with django_assert_max_num_queries(40) as asked:
            client.get("/", REMOTE_ADDR="198.51.100.1")
        assert not [q for q in asked.captured_queries if "trust_" in q["sql"]]
        assert Mark.objects.count() == before
    with time_machine.travel(start + timedelta(days=1), tick=False):
        client.get("/", REMOTE_ADDR="198.51.100.1")
        assert Mark.objects.count() == before + 1  # another network, the same device
        client.get("/", REMOTE_ADDR="192.0.2.1")
        assert Mark.objects.count() == before + 1


@pytest.mark.django_db
def test_a_made_up_cookie_is_nobodys_device(alice):
    client = Client()
    client.cookies[COOKIE] = "somebody-elses.2020-01-01:forged"
    logs_in(client)
    mine = signing.Signer(salt=SALT).unsign(client.cookies[COOKIE].value)
    assert "somebody-elses" not in mine


@pytest.mark.django_db
def test_visitors_are_not_noted_and_get_no_cookie(db):
    client = Client()
    client.cookies[COOKIE] = signing.Signer(salt=SALT).sign("abc.2020-01-01")
    assert COOKIE not in client.get("/").cookies
    assert not Mark.objects.exists()


@pytest.mark.django_db
def test_two_people_on_one_network_have_one_mark_in_a_week_and_another_in_the_next(alice, bob):
    now = timezone.now()
    for person in (alice, bob):
        for _again in range(2):
            note_marks(person_id=person.pk, address=ADDRESS, device="", now=now)
    assert Mark.objects.count() == 2
    assert len(set(Mark.objects.values_list("mark", flat=True))) == 1
    note_marks(person_id=alice.pk, address=ADDRESS, device="", now=now + timedelta(days=7))
    assert len(set(Mark.objects.values_list("mark", flat=True))) == 2


@pytest.mark.django_db
def test_the_salt_goes_with_its_week_and_marks_after_four(alice):
    now = timezone.now()
    note_marks(person_id=alice.pk, address=ADDRESS, device="d", now=now)
    forget(now=now)
    assert (Salt.objects.count(), Mark.objects.count()) == (1, 2)
    forget(now=now + timedelta(days=7))
    assert (Salt.objects.count(), Mark.objects.count()) == (0, 2)
    forget(now=now + timedelta(days=36))
    assert not Mark.objects.exists()
