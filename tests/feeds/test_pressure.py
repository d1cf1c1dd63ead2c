"""More is written than read: what is owed, when it can be given, and who is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from feeds.models import Impression, NoteHour, PoolEntry
from feeds.pool_page import pool_page
from feeds.pressure import Pressure, places_ahead, pressure, pressure_before, share_of
from feeds.remembered import Remembered
from feeds.supply import learn_supply
from feeds.supply_rules import NOTHING_KNOWN, WEEK, forecast_of

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
HOUR = timedelta(hours=1)
# Ten an hour from six to midnight, nobody by night.
DAYS = forecast_of([0.0 if hour % 24 < 6 else 10.0 for hour in range(WEEK)], WEEK)


@pytest.mark.parametrize(
    ("start", "cards", "hours"),
    [(6, 0, 0), (6, 10, 1), (6, 11, 2), (23, 20, 8), (0, 180, 24), (0, 181, 31)],
)
def test_when_so_many_will_have_been_read(start, cards, hours):
    at = MONDAY + start * HOUR
    assert DAYS.when(at, cards) == at + hours * HOUR


def test_what_takes_longer_than_two_weeks_has_no_date():
    assert DAYS.when(MONDAY, 14 * 180) is not None
    assert DAYS.when(MONDAY, 15 * 180) is None
    assert NOTHING_KNOWN.when(MONDAY, 1) is None


@pytest.mark.parametrize(
    ("sights", "share"),
    [
        ([], 0),
        ([("discover", "tag"), ("hot", "hot")], 0.5),
        ([("discover", "boost"), ("discover", "pool0"), ("follow", "followed"), ("", "")], 0.25),
    ],
)
def test_the_share_of_reading_that_the_first_pool_could_have(sights, share):
    assert share_of(sights) == share


@pytest.fixture
def queue(alice, bob, make_note, work_off):
    """Three notes in P0, an hour apart, each promised 100; the first has 40 of them."""
    notes = [make_note(bob, f"Bowl {n}", ago=(3 - n) * HOUR) for n in range(3)]
    work_off()
    for note in notes:
        PoolEntry.objects.filter(pk=note.pk).update(promised=100, delivered=0)
    PoolEntry.objects.filter(pk=notes[0].pk).update(delivered=40)
    Remembered.forget_everything()
    return notes


def reads(note, person, *, cards, discover):
    """The last day: so many cards seen, evenly by hour; the shares of feeds from a few rows."""
    now = timezone.now()
    NoteHour.objects.create(note=note, hour=now - 2 * HOUR, impressions=cards)
    feeds = ["discover"] * discover + ["hot"] * (10 - discover)
    Impression.objects.bulk_create(
        Impression(person_id=9_000 + n, note=note, feed=feed, at=now)
        for n, feed in enumerate(feeds)
    )
    return now


def test_owed_is_what_running_notes_lack_and_places_are_discovers_slots(queue, charlie):
    now = reads(queue[0], charlie, cards=4_800, discover=5)
    whole = pressure(now=now)
    # Half of the reading is discover's, one card in ten is a slot.
    assert (whole.owed, whole.places) == (260, 240)
    assert whole.is_high
    assert whole.until == now + 26 * HOUR
    entries = [PoolEntry.objects.get(pk=note.pk) for note in queue]
    assert [pressure_before(entry, now=now).owed for entry in entries] == [60, 160, 260]


def test_a_kept_promise_owes_nothing(queue, charlie):
    now = reads(queue[0], charlie, cards=4_800, discover=5)
    PoolEntry.objects.update(delivered=104)
    assert pressure(now=now) == Pressure(owed=0, places=240, until=now)


def test_with_a_week_behind_us_the_hours_of_the_week_tell(queue, charlie):
    now = MONDAY
    for hour in range(WEEK):
        at = now - (hour + 1) * HOUR
        NoteHour.objects.create(note=queue[0], hour=at, impressions=at.hour * 10)
    learn_supply(now=now)
    Impression.objects.create(person_id=9_000, note=queue[0], feed="discover", at=now)
    Remembered.forget_everything()
    ahead = places_ahead(now)
    assert ahead.between(now, now + 24 * HOUR) == pytest.approx(sum(range(24)))


def test_the_author_whose_promise_will_be_late_is_told_and_nobody_else(queue, bob, client):
    reads(queue[0], bob, cards=1_200, discover=10)  # 120 places a day for 260 views
    now = timezone.now()
    first, last = (pool_page(note, now=now).pressure for note in (queue[0], queue[2]))
    assert first is None
    assert (last.owed, last.places) == (260, 120)
    client.force_login(bob)
    page = client.get(f"/notes/{queue[2].pk}/pool/").content.decode()
    assert "260 views are owed to your note and to those that came before it" in page
    assert "Your promise will probably be kept by" in page
    told = client.get(f"/api/v1/notes/{queue[2].pk}/pool/").json()["pressure"]
    assert (told["owed"], told["places"]) == (260, 120)
    assert client.get(f"/api/v1/notes/{queue[0].pk}/pool/").json()["pressure"] is None


def test_where_nobody_reads_nothing_is_compared(queue):
    assert pool_page(queue[2], now=timezone.now()).pressure is None


def test_the_desk_shows_the_hours_ahead(queue, charlie, admin_client, client, bob):
    reads(queue[0], charlie, cards=4_800, discover=5)
    address = reverse("admin:feeds_supplyhour_changelist")
    page = admin_client.get(address).content.decode()
    assert "260 views are owed to new notes; about 240 places" in page
    assert page.count('<th scope="row">') == 48
    assert "data:image/svg+xml" in page
    client.force_login(bob)
    assert client.get(address).status_code == 302
