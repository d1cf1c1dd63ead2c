"""Boosts for programs."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from accounts.wallet import services as wallet
from feeds.boosts.models import Boost

pytestmark = pytest.mark.django_db


def program_of(person):
    _row, secret = AuthToken.objects.create(person)
    return Client(headers={"Authorization": f"Token {secret}"})


@pytest.fixture
def api(alice, bob, make_note, work_off, rich):
    note = make_note(alice)
    work_off()
    rich(alice)
    program = program_of(alice)

    def order(key=None, **change):
        ends = (timezone.now() + timedelta(days=3)).isoformat()
        body = {"note": note.pk, "impressions": 500, "ends_at": ends} | change
        headers = {"Idempotency-Key": key} if key else {}
        return program.post("/api/v1/boosts/", body, "application/json", headers=headers)

    order.program = program
    return order


def test_order_watch_pause_go_on_stop_and_report(alice, api):
    made = api(audience={"followers": "only"}, daily_cap=100)
    assert made.status_code == 201, made.json()
    row = made.json()
    assert (row["state"], row["total"], row["audience"]["followers"]) == ("waiting", 1_500, "only")
    Boost.objects.update(state="running", runs_from=timezone.now())
    base = f"/api/v1/boosts/{row['id']}/"
    assert api.program.post(f"{base}pause/").json()["state"] == "paused"
    assert api.program.post(f"{base}resume/").json()["state"] == "running"
    assert api.program.post(f"{base}stop/").json()["refunded"] == 1_500
    assert api.program.post(f"{base}stop/").status_code == 200
    assert api.program.post(f"{base}pause/").status_code == 409
    assert api.program.get(f"{base}report/").json()["impressions"] == 0
    assert [step["state"] for step in api.program.get(base).json()["steps"]][-1] == "stopped"
    assert len(api.program.get("/api/v1/boosts/").json()["results"]) == 1
    assert wallet.balance_of(alice) == 1_000_000


def test_the_same_key_orders_once_and_another_body_is_refused(alice, api):
    ends = (timezone.now() + timedelta(days=3)).isoformat()
    first, again = api("k1", ends_at=ends), api("k1", ends_at=ends)
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert api("k1", ends_at=ends, impressions=700).status_code == 409
    assert Boost.objects.count() == 1
    assert wallet.balance_of(alice) == 1_000_000 - 1_500


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"impressions": -1}, 400),
        ({"impressions": 2**70}, 400),
        ({"impressions": "500"}, 400),
        ({"ends_at": "2001-01-01T00:00:00Z"}, 400),
        ({"ends_at": "soon"}, 400),
        ({"audience": {"channels": ["nowhere"]}}, 400),
        ({"audience": {"tags": ["nowhere"]}}, 400),
        ({"audience": {"city": "Atlantis"}}, 400),
        ({"audience": {"age": 18}}, 400),
        ({"note": 999_999}, 404),
    ],
)
def test_bad_orders_are_refused_and_cost_nothing(alice, api, change, status):
    assert api(**change).status_code == status
    assert wallet.balance_of(alice) == 1_000_000
    assert not Boost.objects.exists()


def test_without_money_nothing_is_written_down(alice, api):
    assert api(impressions=1_000_000).status_code == 409
    assert not Boost.objects.exists()


def test_cards_of_the_feed_say_paid(alice, charlie, make_note, make_person, bought):
    note = make_note(alice, ago=timedelta(days=9))
    for n in range(8):
        make_note(make_person(f"w{n}"), f"A walk along the shore {n}")
    bought(note=note)
    cards = program_of(charlie).get("/api/v1/feeds/discover/").json()["results"]
    [paid] = [card for card in cards if card["paid"]]
    assert (paid["note"]["id"], paid["reason"]["code"], paid["source"]) == (
        note.pk,
        "boost",
        "boost",
    )
