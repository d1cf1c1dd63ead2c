"""What buyers and reviewers may do, and where the money is after each of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from accounts.wallet import services as wallet
from feeds.boosts import keeper as clock
from feeds.boosts import services
from feeds.boosts.models import Boost
from feeds.boosts.rules import Audience, State

pytestmark = pytest.mark.django_db
RICH = 1_000_000


@pytest.fixture(autouse=True)
def readers(bob, charlie):
    """Somebody who can be reached."""


def test_paying_holds_the_price_and_approving_lets_it_run(alice, keeper, bought):
    order = bought(impressions=1_234)
    assert order.state == State.RUNNING
    assert order.total == 3_702  # 1,234 at 30.00 a thousand
    assert wallet.balance_of(alice) == RICH - 3_702
    assert [step.state for step in order.steps.all()] == ["draft", "waiting", "running"]


def test_refusing_gives_all_back_and_needs_a_reason(alice, keeper, bought):
    order = bought(approve=False)
    with pytest.raises(Invalid):
        services.refuse(boost_id=order.pk, by=keeper, reason=" ", now=timezone.now())
    services.refuse(boost_id=order.pk, by=keeper, reason="a brand's logo", now=timezone.now())
    assert wallet.balance_of(alice) == RICH
    order.refresh_from_db()
    assert (order.state, order.refunded, order.charged) == (State.REFUSED, order.total, 0)
    assert order.steps.last().remark == "a brand's logo"


def test_only_reviewers_review(alice, bob, bought):
    order = bought(approve=False)
    for act in (
        lambda: services.approve(boost_id=order.pk, by=bob, now=timezone.now()),
        lambda: services.refuse(boost_id=order.pk, by=alice, reason="x", now=timezone.now()),
        lambda: services.stop_by_staff(boost_id=order.pk, by=bob, reason="x", now=timezone.now()),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_stopping_twice_gives_back_once(alice, bought):
    order = bought()
    for _ in range(2):
        services.stop(buyer=alice, boost_id=order.pk, now=timezone.now())
    assert wallet.balance_of(alice) == RICH
    assert order.steps.filter(state=State.STOPPED).count() == 1


def test_paying_twice_holds_once(alice, bought):
    order = bought(approve=False)
    services.pay(buyer=alice, boost_id=order.pk, seen_total=order.total, now=timezone.now())
    assert wallet.balance_of(alice) == RICH - order.total


def test_a_buyer_pauses_and_goes_on_but_lets_nothing_in(alice, bought):
    order = bought(approve=False)
    now = timezone.now()
    with pytest.raises(Conflict):
        services.resume(buyer=alice, boost_id=order.pk, now=now)
    order = bought(note=None) if False else order
    with pytest.raises(Conflict):
        services.pause(buyer=alice, boost_id=order.pk, now=now)


def test_pause_and_resume(alice, bought):
    order, now = bought(), timezone.now()
    assert services.pause(buyer=alice, boost_id=order.pk, now=now).state == State.PAUSED
    assert services.resume(buyer=alice, boost_id=order.pk, now=now).state == State.RUNNING


def test_nobody_touches_the_order_of_another(bob, bought):
    order = bought()
    for act in (services.pause, services.resume, services.stop):
        with pytest.raises(NotFound):
            act(buyer=bob, boost_id=order.pk, now=timezone.now())


def test_without_money_nothing_is_held(alice, make_note, work_off, wanted):
    note = make_note(alice)
    work_off()
    order = services.save_order(buyer=alice, note_id=note.pk, wanted=wanted(), now=timezone.now())
    with pytest.raises(DomainError):
        services.pay(buyer=alice, boost_id=order.pk, seen_total=None, now=timezone.now())
    order.refresh_from_db()
    assert (order.state, order.total, order.hold) == (State.DRAFT, 0, None)


def test_another_price_than_the_one_seen_is_not_paid(alice, make_note, work_off, wanted, rich):
    note = make_note(alice)
    work_off()
    rich(alice)
    order = services.save_order(buyer=alice, note_id=note.pk, wanted=wanted(), now=timezone.now())
    with pytest.raises(services.PriceMoved):
        services.pay(buyer=alice, boost_id=order.pk, seen_total=1, now=timezone.now())
    assert wallet.balance_of(alice) == RICH


def test_a_note_is_boosted_by_one_order_at_a_time(alice, bought, wanted):
    order, now = bought(), timezone.now()
    other = services.save_order(buyer=alice, note_id=order.note_id, wanted=wanted(), now=now)
    with pytest.raises(services.BoostedAlready):
        services.pay(buyer=alice, boost_id=other.pk, seen_total=None, now=now)
    assert wallet.balance_of(alice) == RICH - order.total


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"impressions": -5}, "impressions"),
        ({"impressions": 0}, "impressions"),
        ({"impressions": 2**63}, "impressions"),
        ({"daily_cap": 0}, "daily_cap"),
        ({"daily_cap": -1}, "daily_cap"),
        ({"starts_at": 3 * HOUR, "ends_at": 2 * HOUR}, "ends_at"),
        ({"ends_at": timedelta(minutes=5)}, "ends_at"),
        ({"ends_at": timedelta(days=400)}, "ends_at"),
        ({"starts_at": timedelta(days=-2)}, "starts_at"),
        ({"starts_at": timedelta(days=100), "ends_at": timedelta(days=101)}, "starts_at"),
        ({"audience": Audience(channels=frozenset({99_999}))}, "channels"),
        ({"audience": Audience(tags=frozenset({99_999}))}, "tags"),
        ({"audience": Audience(city="Atlantis")}, "audience"),
        ({"audience": Audience(followers="some")}, "followers"),
    ],
)
def test_what_cannot_be_ordered_is_said_and_nothing_is_spent(
    alice, make_note, work_off, wanted, rich, change, field
):
    note, now = make_note(alice), timezone.now()
    work_off()
    rich(alice)
    change = {k: now + v if isinstance(v, timedelta) else v for k, v in change.items()}
    with pytest.raises(Invalid) as refused:
        services.save_order(buyer=alice, note_id=note.pk, wanted=wanted(**change), now=now)
    assert refused.value.field == field
    assert not Boost.objects.exists()
    assert wallet.balance_of(alice) == RICH


def test_a_strangers_note_cannot_be_boosted(alice, bob, make_note, work_off, wanted):
    note = make_note(alice)
    work_off()
    with pytest.raises(NotAllowed):
        services.save_order(buyer=bob, note_id=note.pk, wanted=wanted(), now=timezone.now())


@pytest.mark.parametrize("visibility", ["followers", "private"])
def test_only_a_public_note_can_be_boosted(alice, make_note, work_off, wanted, visibility):
    note = make_note(alice, visibility=visibility)
    work_off()
    with pytest.raises(Invalid) as refused:
        services.save_order(buyer=alice, note_id=note.pk, wanted=wanted(), now=timezone.now())
    assert refused.value.kind == "not_public"


def test_an_order_nobody_reviewed_expires_with_all_its_money(alice, bought):
    order = bought(approve=False)
    later = order.ends_at + timedelta(minutes=1)
    assert clock.advance(now=later) == 1
    assert clock.advance(now=later) == 0
    order.refresh_from_db()
    assert (order.state, order.refunded) == (State.EXPIRED, order.total)
    assert wallet.balance_of(alice) == RICH
