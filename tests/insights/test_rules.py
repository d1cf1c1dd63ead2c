"""What figures say, as tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.insights.rules import (
    Advice,
    Group,
    TagVerdict,
    Totals,
    advise,
    best_hours,
    change,
    compare,
    interval,
    share,
    shown_groups,
    tag_verdict,
)
from feeds.policy import Insights

RULES = Insights()


@pytest.mark.parametrize(
    ("part", "whole", "expected"), [(1, 4, 0.25), (0, 4, 0.0), (9, 4, 1.0), (1, 0, None)]
)
def test_shares(part, whole, expected):
    assert share(part, whole) == expected


@pytest.mark.parametrize(("now", "before", "expected"), [(3, 2, 0.5), (0, 4, -1), (5, 0, None)])
def test_change(now, before, expected):
    assert change(now, before) == expected


@given(rate=st.floats(-1, 3), count=st.integers(-5, 10**6))
def test_an_interval_holds_its_rate(rate, count):
    low, high = interval(rate, count)
    assert 0 <= low <= high <= 1
    if count > 0:
        assert low - 1e-9 <= min(1.0, max(0.0, rate)) <= high + 1e-9


def group(value, seen, opened=0, score=0.0):
    return Group(value, seen, opened, score)


@pytest.mark.parametrize(
    ("sizes", "total", "shown", "hidden"),
    [
        ([50, 4], None, [50], 1),
        # The four could be worked out as the rest of 54: the next smallest goes with them.
        ([50, 20, 4], 74, [50], 2),
        # Two hidden groups of three and four are seven people together: nobody is named by a rest.
        ([50, 3, 4], 57, [50], 2),
        ([5, 5], 10, [5, 5], 0),
        ([4, 4], 8, [], 2),
        ([], 0, [], 0),
        # People without a group are a rest, too.
        ([50, 20], 73, [50], 1),
    ],
)
def test_small_groups_are_hidden_and_cannot_be_worked_out(sizes, total, shown, hidden):
    groups = [group(str(n), size) for n, size in enumerate(sizes)]
    found, count = shown_groups(groups, total=total, least=5)
    assert [each.seen for each in found] == shown
    assert count == hidden


@given(sizes=st.lists(st.integers(1, 40), max_size=8))
def test_what_is_hidden_of_a_whole_is_never_a_few(sizes):
    found, _count = shown_groups(
        [group(str(n), size) for n, size in enumerate(sizes)], total=sum(sizes), least=5
    )
    rest = sum(sizes) - sum(each.seen for each in found)
    assert not found or rest == 0 or rest >= 5


@pytest.mark.parametrize(
    ("seen", "score", "interested", "expected"),
    [
        (29, 0.0, 10, TagVerdict.FEW),
        (200, 0.0, 10, TagVerdict.MISSES),
        (200, 40.0, 10, TagVerdict.KEEP),
        # A little below the usual, which may be chance.
        (200, 18.0, 10, TagVerdict.KEEP),
        (200, 18.0, 600, TagVerdict.BROAD),
        (200, 40.0, 900, TagVerdict.KEEP),
    ],
)
def test_verdicts_on_tags(seen, score, interested, expected):
    verdict = tag_verdict(
        group("1", seen, score=score), interested=interested, readers=1_000, usual=0.1, rules=RULES
    )
    assert verdict == expected


@pytest.mark.parametrize(
    ("value", "others", "median", "above"),
    [
        (3.0, [1.0, 2.0, 4.0, 5.0], 3.0, 0.5),
        (9.0, [1.0, None, 2.0], 1.5, 1.0),
        (2.0, [2.0], 2, 0.5),
    ],
)
def test_a_figure_beside_others(value, others, median, above):
    found = compare("open_rate", value, others)
    assert (found.median, found.above) == (median, above)


@pytest.mark.parametrize(("value", "others"), [(None, [1.0]), (1.0, []), (1.0, [None])])
def test_nothing_to_compare(value, others):
    assert compare("open_rate", value, others) is None


@pytest.mark.parametrize(
    ("opens", "expected"),
    [
        ({20: 30, 21: 25, 8: 20, 3: 1}, [8, 20, 21]),
        ({20: 10}, []),
        (dict.fromkeys(range(24), 10), []),
        ({}, []),
    ],
)
def test_best_hours(opens, expected):
    assert best_hours(opens, least=30) == expected


def advised(totals, **facts):
    asked = {
        "compared": {}, "tags": {}, "best_hours": [], "published_hour": 12, "promised_left": 0,
        "rules": RULES,
    }  # fmt: skip
    return [hint.advice for hint in advise(totals=totals, **(asked | facts))]


def against(name, value, others):
    return {name: compare(name, value, others)}


MANY = Totals(impressions=400, opens=40)
FEW = Totals(impressions=10)


@pytest.mark.parametrize(
    ("totals", "facts", "expected"),
    [
        (FEW, {"promised_left": 90}, [Advice.WAIT]),
        (FEW, {}, []),
        (MANY, {"compared": against("open_rate", 0.1, [0.2] * 9)}, [Advice.COVER]),
        (MANY, {"compared": against("read_rate", 0.1, [0.2] * 9)}, [Advice.TEXT]),
        (MANY, {"compared": against("engagement_rate", 0.01, [0.2] * 9)}, [Advice.QUESTION]),
        (MANY, {"compared": against("engagement_rate", 0.3, [0.2] * 9)}, [Advice.MORE]),
        # The nearest step first: who does not open cannot read.
        (
            MANY,
            {
                "compared": against("open_rate", 0.1, [0.2] * 9)
                | against("read_rate", 0.1, [0.2] * 9)
            },
            [Advice.COVER],
        ),
        (MANY, {"tags": {"tea": TagVerdict.MISSES, "cup": TagVerdict.KEEP}}, [Advice.TAGS_MISS]),
        (MANY, {"tags": {"life": TagVerdict.BROAD}}, [Advice.TAGS_BROAD]),
        (MANY, {"best_hours": [20, 21], "published_hour": 9}, [Advice.HOURS]),
        # Two hours around midnight are near.
        (MANY, {"best_hours": [23], "published_hour": 1}, []),
    ],
)
def test_advice(totals, facts, expected):
    assert advised(totals, **facts) == expected
