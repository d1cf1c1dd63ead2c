"""Weights, terms and rights, as tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from community.moderation import rules

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("upheld", "dismissed", "expected"),
    [(0, 0, 0.5), (2, 0, 4 / 6), (8, 0, 10 / 12), (0, 8, 2 / 12), (5, 5, 0.5), (96, 0, 0.98)],
)
def test_a_reporter_is_believed_by_their_record(upheld, dismissed, expected):
    assert rules.accuracy(upheld, dismissed) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("accuracies", "expected"),
    [((), 0.0), ((0.5,), 0.5), ((0.5, 0.5), 0.75), ((0.9, 0.1), 0.91),
     ((1 / 6,) * 3, 1 - 125 / 216)],
)  # fmt: skip
def test_several_reporters_are_right_together_more_often(accuracies, expected):
    assert rules.credence(accuracies) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("severity", "credence", "views", "expected"),
    [(1, 0.5, 0, 0.5), (1, 0.5, 9, 1.0), (1, 1.0, 99, 3.0), (3, 0.5, 0, 2.0), (5, 1.0, 999, 64.0)],
)
def test_the_weight_of_a_case(severity, credence, views, expected):
    assert rules.priority(severity, credence, views) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((5, 0.5, 0), (1, 0.5, 100_000)),      # a child in danger before an advert many saw
        ((2, 0.9, 10), (2, 0.2, 10)),          # believed reporters before those who cry wolf
        ((2, 0.5, 1_000), (2, 0.5, 3)),        # of two alike, the one that more people meet
        ((4, 0.5, 0), (3, 0.5, 0)),
    ],
)  # fmt: skip
def test_what_comes_before_what(first, second):
    assert rules.priority(*first) > rules.priority(*second)


@pytest.mark.parametrize(
    ("points", "act", "days"),
    [(0, "warn", None), (1, "warn", None), (2, "suspend", 1), (4, "suspend", 7), (8, "suspend", 30),
     (9, "ban", None), (50, "ban", None)],
)  # fmt: skip
def test_what_strikes_suggest(points, act, days):
    assert rules.suggested(points) == (act, days)


@pytest.mark.parametrize(
    ("kinds", "acts"),
    [
        (["note"], list(rules.ACTS["note"])),
        (["comment"], ["keep", "hide", "warn", "suspend", "ban"]),
        (["person"], ["keep", "warn", "suspend", "ban"]),
        (["note", "person"], ["keep", "warn", "suspend", "ban"]),
        ([], []),
    ],
)
def test_what_may_be_done_to_things_of_several_kinds(kinds, acts):
    assert rules.acts_for(kinds) == acts


def test_every_act_of_the_ladder_and_of_the_rights_exists():
    acts = set(rules.ACTS["note"])
    assert {act for _least, act, _days in rules.LADDER} <= acts
    assert rules.RIGHTS.keys() | rules.STRIKE_POINTS.keys() | rules.USUAL_DAYS.keys() <= acts


@pytest.mark.parametrize(
    ("days", "may"), [(0, True), (19, True), (19.99, True), (20, False), (400, False)]
)
def test_an_appeal_has_twenty_days(days, may):
    assert rules.may_appeal(decided_at=NOW, now=NOW + timedelta(days=days)) is may


@pytest.mark.parametrize(("number", "told"), [(0, 0), (1, None), (4, None), (5, 5), (1_000, 1_000)])
def test_a_few_are_not_told(number, told):
    assert rules.told_count(number) == told


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [(0, 4, None), (0, 5, 0.0), (5, 5, 1.0), (1, 10, None), (9, 10, None), (5, 10, 0.5)],
)
def test_a_share_is_told_where_neither_side_is_a_few(part, whole, told):
    assert rules.told_share(part, whole) == told


@pytest.mark.parametrize(
    ("hours", "told"), [([], None), ([1, 2, 3, 4], None), ([1, 2, 9, 4, 5], 4)]
)
def test_a_median_needs_enough(hours, told):
    assert rules.told_median(hours) == told
