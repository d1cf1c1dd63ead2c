"""Who may bring a campaign from where to where, as a table, and prizes as they are typed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from feeds.campaigns.forms import prizes_typed
from feeds.campaigns.rules import Act, Phase, State, acts_in, phase_at

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("state", "phase", "team", "staff"),
    [
        (State.DRAFT, Phase.COMING, {Act.SUBMIT}, {Act.SUBMIT}),
        (State.SUBMITTED, Phase.COMING, {Act.TAKE_BACK},
         {Act.TAKE_BACK, Act.APPROVE, Act.REFUSE}),
        (State.APPROVED, Phase.COMING, {Act.CANCEL}, {Act.CANCEL}),
        (State.APPROVED, Phase.RUNNING, {Act.CANCEL}, {Act.CANCEL}),
        (State.APPROVED, Phase.OVER, set(), set()),
        (State.REFUSED, Phase.COMING, {Act.SUBMIT}, {Act.SUBMIT}),
        (State.CANCELLED, Phase.RUNNING, set(), set()),
    ],
)  # fmt: skip
def test_what_may_be_done_where(state, phase, team, staff):
    assert set(acts_in(state, phase=phase, staff=False)) == team
    assert set(acts_in(state, phase=phase, staff=True)) == staff


@pytest.mark.parametrize(
    ("starts", "ends", "phase"),
    [
        (1, 2, Phase.COMING), (0, 2, Phase.RUNNING), (-1, 1, Phase.RUNNING), (-2, 0, Phase.OVER),
        (-3, -1, Phase.OVER),
    ],
)  # fmt: skip
def test_a_campaign_is_on_from_its_first_moment_until_its_last(starts, ends, phase):
    assert phase_at(NOW + starts * HOUR, NOW + ends * HOUR, NOW) == phase


@pytest.mark.parametrize(
    ("typed", "prizes"),
    [
        ("", []),
        ("A kettle\n\n  3 × A tea set ", [("A kettle", 1), ("A tea set", 3)]),
        ("2 x Bowls\n10* Cups\n4 * Spoons", [("Bowls", 2), ("Cups", 10), ("Spoons", 4)]),
        ("3 kettles", [("3 kettles", 1)]),
        ("1000 × Nothing", [("1000 × Nothing", 1)]),
        ("0 × Nothing", [("Nothing", 0)]),
    ],
)
def test_prizes_one_a_line(typed, prizes):
    assert prizes_typed(typed) == prizes
