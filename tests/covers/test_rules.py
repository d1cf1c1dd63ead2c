"""Which of two covers is better: tables, and how often a rule errs that looks at every view."""

from __future__ import annotations

import random

import pytest

from community.covers import as_seen, sees_second
from feeds.covers.rules import Figures, Kept, State, Verdict, compare, judge
from feeds.policy import Covers, Policy, PolicyError

RULES = Covers()
RUNNING = Verdict(State.RUNNING)
CLOSE = Verdict(State.CLOSE, Kept.FIRST)


@pytest.mark.parametrize(
    ("first", "second", "over", "verdict"),
    [
        ((0, 0), (0, 0), False, RUNNING),
        ((0, 0), (0, 0), True, CLOSE),
        ((60, 6), (60, 9), False, RUNNING),
        ((60, 6), (60, 9), True, CLOSE),
        ((60, 4), (60, 30), False, Verdict(State.DECIDED, Kept.SECOND)),
        ((60, 30), (60, 4), False, Verdict(State.DECIDED, Kept.FIRST)),
        # However clear, a few views are no judgement, at the end neither.
        ((29, 0), (60, 60), False, RUNNING),
        ((29, 0), (60, 60), True, CLOSE),
        ((30, 0), (60, 60), False, Verdict(State.DECIDED, Kept.SECOND)),
        # The end is no kinder than a look before it.
        ((100, 10), (100, 22), True, CLOSE),
    ],
)
def test_the_better_one_stays_when_it_is_certain(first, second, over, verdict):
    assert judge(Figures(*first), Figures(*second), over=over, rules=RULES) == verdict


def test_the_interval_holds_the_difference_and_turns_with_the_covers():
    one, other = Figures(80, 8), Figures(90, 27)
    found = compare(one, other, alpha=0.1)
    turned = compare(other, one, alpha=0.1)
    assert found.difference == pytest.approx(0.2)
    assert found.low < found.difference < found.high
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low))


def test_surer_is_wider_and_nothing_seen_is_no_interval():
    one, other = Figures(80, 8), Figures(90, 27)
    sure, surer = compare(one, other, alpha=0.2), compare(one, other, alpha=0.01)
    assert surer.low < sure.low < sure.high < surer.high
    assert compare(Figures(0, 0), other, alpha=0.1) is None


def test_rates_of_nought_and_one_have_a_spread():
    found = compare(Figures(30, 0), Figures(30, 0), alpha=0.1)
    assert found.low < 0 < found.high


def decided(chance: random.Random, rates: tuple[float, float], views: int) -> Verdict:
    """The verdict of a pool of so many views, looked at after every one of them."""
    seen, opens = [0, 0], [0, 0]
    for _view in range(views):
        cover = chance.random() < 0.5
        seen[cover] += 1
        opens[cover] += chance.random() < rates[cover]
        first, second = (Figures(s, o) for s, o in zip(seen, opens, strict=True))
        verdict = judge(first, second, over=False, rules=RULES)
        if verdict.state != State.RUNNING:
            return verdict
    return judge(first, second, over=True, rules=RULES)


def share(rates, state, kept=None, *, runs=400):
    chance = random.Random(7)
    found = [decided(chance, rates, 200) for _run in range(runs)]
    return sum(v.state == state and kept in (None, v.kept) for v in found) / runs


@pytest.mark.parametrize("rate", [0.02, 0.1, 0.3])
def test_equal_covers_are_rarely_called_different_though_every_view_is_looked_at(rate):
    assert share((rate, rate), State.DECIDED) <= RULES.alpha


def test_a_much_better_second_cover_is_nearly_always_found():
    assert share((0.1, 0.4), State.DECIDED, Kept.SECOND) >= 0.9
    assert share((0.1, 0.4), State.DECIDED, Kept.FIRST) == 0


# ---------------------------------------------------------------- who sees which
def test_people_fall_into_halves_anew_for_every_note():
    halves = [
        {person for person in range(1, 2001) if sees_second(note_id=note, viewer_id=person)}
        for note in (1, 2)
    ]
    assert all(900 < len(half) < 1100 for half in halves)
    assert 400 < len(halves[0] & halves[1]) < 600


def test_the_author_and_visitors_see_the_first():
    pictures = [("a", ""), ("b", "shown"), ("c", "")]
    who = {"role": lambda p: p[1], "note_id": 5}
    reader = next(p for p in range(1, 99) if sees_second(note_id=5, viewer_id=p))
    assert as_seen(pictures, **who, author_id=9999, viewer_id=reader)[0] == ("b", "shown")
    assert as_seen(pictures, **who, author_id=reader, viewer_id=reader) == pictures
    assert as_seen(pictures, **who, author_id=9999, viewer_id=None) == pictures


def test_a_cover_that_is_only_chosen_is_shown_to_nobody():
    pictures = [("a", ""), ("b", "chosen")]
    for person in range(1, 30):
        assert as_seen(
            pictures, role=lambda p: p[1], note_id=5, author_id=0, viewer_id=person
        ) == pictures  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [("test", "maybe"), ("least_impressions", 9), ("least_impressions", 10_001), ("alpha", 0),
     ("alpha", 0.6)],
)  # fmt: skip
def test_settings_out_of_bounds_are_refused_by_name(name, value):
    with pytest.raises(PolicyError, match=f"covers.{name}"):
        Policy.from_dict({"covers": {name: value}})
