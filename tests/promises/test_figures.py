"""Whether promises are kept, counted from rows, and shown to who may look."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.wallet import services as wallet
from community.services.reactions import like_note
from feeds.boosts.models import Boost
from feeds.models import NoteHour, PoolEntry
from feeds.pool_keeper import advance
from feeds.promises import Promises, measure, promises
from feeds.views.metrics import NAMES


def test_an_empty_community_says_nothing_rather_than_zero(db):
    found = measure(now=timezone.now())
    assert found.guarantee_kept is found.over_delivery is found.exposure_gini is None
    assert found.without_interaction is found.boosts_delivered is found.hot_age is None
    assert (found.running, found.ledger_sum) == (0, 0)


def test_kept_and_broken_promises(alice, make_note, work_off):
    notes = [make_note(alice, f"Note {n}") for n in range(4)]
    work_off()
    now = timezone.now() + timedelta(days=4)
    entries = PoolEntry.objects.filter(note__in=notes)
    entries.update(promised=100, delivered=100, due_at=now)
    entries.filter(note=notes[0]).update(delivered=104)
    entries.filter(note=notes[1]).update(delivered=40)
    entries.filter(note=notes[2]).update(due_at=now + timedelta(days=1), delivered=50)
    advance(now=now)
    found = measure(now=now)
    assert found.guarantee_kept == pytest.approx(2 / 3)
    assert found.over_delivery == pytest.approx(0.04)
    assert (found.running, found.budget_used) == (1, pytest.approx(0.5))


def test_reactions_and_how_long_they_took(alice, bob, make_note, work_off):
    liked, quiet = (make_note(alice, title, ago=timedelta(hours=30)) for title in ("A", "B"))
    make_note(alice, "Too young to say", ago=timedelta(hours=2))
    like_note(person=bob, note_id=liked.pk, now=timezone.now() - timedelta(hours=27))
    like_note(person=alice, note_id=quiet.pk)
    work_off()
    found = measure(now=timezone.now())
    assert found.hours_to_first_interaction == pytest.approx(3, abs=0.01)


def test_exposure(alice, make_note, work_off):
    notes = [make_note(alice, f"Note {n}") for n in range(2)]
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    for note, seen in zip(notes, (1, 3), strict=True):
        NoteHour.objects.create(note=note, hour=hour, impressions=seen)
    assert measure(now=timezone.now()).exposure_gini == pytest.approx(0.25)


def test_money(alice):
    now = timezone.now()
    wallet.top_up(person=alice, amount=900, key="a", source="staff", now=now)
    hold = wallet.hold(person=alice, amount=500, key="b", about="boost:1", now=now)
    wallet.earn(hold=hold, amount=200, key="c", now=now)
    wallet.release(hold=hold, key="d", amount=100, now=now)
    found = measure(now=now)
    assert (found.money_held, found.money_earned) == (200, 200)
    assert found.ledger_sum == 0


def test_boosts_that_ran_and_only_those_were_to_be_delivered(alice):
    now, hour = timezone.now(), timedelta(hours=1)

    def ended(state, ran, **figures):
        Boost.objects.create(
            buyer=alice, title="A note", state=state, impressions=100, starts_at=now - 5 * hour,
            ends_at=now - hour, created_at=now - 6 * hour, closed_at=now - hour,
            runs_from=now - 5 * hour if ran else None, audience={}, zone="UTC", **figures,
        )  # fmt: skip

    ended("stopped", False)  # never paid
    ended("refused", False, total=300, refunded=300)
    ended("finished", True, total=300, delivered=60, charged=180, refunded=120)
    found = measure(now=now)
    assert (found.boosts_delivered, found.money_refunded) == (0.6, 120)


def test_every_figure_has_a_name():
    assert NAMES.keys() == set(Promises.__slots__)


def test_only_for_the_token_and_for_staff(client, alice, admin_user, settings):
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    settings.METRICS_TOKEN = "a-long-secret"
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    answer = client.get("/metrics", headers={"Authorization": "Bearer a-long-secret"})
    assert answer.status_code == 200
    assert "rockpool_wallet_ledger_sum 0.0" in answer.content.decode()
    client.force_login(alice)
    assert client.get("/metrics").status_code == 404
    client.force_login(admin_user)
    assert client.get("/metrics").status_code == 200
    assert client.post("/metrics").status_code == 405


def test_it_is_remembered_for_a_moment(db, django_assert_num_queries):
    now = timezone.now()
    first = promises(now=now)
    with django_assert_num_queries(0):
        assert asdict(promises(now=now)) == asdict(first)


def test_on_the_first_page_of_the_desk(admin_client, client, make_person):
    assert "What was promised" in admin_client.get("/admin/").content.decode()
    helper = make_person("helper")
    helper.is_staff = True
    helper.save()
    client.force_login(helper)
    assert "What was promised" not in client.get("/admin/").content.decode()
