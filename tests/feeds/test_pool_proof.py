"""Every verdict follows from what was logged with it, and what was changed afterwards is found."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import orjson
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import assume, given
from hypothesis import strategies as st

from feeds import pool_keeper
from feeds.models import PoolEntry, PoolTransition
from feeds.policies import forget, publish
from feeds.policy import Policy, Pools, Tier
from feeds.pool_proof import GATE, GROUNDS, Logged, grounds, prove
from feeds.pools import Move, PoolStats, judge, usual_rate

rates = st.floats(0, 3, allow_nan=False)
policies = st.builds(
    Pools,
    ladder=st.lists(
        st.builds(Tier, st.just("P"), base=st.integers(1, 500), hours=st.integers(1, 72)),
        min_size=1,
        max_size=5,
    ).map(tuple),
    wilson_z=st.floats(0, 4),
    gate_factor=st.floats(0, 3),
    prior_rate=st.floats(0, 1),
    prior_notes=st.integers(0, 50),
    least_impressions=st.integers(0, 60),
    make_good_hours=st.integers(0, 96),
)


@st.composite
def histories(draw):
    """A step as the tick writes it, through JSON as the database keeps it."""
    rules, tier = draw(policies), draw(st.integers(0, 4))
    records = draw(st.lists(rates, max_size=30))
    stats = PoolStats(draw(st.integers(1, 500)), draw(st.integers(0, 600)), draw(st.floats(0, 900)))
    age = draw(st.timedeltas(timedelta(0), timedelta(days=9)))
    verdict = judge(tier, stats, age, usual_rate(records, rules), rules)
    assume(verdict.move not in (Move.WAIT, Move.EXTEND))
    figures = verdict.figures | grounds(tier, records, rules, version=3)
    figures |= {"age_seconds": age.total_seconds()}
    promoted, finished = verdict.move == Move.PROMOTE, verdict.move == Move.FINISH
    return Logged(
        tier,
        tier + 1 if promoted else None,
        "running" if promoted else "hot" if finished else "settled",
        str(verdict.reason),
        orjson.loads(orjson.dumps(figures)),
        verdict.figures["rate"],
    )


def with_figures(step, **changed):
    figures = {**step.figures, **changed}
    return Logged(step.tier, step.to_tier, step.state, step.reason, figures, step.rate)


@given(histories())
def test_every_verdict_is_reached_again_from_its_figures(step):
    proof = prove(step)
    assert proof.holds
    assert proof.verdict.reason == step.reason


@given(histories(), st.sampled_from(GATE[3:]), st.floats(0.001, 10))
def test_a_figure_of_the_gate_changed_afterwards_is_found(step, name, more):
    assert name in prove(with_figures(step, **{name: step.figures[name] + more})).differs


@given(histories(), st.integers(1, 400))
def test_engagement_changed_afterwards_is_found(step, more):
    assume(step.figures["delivered"] > 0)
    changed = with_figures(step, engagement=step.figures["engagement"] + more)
    assert {"rate", "record"} <= set(prove(changed).differs)


@given(histories(), st.sampled_from(["promoted", "through", "below_gate", "few_readers"]))
def test_a_reason_changed_afterwards_is_found(step, reason):
    assume(reason != step.reason)
    changed = Logged(step.tier, step.to_tier, step.state, reason, step.figures, step.rate)
    assert prove(changed).differs == ("reason",)


@given(histories(), st.sampled_from(sorted(GROUNDS.union(GATE))))
def test_a_figure_taken_out_is_named(step, name):
    left = {key: value for key, value in step.figures.items() if key != name}
    proof = prove(Logged(step.tier, step.to_tier, step.state, step.reason, left, step.rate))
    assert proof.differs == (name,)


@pytest.mark.parametrize("nonsense", ["12", None, [1], float("nan")])
def test_what_is_no_number_is_no_proof(nonsense):
    rules = Pools()
    stats, age = PoolStats(100, 100, 30), timedelta(hours=2)
    figures = judge(0, stats, age, rules.prior_rate, rules).figures
    figures |= grounds(0, [], rules, version=0) | {"age_seconds": 7200.0}
    step = Logged(0, 1, "running", "promoted", figures, figures["rate"])
    assert prove(step).holds
    assert not prove(with_figures(step, delivered=nonsense)).holds


def test_a_promotion_that_led_elsewhere_is_found():
    rules = Pools()
    figures = judge(0, PoolStats(9, 9, 9), timedelta(hours=2), 0.04, rules).figures
    figures |= grounds(0, [], rules, version=0) | {"age_seconds": 7200.0}
    step = Logged(0, 2, "running", "promoted", figures, figures["rate"])
    assert prove(step).differs == ("outcome",)


# ---------------------------------------------------------------- as people run it
def explained(note):
    said, code = StringIO(), 0
    try:
        call_command("explain_pool", str(note.pk), stdout=said)
    except SystemExit as error:
        code = error.code
    return code, said.getvalue()


@pytest.fixture
def risen(make_note, bob, work_off):
    """A note that passed P0's gate, by a tick."""
    note = make_note(bob)
    work_off()
    PoolEntry.objects.filter(pk=note.pk).update(
        promised=100, delivered=100, engagement=30, due_at=timezone.now()
    )
    assert pool_keeper.advance(now=timezone.now()) >= 1
    return note


def test_the_command_prints_each_step_of_the_arithmetic(risen):
    code, said = explained(risen)
    assert code == 0, said
    for part in ("30 / 100 = 0.300000", "z = 1.28: 0.244", "0.040000 x 1.1 = 0.044000", "same"):
        assert part in said


def test_the_command_finds_a_log_that_was_changed(risen):
    step = PoolTransition.objects.get(note=risen.pk, reason="promoted")
    PoolTransition.objects.filter(pk=step.pk).update(figures=step.figures | {"gate": 0.01})
    code, said = explained(risen)
    assert (code, "DIFFERS in gate" in said) == (1, True)


def test_steps_of_older_versions_are_neither_proved_nor_blamed(risen):
    step = PoolTransition.objects.get(note=risen.pk, reason="promoted")
    old = {name: step.figures[name] for name in GATE}
    PoolTransition.objects.filter(pk=step.pk).update(figures=old)
    code, said = explained(risen)
    assert (code, "before its rules were kept" in said) == (0, True)


def test_another_policy_since_then_changes_no_proof(risen):
    other = Policy(pools=Pools(wilson_z=3, gate_factor=9, prior_rate=0.5))
    publish(values=other.to_dict(), by=None)
    forget()
    assert explained(risen)[0] == 0


def test_a_note_that_never_met_the_pools_is_said_so(db):
    with pytest.raises(CommandError, match="never met the pools"):
        call_command("explain_pool", "99")
