"""Price, pacing, audience, places and moves as tables, and what holds for all of them."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.boosts.rules import (
    MOVES,
    OPEN,
    Audience,
    Reader,
    State,
    allowed_by,
    matched,
    places,
    price_of,
    room_for,
    sources_of,
    worth,
)

BEGINS = datetime(2026, 3, 1, tzinfo=UTC)
ENDS = BEGINS + timedelta(days=10)


@pytest.mark.parametrize(
    ("impressions", "per_thousand", "price"),
    [(0, 3_000, 0), (1, 3_000, 3), (1, 1, 1), (1_000, 1, 1), (1_001, 1, 2), (333, 2_999, 999),
     (10**9, 10**9, 10**15)],
)  # fmt: skip
def test_a_price_is_exact_and_a_unit_that_was_begun_is_charged(impressions, per_thousand, price):
    assert price_of(impressions, per_thousand) == price


@given(st.integers(1, 10**7), st.integers(1, 10**9), st.data())
def test_what_is_delivered_never_costs_more_than_the_order(ordered, per_thousand, data):
    delivered = data.draw(st.integers(0, ordered))
    assert price_of(delivered, per_thousand) <= price_of(ordered, per_thousand)
    exact = delivered * per_thousand / 1_000
    assert exact <= price_of(delivered, per_thousand) < exact + 1 + exact * 1e-9


@pytest.mark.parametrize(
    ("days", "allowed"),
    [(-1, 0), (0, 50), (1, 150), (5, 550), (9.5, 1_000), (9.9, 1_000), (10, 0), (11, 0)],
)
def test_delivery_is_never_ahead_of_the_elapsed_share_by_more_than_the_slack(days, allowed):
    now = BEGINS + timedelta(days=days)
    assert allowed_by(ordered=1_000, begins=BEGINS, ends=ENDS, now=now, slack=0.05) == allowed


@pytest.mark.parametrize(
    ("delivered", "flight", "cap", "today", "room"),
    [(0, 0, None, 0, 100), (60, 10, None, 0, 30), (100, 0, None, 0, 0), (120, 0, None, 0, 0),
     (0, 0, 20, 0, 20), (0, 5, 20, 12, 3), (0, 9, 20, 12, 0)],
)  # fmt: skip
def test_room_counts_what_is_on_its_way_and_the_day(delivered, flight, cap, today, room):
    assert room == room_for(
        allowed=100, delivered=delivered, in_flight=flight, cap=cap, delivered_today=today
    )


def test_the_order_further_behind_its_plan_goes_first_and_a_better_match_breaks_ties():
    assert worth(room=50, ordered=100, match=0) > worth(room=40, ordered=100_000, match=1)
    assert worth(room=50, ordered=100, match=0.6) > worth(room=50, ordered=100, match=0.5)


KNOWN = Reader(personal=True, tags={7}, channels={3}, city=" Hangzhou", follows=True)


@pytest.mark.parametrize(
    ("audience", "reader", "rule"),
    [
        (Audience(), Reader(), "all"),
        (Audience(), KNOWN, "all"),
        (Audience(tags=frozenset({7, 8})), KNOWN, "tag:7"),
        (Audience(tags=frozenset({8})), KNOWN, None),
        (Audience(tags=frozenset({8}), channels=frozenset({3})), KNOWN, "channel:3"),
        (Audience(city="hangzhou"), KNOWN, "city"),
        (Audience(city="Shanghai"), KNOWN, None),
        (Audience(city="Shanghai", tags=frozenset({7})), KNOWN, None),
        (Audience(followers="only"), KNOWN, "followers"),
        (Audience(followers="not"), KNOWN, None),
        (Audience(followers="not"), Reader(personal=True), "not_followers"),
        (Audience(followers="not", tags=frozenset({7})), KNOWN, None),
        # Personal recommendations are off: nothing of the reader may be asked.
        (Audience(tags=frozenset({7})), Reader(personal=False, tags={7}), None),
        (Audience(followers="not"), Reader(personal=False), None),
    ],
)
def test_who_is_in_an_audience(audience, reader, rule):
    assert matched(audience, reader) == rule


def test_an_audience_is_the_same_after_it_was_kept():
    audience = Audience(frozenset({3, 1}), frozenset({9}), "Hangzhou", "not")
    assert Audience.from_json(audience.to_json()) == audience


@given(st.lists(st.integers(1, 50), min_size=1, max_size=30), st.integers(9, 40))
def test_in_a_reading_of_any_pages_at_most_one_card_in_nine_is_paid(sizes, every):
    first, paid = 0, []
    for size in sizes:
        on_page = places(first=first, size=size, every=every)
        assert 0 not in on_page
        assert all(0 < place < size for place in on_page)
        paid += [first + place for place in on_page]
        first += size
    assert all(later - earlier >= 9 for earlier, later in pairwise(paid))
    assert len(paid) <= -(-first // every)


def test_the_moves_are_those_that_were_declared():
    assert set(MOVES) == set(State)
    closed = {state for state, targets in MOVES.items() if not targets}
    assert closed == {State.STOPPED, State.FINISHED, State.REFUSED, State.EXPIRED}
    assert sources_of(State.RUNNING) == [State.WAITING, State.PAUSED]
    assert sources_of(State.REFUSED) == [State.WAITING]
    # Every state that holds money can be left for one that gives it back.
    assert all(closed & MOVES[state] for state in OPEN)
