"""The ladder's rules as tables, without a database."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.policy import Pools, Tier
from feeds.pools import Move, PoolStats, Reason, judge, promise, usual_rate, wilson_lower

RULES = Pools()
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("quality", "reachable", "promised"),
    [
        (0, 10_000, 100),
        (0.5, 10_000, 150),
        (1, 10_000, 200),
        (7, 10_000, 200),
        (1, 24, 24),
        (1, 0, 1),
    ],
)
def test_the_first_promise_depends_on_quality_and_on_how_many_there_are(
    quality, reachable, promised
):
    assert promise(RULES.ladder[0], quality=quality, reachable=reachable) == promised


@pytest.mark.parametrize(
    ("tier", "stats", "age", "move", "reason"),
    [
        (0, PoolStats(100, 40, 9), 2 * HOUR, Move.WAIT, Reason.ADMITTED),
        (0, PoolStats(100, 40, 9), 25 * HOUR, Move.EXTEND, Reason.MAKE_GOOD),
        (0, PoolStats(100, 15, 9), 80 * HOUR, Move.SETTLE, Reason.FEW_READERS),
        (0, PoolStats(100, 100, 30), 2 * HOUR, Move.PROMOTE, Reason.PROMOTED),
        (0, PoolStats(100, 100, 1), 2 * HOUR, Move.SETTLE, Reason.BELOW_GATE),
        (0, PoolStats(12, 12, 12), 2 * HOUR, Move.PROMOTE, Reason.PROMOTED),
        (3, PoolStats(10_000, 10_000, 3_000), 2 * HOUR, Move.FINISH, Reason.THROUGH),
        (9, PoolStats(10_000, 10_000, 3_000), 2 * HOUR, Move.FINISH, Reason.THROUGH),
    ],
)
def test_verdicts(tier, stats, age, move, reason):
    verdict = judge(tier, stats, age, RULES.prior_rate, RULES)
    assert (verdict.move, verdict.reason) == (move, reason)


def test_the_arithmetic_behind_a_verdict_can_be_followed():
    figures = judge(0, PoolStats(100, 100, 30), HOUR, 0.04, RULES).figures
    assert figures["rate"] == 0.3
    assert figures["gate"] == pytest.approx(0.044)
    assert figures["lower_bound"] == pytest.approx(0.2449, abs=1e-4)  # Wilson, z = 1.28


@given(st.floats(0, 5), st.integers(0, 10_000), st.floats(0, 5))
def test_the_lower_bound_stays_below_the_rate_and_within_0_and_1(rate, count, z):
    assert 0 <= wilson_lower(rate, count, z) <= min(1, rate) + 1e-9


@given(st.floats(0.01, 0.99), st.integers(1, 5_000))
def test_more_impressions_of_the_same_rate_make_surer(rate, count):
    assert wilson_lower(rate, count * 2, 1.28) >= wilson_lower(rate, count, 1.28)


def test_a_channel_without_records_uses_the_prior_and_one_with_many_its_median():
    assert usual_rate([], RULES) == RULES.prior_rate
    assert usual_rate([0.2] * 1_000, RULES) == pytest.approx(0.2, rel=0.01)
    assert RULES.prior_rate < usual_rate([0.2], RULES) < 0.2


@given(
    st.integers(0, 5),
    st.builds(PoolStats, st.integers(1, 10_000), st.integers(0, 20_000), st.floats(0, 1e5)),
    st.integers(0, 200),
    st.floats(0.001, 0.9),
)
def test_a_kept_promise_is_always_judged_and_never_waits(tier, stats, hours, usual):
    verdict = judge(tier, stats, hours * HOUR, usual, RULES)
    if stats.delivered >= stats.promised:
        assert verdict.move in (Move.PROMOTE, Move.FINISH, Move.SETTLE)


def test_a_ladder_of_one_rung_ends_at_once():
    rules = Pools(ladder=(Tier("P0", base=10),))
    assert judge(0, PoolStats(10, 10, 10), HOUR, 0.01, rules).move == Move.FINISH
