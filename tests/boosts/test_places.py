"""How many statements paid cards cost, how often one reader meets them, and channel pages."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Profile
from accounts.services import follow_user
from community.models import Channel, Tag
from feeds import serving
from feeds.boosts import services
from feeds.boosts.models import Boost
from feeds.boosts.rules import Audience
from feeds.boosts.slots import offers_for
from feeds.models import Interest
from feeds.policy import Policy
from feeds.remembered import Remembered
from feeds.taste import as_json, taste_of

pytestmark = pytest.mark.django_db
OLD = timedelta(days=9)


@pytest.fixture
def shore(make_person, make_note):
    return [make_note(make_person(f"w{n}"), f"A walk along the shore {n}") for n in range(8)]


@pytest.fixture
def buy(alice, bob, charlie, shore, make_note, bought):
    return lambda **facts: bought(note=make_note(alice, ago=OLD), **facts)


def offered(viewer):
    """Notes of the orders that this reader may be sent a card of."""
    now = timezone.now()
    taste = as_json(taste_of(viewer.pk, now=now, rules=Policy().interests))
    return [o.note_id for o in offers_for(viewer, taste=taste, exclude=(), count=9, now=now)]


def statements(viewer, **asked):
    serving.serve_discover(viewer=viewer, **asked)
    with CaptureQueriesContext(connection) as captured:
        page = serving.serve_discover(viewer=viewer, **asked)
    return page, [query["sql"] for query in captured.captured_queries]


def test_paid_cards_cost_two_statements_and_none_while_nothing_runs(alice, charlie, buy):
    order = buy(approve=False)
    _page, before = statements(charlie)
    assert not any("boost" in sql for sql in before)
    Boost.objects.filter(pk=order.pk).update(state="running", runs_from=timezone.now() - OLD)
    Remembered.forget_everything()
    page, after = statements(charlie)
    assert any(item.paid for item in page.items)
    assert len(after) == len(before) + 2, "\n".join(after)


def test_one_reader_is_sent_so_many_a_day_and_no_more(alice, charlie, buy, reader, policy):
    policy(most_per_reader=2)
    now, paid = timezone.now() + timedelta(minutes=1), []
    for _ in range(4):
        order = buy()
        paid += reader(charlie, now=now, only=[order.note_id]).paid
    assert len(paid) == 2
    tomorrow = now + timedelta(days=1, minutes=1)
    assert len(reader(charlie, now=tomorrow, only=[order.note_id]).paid) == 1


def test_a_long_reading_meets_one_paid_card_in_nine_each_once(
    alice, charlie, make_person, make_note, buy
):
    for n in range(40):
        make_note(make_person(f"more{n}"), f"A stone on the shore {n}")
    orders = [buy() for _ in range(6)]
    cursor, cards = None, []
    while True:
        page = serving.serve_discover(viewer=charlie, cursor=cursor)
        assert not any(card.paid for card in page.items[:1])
        cards += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    paid = [place for place, card in enumerate(cards) if card.paid]
    assert len(paid) >= 4
    assert all(later - earlier >= 9 for earlier, later in pairwise(paid))
    ids = [card.note_id for card in cards]
    assert len(ids) == len(set(ids))
    assert {cards[place].note_id for place in paid} <= {order.note_id for order in orders}


def test_a_channels_page_carries_only_boosts_of_its_own_notes(alice, charlie, channel, buy):
    order = buy()
    page = serving.serve_discover(viewer=charlie, channel=channel)
    assert [item.note_id for item in page.items if item.paid] == [order.note_id]
    other = Channel.objects.exclude(pk__in=[channel.pk, channel.root_id]).first()
    page = serving.serve_discover(viewer=charlie, channel=other)
    assert not any(item.paid for item in page.items)


def test_a_note_that_the_reader_meets_by_itself_is_not_paid_for(alice, bob, charlie, buy):
    order = buy()
    assert order.state == "running"
    follow_user(follower=charlie, followed=alice)
    for _ in range(3):  # fresh notes of somebody followed lead the list
        page = serving.serve_discover(viewer=charlie)
    ids = [item.note_id for item in page.items]
    place = ids.index(order.note_id)
    assert page.items[place].paid is (place == 5)


@pytest.mark.parametrize(
    ("audience", "who"),
    [
        (Audience(followers="only"), {"bob"}),
        (Audience(followers="not"), {"charlie", "dora"}),
        (Audience(city="Hangzhou"), {"dora"}),
        ("tag", {"charlie"}),
        ("channel", {"charlie"}),
    ],
)
def test_only_the_audience_is_sent_the_card(
    alice, bob, charlie, make_person, channel, buy, audience, who
):
    dora = make_person("dora", city="hangzhou")
    eve = make_person("eve", city="Hangzhou", personalised=False)
    kind = Interest.Kind
    tag = Tag.objects.get(key="glaze").pk
    for what, target in ((kind.TAG, tag), (kind.CHANNEL, channel.pk)):
        Interest.objects.create(
            person=charlie, kind=what, target=target, weight=5, as_of=timezone.now(), because="like"
        )
    if audience == "tag":
        audience = Audience(tags=frozenset({tag}))
    elif audience == "channel":
        audience = Audience(channels=frozenset({channel.root_id}))
    order = buy(audience=audience)
    Remembered.forget_everything()
    people = (bob, charlie, dora, eve)
    met = {p.username for p in people if offered(p) == [order.note_id]}
    assert met == who
    assert Profile.objects.get(person=eve).personalised is False


def test_the_estimate_counts_those_who_can_be_sent_the_card(alice, bob, charlie, buy, wanted):
    from feeds.boosts.audiences import estimate

    order, now = buy(), timezone.now()
    facts = {"starts_at": now, "ends_at": now + timedelta(days=5), "now": now}
    everybody = estimate(order.note, Audience(), impressions=500, daily_cap=None, **facts)
    only = estimate(
        order.note, Audience(followers="only"), impressions=500, daily_cap=None, **facts
    )
    assert (only.reachable, only.expected) == (1, 1)
    assert everybody.reachable == 2 + 8 + 1  # readers, walkers, the keeper
    assert not everybody.is_enough
    capped = estimate(order.note, Audience(), impressions=8, daily_cap=1, **facts)
    assert capped.expected == 5
    services.stop(buyer=alice, boost_id=order.pk, now=now)
