"""Paid cards: where they stand, who gets them, what is counted and charged."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.services import block_user, mute_user
from accounts.wallet import services as wallet
from community.moderation import services as staff
from community.services.reactions import like_note
from community.services.writing import delete_note
from feeds import events, less
from feeds.boosts import keeper as clock
from feeds.boosts import services
from feeds.boosts.models import BoostDelivery
from feeds.boosts.rules import State, allowed_by
from feeds.heat import engagement_since
from feeds.models import LiveNote, NoteHour, PoolDelivery, PoolEngagement, PoolEntry

pytestmark = pytest.mark.django_db
RICH = 1_000_000


@pytest.fixture
def many_notes(make_person, make_note):
    """Enough to fill pages, each by somebody else."""
    return [make_note(make_person(f"w{n}"), f"A walk along the shore {n}") for n in range(9)]


@pytest.fixture
def order(alice, make_note, many_notes, bought):
    """Of a note that is no longer new, so that no list brings it by itself to the top."""
    return bought(note=make_note(alice, ago=timedelta(days=9)))


def test_a_paid_card_is_marked_counted_and_charged(alice, bob, charlie, order, reader):
    read = reader(charlie)
    assert read.paid == [order.note_id]
    place = [item.paid for item in read.page.items].index(True)
    assert place == 5
    assert read.page.items[place].reason.code == "boost"
    order.refresh_from_db()
    assert order.delivered == 1
    clock.advance(now=timezone.now())
    clock.advance(now=timezone.now())
    order.refresh_from_db()
    assert order.charged == 3  # 3,000 a thousand
    services.stop(buyer=alice, boost_id=order.pk, now=timezone.now())
    assert wallet.balance_of(alice) == RICH - 3
    order.refresh_from_db()
    assert (order.state, order.refunded) == (State.STOPPED, order.total - 3)


# ---------------------------------------------------------------- who is sent one
def test_the_author_and_visitors_are_sent_none(alice, order, reader):
    from feeds import serving

    assert reader(alice).paid == []
    assert not any(item.paid for item in serving.serve_discover(viewer=None).items)


@pytest.mark.parametrize("away", ["blocks", "is blocked", "mutes", "wants less"])
def test_who_does_not_want_the_author_or_note_is_sent_none(alice, charlie, order, reader, away):
    if away == "blocks":
        block_user(blocker=charlie, blocked=alice)
    elif away == "is blocked":
        block_user(blocker=alice, blocked=charlie)
    elif away == "mutes":
        mute_user(muter=charlie, muted=alice)
    else:
        less.less_of(person=charlie, kind="note", target=order.note_id)
    read = reader(charlie)
    assert order.note_id not in [item.note_id for item in read.page.items]
    assert not BoostDelivery.objects.filter(person=charlie).exists()


def test_a_note_that_was_seen_is_not_sent_for_money(charlie, order, reader):
    assert reader(charlie).paid
    assert reader(charlie).paid == []
    order.refresh_from_db()
    assert order.delivered == 1


def test_a_hidden_note_is_sent_to_nobody_and_its_money_goes_back(
    alice, charlie, keeper, order, reader, work_off
):
    from django.contrib.auth.models import Permission

    keeper.user_permissions.add(Permission.objects.get(codename="add_decision"))
    keeper = type(keeper).objects.get(pk=keeper.pk)
    reader(charlie)
    staff.hide_note(moderator=keeper, note_id=order.note_id, reason="spam")
    work_off()
    order.refresh_from_db()
    assert (order.state, order.steps.last().reason) == (State.STOPPED, "note_hidden")
    assert wallet.balance_of(alice) == RICH - order.charged
    assert order.charged == 3


def test_deleting_the_note_or_suspending_its_author_ends_the_order(alice, order):
    delete_note(author=alice, note_id=order.note_id)
    assert clock.advance(now=timezone.now()) == 1
    order.refresh_from_db()
    assert (order.state, order.refunded) == (State.STOPPED, order.total)


def test_a_suspended_authors_order_ends(alice, order):
    type(alice).objects.filter(pk=alice.pk).update(is_active=False)
    clock.advance(now=timezone.now())
    order.refresh_from_db()
    assert order.steps.last().reason == "author_away"
    assert wallet.balance_of(alice) == RICH


def test_a_note_that_is_no_longer_recommended_ends_its_order(order):
    LiveNote.objects.filter(pk=order.note_id).update(recommended=False)
    clock.advance(now=timezone.now())
    order.refresh_from_db()
    assert order.steps.last().reason == "note_limited"


# ---------------------------------------------------------------- apart from everything else
def test_what_money_brings_counts_in_no_pool_and_no_popularity(alice, charlie, order, reader):
    PoolEntry.objects.filter(pk=order.note_id).delete()
    PoolEntry.objects.create(
        pk=order.note_id, author=alice, root_channel_id=1, state="running", tier=1, promised=500,
        started_at=timezone.now(), due_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    before = LiveNote.objects.get(pk=order.note_id).popularity
    reader(charlie)
    like_note(person=charlie, note_id=order.note_id)
    events.digest(now=timezone.now())
    entry = PoolEntry.objects.get(pk=order.note_id)
    assert (entry.delivered, entry.engagement) == (0, 0)
    assert not PoolDelivery.objects.filter(note=order.note_id).exists()
    assert not PoolEngagement.objects.filter(note=order.note_id).exists()
    assert not NoteHour.objects.filter(note=order.note_id).exists()
    assert LiveNote.objects.get(pk=order.note_id).popularity == before
    since = timezone.now() - timedelta(days=1)
    assert order.note_id not in engagement_since(since, now=timezone.now())


def test_a_like_of_somebody_else_still_counts(alice, bob, charlie, order, reader):
    reader(charlie)
    like_note(person=bob, note_id=order.note_id)
    events.digest(now=timezone.now())
    assert NoteHour.objects.get(note=order.note_id).likes == 1


# ---------------------------------------------------------------- limits
def test_nobody_pays_for_what_comes_after_the_last_impression(alice, make_person, order, reader):
    type(order).objects.filter(pk=order.pk).update(impressions=2)
    pages = [make_person(f"r{n}") for n in range(4)]
    from feeds import impressions, serving
    from feeds.qualification import SHORTEST_LOOK
    from feeds.remembered import Remembered

    now, sent = timezone.now(), []
    for person in pages:  # all are sent one before anybody saw it
        Remembered.forget_everything()
        BoostDelivery.objects.update(reserved_at=now - timedelta(hours=1))
        sent.append((person, serving.serve_discover(viewer=person, now=now)))
    assert sum(any(item.paid for item in page.items) for _p, page in sent) == 4
    for person, page in sent:
        batch = {"token": page.token, "seen": [{"note": order.note_id}]}
        impressions.intake(viewer=person, batch=batch, now=now + SHORTEST_LOOK)
    order.refresh_from_db()
    assert order.delivered == 2
    assert BoostDelivery.objects.filter(counted=True).count() == 2
    assert BoostDelivery.objects.filter(seen_at__isnull=False).count() == 4
    clock.advance(now=now)
    order.refresh_from_db()
    assert (order.state, order.charged) == (State.FINISHED, 6)


def test_what_is_on_its_way_is_not_sent_again(make_person, order):
    from feeds import serving
    from feeds.remembered import Remembered

    type(order).objects.filter(pk=order.pk).update(impressions=20)
    sent = 0
    for n in range(6):
        Remembered.forget_everything()
        page = serving.serve_discover(viewer=make_person(f"r{n}"))
        sent += any(item.paid for item in page.items)
    assert sent == 2  # 5% of 20 are allowed at once, begun ones too


def test_a_day_has_its_cap(make_person, order, reader):
    type(order).objects.filter(pk=order.pk).update(daily_cap=2)
    now = timezone.now()
    for n in range(4):
        reader(make_person(f"r{n}"), now=now)
    order.refresh_from_db()
    assert order.delivered == 2
    tomorrow = now + timedelta(days=1)
    for n in range(4):
        reader(make_person(f"t{n}"), now=tomorrow)
    order.refresh_from_db()
    assert (order.delivered, order.delivered_today) == (4, 2)


def test_delivery_keeps_to_its_line_and_reaches_its_end(make_person, order, reader):
    type(order).objects.filter(pk=order.pk).update(impressions=20)
    order.refresh_from_db()
    span, delivered = order.ends_at - order.runs_from, []
    for n in range(30):
        at = order.runs_from + span * n / 30 + timedelta(minutes=1)
        reader(make_person(f"r{n}"), now=at, only=[order.note_id])
        order.refresh_from_db()
        line = allowed_by(
            ordered=20, begins=order.runs_from, ends=order.ends_at, now=at, slack=0.05
        )
        assert order.delivered <= line
        delivered.append(order.delivered)
    assert abs(delivered[14] - 10) <= 1  # half of it by half of the time
    assert delivered[-1] == 20
